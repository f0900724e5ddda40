"""Keeping events as Parquet: each once, whatever crashes between two lines of this file.

A batch is written beside the archive, moved into its folders, and counts from the moment that `progress.json` says so, which
also holds how far the topics were read: events and positions are committed by one rename. Small parts are merged into
larger ones. DuckDB writes because it has to be there for the questions; a second library would cost more memory than it saves.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import groupby
from pathlib import Path
from types import TracebackType

import duckdb
import orjson

from reporting.layout import COLUMNS, Part, Progress, Unusable, counting, folders, parts
from shared.eventcore.clock import london_date
from shared.eventcore.following import Place
from shared.eventcore.kafka import Stored

SMALL = 4 * 1024 * 1024
"""Bytes below which a part is worth merging."""
MANY = 16
"""So many small parts side by side are merged at once; those of a day that is over, when nothing else is to do."""
MEMORY = "128MB"
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384"
"""A row group stands in memory while it is written."""


class Archive:
    """The archive in `root`, for its one writer. Use it as a context manager: entering raises `Unusable`."""

    def __init__(self, root: Path) -> None:
        self._root, self._staging = root, root / "staging"
        self._days: dict[Path, list[Part]] = {}
        self._progress = Progress(0, {})

    def __enter__(self) -> Archive:
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as broken:
            raise Unusable(
                f"{self._root} cannot be written ({broken.strerror}): repair it or set MOOT_REPORTING."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise Unusable(f"Another process keeps events in {self._root}: there can be one only.") from None
        self._progress = Progress.of(self._root)
        self._recover()
        self._duckdb = duckdb.connect(
            config={
                "threads": 1, "memory_limit": MEMORY, "temp_directory": str(self._staging),
                "autoinstall_known_extensions": False,
            }
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._duckdb.close()
        os.close(self._lock)

    @property
    def places(self) -> dict[str, Place]:
        """How far each context's topic is kept."""
        return deepcopy(self._progress.places)

    @property
    def files(self) -> int:
        return sum(map(len, self._days.values()))

    def _recover(self) -> None:
        """Remove what a crash has left: half-written files, parts of a batch that was never whole, parts merged already."""
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir()
        for folder in folders(self._root):
            found = parts(folder)
            self._days[folder] = counting(found, self._progress.batch)
            for part in set(found).difference(self._days[folder]):
                part.path.unlink()

    def append(self, events: Sequence[Stored], places: Mapping[str, Place]) -> None:
        """Keep these events, and that the topics were read up to `places`; both or neither."""
        batch = self._progress.batch + 1
        rows = self._staging / "rows.ndjson"
        with rows.open("wb") as file:
            file.writelines(map(_row, events))
        fresh = self._staging / "fresh"
        types = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
        self._duckdb.execute(
            f"COPY (SELECT * FROM read_json({_quoted(rows)}, format = 'newline_delimited', columns = {{{types}}}))"
            f" TO {_quoted(fresh)} ({PARQUET}, PARTITION_BY (context, day), FILENAME_PATTERN 'part')"
        )
        moves = []
        for written in sorted(fresh.glob("*/*/*.parquet")):
            folder = self._root / "events" / written.parent.relative_to(fresh)
            moves.append((written, Part.named(folder, batch, batch)))
        _move(moves)
        for _, part in moves:
            self._days.setdefault(part.path.parent, []).append(part)
        shutil.rmtree(fresh)
        rows.unlink()
        self._commit(Progress(batch, deepcopy(dict(places))))

    def _commit(self, progress: Progress) -> None:
        fresh = self._staging / "progress.json"
        fresh.write_bytes(progress.to_json())
        _to_disk(fresh)
        fresh.replace(self._root / "progress.json")
        _to_disk(self._root)
        self._progress = progress

    def merge(self, *, finished_days: bool) -> bool:
        """Merge the small parts of one folder, if that is due somewhere: where there are many, or (`finished_days`) where
        later days have begun. True when something was merged."""
        newest = {folder.parent: folder for folder in sorted(self._days)}
        for folder, of_day in self._days.items():
            if len(of_day) == 1:
                continue
            enough = 2 if finished_days and folder != newest[folder.parent] else MANY
            for run in _small_runs(of_day):
                if len(run) >= enough:
                    self._merge(folder, run)
                    return True
        return False

    def _merge(self, folder: Path, run: list[Part]) -> None:
        merged = self._staging / "merged.parquet"
        sources = ", ".join(_quoted(part.path) for part in run)
        self._duckdb.execute(
            f"COPY (SELECT * FROM read_parquet([{sources}], hive_partitioning = false))"
            f" TO {_quoted(merged)} ({PARQUET})"
        )
        # From the moment it is in place the others no longer count, so it does not matter when they go.
        whole = Part.named(folder, run[0].first, run[-1].last)
        _move([(merged, whole)])
        self._days[folder] = sorted({*self._days[folder], whole} - {*run})
        for part in run:
            part.path.unlink()


def _row(event: Stored) -> bytes:
    """One event with the names of `COLUMNS`, as a line of JSON."""
    by = event.metadata
    row = {
        "context": event.context, "day": london_date(event.recorded_at), "type": event.type, "stream": str(event.stream_id),
        "kind": event.kind, "version": event.version, "shard": event.shard, "position": event.position,
        "authority": event.authority, "occurred_at": event.occurred_at, "recorded_at": event.recorded_at, "actor": by.actor,
        "correlation": by.correlation_id, "causation": by.causation_id, "origin": by.origin, "payload": event.payload,
    }  # fmt: skip
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _small_runs(of_day: Iterable[Part]) -> list[list[Part]]:
    """Small parts without a larger one between them: only these can be merged under one range of batches."""
    sized = groupby(sorted(of_day), key=lambda part: part.path.stat().st_size < SMALL)
    return [list(run) for is_small, run in sized if is_small]


def _move(moves: Sequence[tuple[Path, Part]]) -> None:
    """Put whole files in their places, so that they are there even after the machine has lost power."""
    directories: set[Path] = set()
    for written, part in moves:
        folder = part.path.parent
        folder.mkdir(parents=True, exist_ok=True)
        _to_disk(written)
        written.replace(part.path)
        directories |= {folder, *folder.parents[:3]}  # up to the root: they may be new as well
    for directory in directories:
        _to_disk(directory)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"

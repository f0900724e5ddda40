"""Importing a supply: one gazetteer file, or all volumes of one, from upload to assembled properties.

    with read_supply([upload], refuse=refusals.append) as supply:
        for outcome in supply.properties():
            ...

Entering reads everything and raises FileRefused when a file cannot be trusted, before any outcome is given; refused
rows go to `refuse` one by one. Only then do streets and properties stream out, in bounded memory.
"""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from services.registration.exchange.gazetteer.assembly import (
    Assembly,
    PropertySupplied,
    PropertyWithdrawn,
    Refuse,
    StreetSupplied,
    StreetWithdrawn,
)
from services.registration.exchange.gazetteer.csvfile import CsvVolume
from services.registration.exchange.gazetteer.gmlfile import GmlVolume
from services.registration.exchange.gazetteer.layouts import Format
from services.registration.exchange.gazetteer.opening import LIMITS, MEBIBYTE, Limits, unpacked
from services.registration.exchange.gazetteer.property import NOTHING_KNOWN, KnownGazetteer
from services.registration.exchange.gazetteer.recognise import recognise
from services.registration.exchange.gazetteer.records import Change, Header
from services.registration.exchange.gazetteer.refusals import (
    MISSING_VOLUME,
    MIXED_FORMATS,
    VOLUME_TWICE,
    FileRefused,
    RowRefused,
)
from services.registration.exchange.gazetteer.staging import staging
from shared.events.registration import Gazetteer

Volume = CsvVolume | GmlVolume
Progress = Callable[[int, int], None]
"""Called now and then with the bytes of the uploads read so far, and of all of them."""
PROGRESS_EVERY = 5_000
SOURCES: dict[Format, Gazetteer] = {
    "abp-csv-v1": "addressbase-premium-csv",
    "abp-csv-v2": "addressbase-premium-csv",
    "abp-gml": "addressbase-premium-gml",
    "dtf-7.3": "llpg-dtf-7.3",
}


@dataclass
class Supply:
    """What was read. `refused` counts rows by rule and still grows while outcomes are taken."""

    format: Format
    headers: list[Header]
    rows: int
    mentioned: int
    """Properties that the rows speak of."""
    read_over: Counter[int]
    refused: Counter[str]
    _assembly: Assembly = field(repr=False)

    @property
    def source(self) -> Gazetteer:
        """The format as events name it."""
        return SOURCES[self.format]

    def streets(self) -> Iterator[StreetSupplied | StreetWithdrawn]:
        return self._assembly.streets()

    def properties(self) -> Iterator[PropertySupplied | PropertyWithdrawn]:
        return self._assembly.properties()


@contextmanager
def read_supply(
    uploads: Sequence[IO[bytes]],
    known: KnownGazetteer = NOTHING_KNOWN,
    refuse: Refuse = lambda _: None,
    *,
    limits: Limits = LIMITS,
    encoding: str = "utf-8",
    extract: bool = False,
    progress: Progress = lambda done, total: None,
    directory: Path | None = None,
) -> Iterator[Supply]:
    """Read all volumes of one supply (seekable binary files, any order). Raises FileRefused.

    `encoding` is declared by whoever sends the file, `utf-8` or `cp1252`; XML declares its own. `extract` allows a file
    that somebody cut from a larger one. `directory` takes the temporary file, about the size of the plain supply.
    """
    refused: Counter[str] = Counter()

    def count(row: RowRefused) -> None:
        refused[row.rule.name] += 1
        refuse(row)

    if not uploads:
        raise ValueError("a supply has at least one file")
    sizes = [upload.seek(0, os.SEEK_END) for upload in uploads]
    volumes: list[Volume] = []
    with staging(directory) as staged:
        for position, upload in enumerate(uploads):
            tick = partial(_report, progress, upload, sum(sizes[:position]), sum(sizes))
            with unpacked(upload, limits) as plain:
                volume = _open(plain, position + 1, encoding, extract)
                if volumes and volume.format != volumes[0].format:
                    raise FileRefused(MIXED_FORMATS, f"{volumes[0].format} and {volume.format}.")
                staged.add(_good(volume, {v.number for v in volumes}, count, tick))
                volumes.append(volume)
        progress(sum(sizes), sum(sizes))
        if not extract:
            _refuse_missing_volumes(volumes)
        yield Supply(
            format=volumes[0].format,
            headers=[v.header for v in volumes if v.header is not None],
            rows=sum(v.rows for v in volumes),
            mentioned=staged.count_properties(),
            read_over=sum((v.read_over for v in volumes), Counter()),
            refused=refused,
            _assembly=Assembly(staged, known, count, whole=all(v.whole for v in volumes)),
        )


def _open(plain: io.BufferedReader, number: int, encoding: str, extract: bool) -> Volume:
    form = recognise(plain.peek(MEBIBYTE))
    return GmlVolume(plain, number) if form == "abp-gml" else CsvVolume(plain, form, number, encoding, extract)


def _report(progress: Progress, upload: IO[bytes], before: int, total: int) -> None:
    progress(before + upload.tell(), total)


def _good(volume: Volume, earlier: set[int], refuse: Refuse, tick: Callable[[], None]) -> Iterator[Change]:
    """The good rows of a volume; the others are refused on the way."""
    for row, change in enumerate(volume.changes()):
        if volume.number in earlier:
            raise FileRefused(VOLUME_TWICE, f"Volume {volume.number}.")
        if row % PROGRESS_EVERY == 0:
            tick()
        if isinstance(change, Change):
            yield change
        else:
            refuse(change)


def _refuse_missing_volumes(volumes: Sequence[Volume]) -> None:
    """Each trailer names the next volume, the last one 0. Files without a trailer are not part of a chain."""
    chain = sorted((v.number, v.next_volume) for v in volumes if v.next_volume is not None)
    numbers = [number for number, _ in chain]
    for (number, following), found in zip(chain, [*numbers[1:], 0], strict=bool(chain)):
        if following != found:
            raise FileRefused(MISSING_VOLUME, f"Volume {number} is followed by {following or 'none'}.")

"""`moot backup`: save every context's database as of one cut, while the services go on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deploy.backup.archives import dump
from deploy.backup.cut import Snapshot, consistent_cut
from deploy.backup.manifest import Manifest, Saved, hash_of, recognise_keys
from deploy.backup.standing import standing_of
from deploy.local.process import CannotRun


@dataclass(frozen=True, slots=True)
class Source:
    """Where one context's database (its owner's URL) and its keys are."""

    url: str
    keys: Path


async def take_backup(
    sources: Mapping[str, Source],
    into: Path,
    now: datetime,
    *,
    keys_into: Path | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Manifest:
    """Fill the new directory `into`, and `keys_into` if it is given; `advance` hears of each context that is done.

    Raises `CannotRun`; a directory that was not finished is removed.
    """
    made = [directory for directory in (into, keys_into) if directory is not None]
    _refuse_together(into, keys_into)
    for directory in made:
        _refuse_filled(directory)
    try:
        for directory in made:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if keys_into is not None:
            for context, source in sources.items():
                copy_keys(source.keys, keys_into / context)
        async with consistent_cut({context: source.url for context, source in sources.items()}) as cut:
            major = next(iter(cut.values())).conn.get_server_version().major
            saved = {}
            for context, snapshot in cut.items():
                saved[context] = await _save(context, sources[context], snapshot, into, major)
                advance()
        manifest = Manifest(now.isoformat(), major, saved)
        manifest.write(into)
    except BaseException:
        for directory in made:
            shutil.rmtree(directory, ignore_errors=True)
        raise
    return manifest


def copy_keys(source: Path, target: Path) -> None:
    """The key files of one context, for their owner's eyes only."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(source.glob("*.key")):
        copy = target / path.name
        copy.touch(mode=0o600)
        copy.write_bytes(path.read_bytes())


async def _save(context: str, source: Source, snapshot: Snapshot, into: Path, major: int) -> Saved:
    archive = into / f"{context}.dump"
    archive.touch(mode=0o600)
    _, standing = await asyncio.gather(
        asyncio.to_thread(dump, source.url, snapshot.name, archive, major), standing_of(snapshot.conn)
    )
    found = await asyncio.to_thread(hash_of, archive)
    return Saved(archive.name, found, archive.stat().st_size, standing, recognise_keys(source.keys))


def _refuse_together(into: Path, keys_into: Path | None) -> None:
    if keys_into is None:
        return
    a, b = into.resolve(), keys_into.resolve()
    if a == b or a in b.parents or b in a.parents:
        raise CannotRun(
            f"{keys_into} and {into} are one place: whoever finds both can read everything, and nobody erased stays erased."
            " Keep the keys apart."
        )


def _refuse_filled(directory: Path) -> None:
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CannotRun(f"{directory} is not empty: a backup is never written over another.")

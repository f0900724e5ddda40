"""Export a store's whole history, sealed as it is, for somebody else to verify (`shared.eventcore.verify`)."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from shared.eventcore.hashing import instant
from shared.eventcore.verify import FORMAT

if TYPE_CHECKING:
    from asyncpg import Record

    from shared.eventcore.checkpoints import Conn

EVENTS = """SELECT position, type, stream_id, version, shard, authority, occurred_at, recorded_at,
                   payload::text AS payload, metadata::text AS metadata, content_hash
            FROM event ORDER BY position"""
SEALS = "SELECT up_to, seal, leaves FROM seal ORDER BY number"


async def export_bundle(conn: Conn, path: Path, store: str, now: datetime) -> int:
    """Write a bundle (gzipped JSON lines) as at one instant; returns how many events it holds.

    Streams both tables, so memory does not grow with the history. The file appears under its name when it is complete.
    Every personal value in it is sealed.
    """
    unfinished = path.with_name(path.name + ".part")
    try:
        with gzip.open(unfinished, "wt", compresslevel=6, encoding="ascii") as file:
            _write(file, {"bundle": FORMAT, "store": store, "exported_at": instant(now)})
            async with conn.transaction(isolation="repeatable_read", readonly=True):
                events = await _export(conn, file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return events


async def _export(conn: Conn, file: IO[str]) -> int:
    exported = 0
    seals = _stream(conn, SEALS)
    seal = await anext(seals, None)
    async for row in _stream(conn, EVENTS):
        while seal is not None and seal["up_to"] < row["position"]:
            _write_seal(file, seal)
            seal = await anext(seals, None)
        _write(file, {"event": _exported(row)})
        exported += 1
    while seal is not None:
        _write_seal(file, seal)
        seal = await anext(seals, None)
    return exported


async def _stream(conn: Conn, query: str) -> AsyncIterator[Record]:
    async for row in conn.cursor(query, prefetch=500):
        yield row


def _exported(row: Record) -> dict[str, str | int]:
    return {
        "position": row["position"],
        "type": row["type"],
        "stream_id": str(row["stream_id"]),
        "version": row["version"],
        "shard": row["shard"],
        "authority": row["authority"],
        "occurred_at": instant(row["occurred_at"]),
        "recorded_at": instant(row["recorded_at"]),
        "payload": row["payload"],
        "metadata": row["metadata"],
        "hash": row["content_hash"].hex(),
    }


def _write_seal(file: IO[str], row: Record) -> None:
    _write(file, {"seal": row["seal"], "leaves": b64encode(row["leaves"]).decode()})


def _write(file: IO[str], line: Mapping[str, object]) -> None:
    file.write(json.dumps(line, separators=(",", ":")) + "\n")

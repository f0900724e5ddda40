"""One instant of five databases: snapshots such that nothing was received before it was sent.

Each service has a database of its own, so no transaction spans two of them. A cut is consistent when every event that a
reader has applied stands in the snapshot of the store that it came from; then a restored reader never knows more than
the restored store. Readers are milliseconds behind their sources, so snapshots that are taken together nearly always
are; if not, they are taken again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from deploy.local.process import CannotRun
from shared.eventcore.recording import SHARDS

ATTEMPTS = 50
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one context's store goes, and how far its readers have come in every source: positions by shard."""

    stored: Mapping[int, int]
    read: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database as of the cut. `conn` is in the read-only transaction that holds it; `name` lets others join."""

    conn: asyncpg.Connection[Any]
    name: str
    reached: Reached


def ahead_of_their_sources(cut: Mapping[str, Reached]) -> list[str]:
    """The contexts with a reader that knows an event of which the cut has not the store."""
    return sorted(
        context
        for context, reached in cut.items()
        if any(
            position > cut[source].stored.get(shard, 0)
            for source, positions in reached.read.items()
            if source in cut
            for shard, position in positions.items()
        )
    )


@asynccontextmanager
async def consistent_cut(urls: Mapping[str, str]) -> AsyncIterator[dict[str, Snapshot]]:
    """Snapshots of the databases at `urls` (by context, the owners'). Nobody is held up. Raises `CannotRun`."""
    async with AsyncExitStack() as opened:
        connections: dict[str, asyncpg.Connection[Any]] = {}
        for context, url in urls.items():
            connections[context] = await asyncpg.connect(url, timeout=10)
            opened.push_async_callback(connections[context].close)
        for _ in range(ATTEMPTS):
            taken = await asyncio.gather(*(_snapshot(conn) for conn in connections.values()))
            cut = dict(zip(connections, taken, strict=True))
            late = ahead_of_their_sources({context: snapshot.reached for context, snapshot in cut.items()})
            if not late:
                yield cut
                return
            await asyncio.gather(*(conn.execute("ROLLBACK") for conn in connections.values()))
            await asyncio.sleep(PAUSE)
    raise CannotRun(
        f"The readers of {', '.join(late)} were always ahead of what could be saved of their sources: try again."
    )


async def _snapshot(conn: asyncpg.Connection[Any]) -> Snapshot:
    await conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    name = await conn.fetchval("SELECT pg_export_snapshot()")  # the snapshot is taken here
    stored = await conn.fetch(
        "SELECT shard, (SELECT max(position) FROM event e WHERE e.shard = s.shard) AS position"
        " FROM generate_series(0, $1 - 1) s (shard)",
        SHARDS,
    )
    read = await conn.fetch("SELECT source, shard, max(position) AS position FROM checkpoint GROUP BY source, shard")
    by_source: dict[str, dict[int, int]] = {}
    for row in read:
        by_source.setdefault(row["source"], {})[row["shard"]] = row["position"]
    return Snapshot(conn, name, Reached({r["shard"]: r["position"] or 0 for r in stored}, by_source))

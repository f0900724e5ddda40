"""Rebuilding a view beside the live one: fill, prove, swap in one transaction, keep the old one for rollback.

    <view>            what queries read and the worker writes
    <view>__next      being filled from the store, with positions of its own
    <view>__previous  what stood before the last swap

Schemas and positions are renamed together, so that readers never see half of either. While the swap holds the live
positions' rows, the worker waits; it goes on from the new ones.

Events of the view's own service come from its store; those of others from their topics, read again from the first record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from shared.eventcore.applying import apply
from shared.eventcore.checkpoints import Conn, load_positions, lock_positions
from shared.eventcore.filling import Crew, Filling, RebuildStopped, fill, fill_by, stopped
from shared.eventcore.opening import Opener
from shared.eventcore.projection import View, ddl, later_indexes, table_of
from shared.eventcore.recording import SHARDS
from shared.eventcore.replay import Replay, TopicIncomplete, Topics
from shared.eventcore.store import read
from shared.eventcore.views import ViewReader

log = structlog.get_logger()
BATCH = 2000
Progress = Callable[[int, int], None]
"""Called with events done and events in all."""


class TopicsNeeded(Exception):
    """A view on other services' events cannot be rebuilt from its own store."""

    def __init__(self, view: str, sources: Sequence[str]) -> None:
        super().__init__(
            f"{view} reads events of {', '.join(sources)}, which only their topics hold: rebuild it with Kafka at hand"
        )


class ViewsDiffer(Exception):
    """The rebuilt view of the same version holds other rows than the live one. Nothing was swapped."""

    def __init__(self, view: str, differences: dict[str, int]) -> None:
        told = ", ".join(f"{table}: {n} rows differ" for table, n in differences.items())
        super().__init__(f"{view} was not swapped: {told}. Look at {view}__next, then swap with accept_difference.")
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Rebuilt:
    view: str
    version: int
    events: int
    equal: bool
    """Every row of every table the same as live; always false when the version changed."""
    differences: dict[str, int]


async def rebuild(
    pool: asyncpg.Pool[Any],
    context: str,
    view: View,
    opener: Opener,
    now: Callable[[], datetime],
    *,
    topics: Topics | None = None,
    workers: int = 4,
    crew: Crew | None = None,
    accept_difference: bool = False,
    progress: Progress = lambda done, total: None,
) -> Rebuilt:
    """Build `view` anew from the store, and from the `topics` of other services that it reads, and put it in place.

    The store is read by `workers` tasks of this process, or by a `crew` of others: worth their start from some 100,000 events.
    Raises `RebuildStopped`, `TopicsNeeded`, `ViewsDiffer`.
    """
    foreign = sorted(view.sources - {context, "core"})
    fresh = ViewReader(view, f"{view.name}__next")
    async with AsyncExitStack() as opened:
        if foreign and topics is None:
            raise TopicsNeeded(view.name, foreign)
        replays = [await opened.enter_async_context(topics(source)) for source in foreign] if topics else []
        async with pool.acquire() as conn, conn.transaction():
            await _drop(conn, fresh.schema)
            for statement in ddl(view, fresh.schema):
                await conn.execute(statement)
        events = await _fill(pool, context, fresh, opener, workers, crew, progress)
        for replay in replays:
            async with pool.acquire() as conn:
                live_at = await load_positions(conn, view.consumer, replay.source)
                events += await _follow(conn, fresh, replay, live_at, opener, now)
        async with pool.acquire() as conn, conn.transaction():
            # The live worker commits positions under these locks; from here to the swap it waits.
            everywhere = list(range(SHARDS))
            live_at = await lock_positions(conn, view.consumer, context, everywhere)
            events += await _level(conn, context, fresh, live_at, opener, now)
            for replay in replays:
                live_at = await lock_positions(conn, view.consumer, replay.source, everywhere)
                events += await _follow(conn, fresh, replay, live_at, opener, now)
            standing = await conn.fetchval("SELECT version FROM view_version WHERE name = $1 FOR UPDATE", view.name)
            differences = await compare(conn, view, view.name, fresh.schema) if standing == view.version else {}
            if differences and not accept_difference:
                raise ViewsDiffer(view.name, differences)
            await _swap(conn, view.name, f"{view.name}__next", f"{view.name}__previous")
            await conn.execute(
                "INSERT INTO view_version VALUES ($1, $2, NULL, $3) ON CONFLICT (name)"
                " DO UPDATE SET previous = view_version.version, version = excluded.version, built_at = excluded.built_at",
                view.name, view.version, now(),
            )  # fmt: skip
    log.info("view.rebuilt", view=view.name, version=view.version, events=events)
    return Rebuilt(view.name, view.version, events, standing == view.version and not differences, differences)


async def rollback(pool: asyncpg.Pool[Any], view: str) -> int:
    """Put the previous tables and positions back at once; the worker catches up from there. Answers the version now live."""
    async with pool.acquire() as conn, conn.transaction():
        previous = await conn.fetchval("SELECT previous FROM view_version WHERE name = $1 FOR UPDATE", view)
        if previous is None:
            raise LookupError(f"{view} has no previous tables to go back to")
        await conn.execute("SELECT 1 FROM checkpoint WHERE consumer = $1 FOR UPDATE", f"view:{view}")
        await _swap(conn, view, f"{view}__previous", f"{view}__next")
        await conn.execute("UPDATE view_version SET version = previous, previous = NULL WHERE name = $1", view)
        return int(previous)


async def compare(conn: Conn, view: View, left: str, right: str) -> dict[str, int]:
    """Rows that stand in only one of the two, by table; empty when they are equal."""
    out = {}
    for model in view.tables:
        a, b = f'"{left}"."{table_of(model).name}"', f'"{right}"."{table_of(model).name}"'
        differing = await conn.fetchval(
            f"SELECT count(*) FROM ((TABLE {a} EXCEPT ALL TABLE {b}) UNION ALL (TABLE {b} EXCEPT ALL TABLE {a})) d"
        )
        if differing:
            out[table_of(model).name] = differing
    return out


async def _fill(
    pool: asyncpg.Pool[Any],
    context: str,
    reader: ViewReader,
    opener: Opener,
    workers: int,
    crew: Crew | None,
    progress: Progress,
) -> int:
    """Apply the whole store up to a line that is drawn now, then make the indexes."""
    line = int(await pool.fetchval("SELECT event_horizon()"))
    total = int(
        await pool.fetchval(
            "SELECT count(*) FROM event WHERE position <= $1 AND type = ANY($2)", line, list(reader.view.handlers)
        )
    )
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        progress(done, total)

    filling = Filling(context, reader.view, reader.schema, line)
    events = await (fill_by(crew, filling, told) if crew else fill(pool, filling, opener, workers, told))
    for statement in later_indexes(reader.view, reader.schema):
        await pool.execute(statement)
    progress(done, total)
    return events


async def _level(
    conn: Conn, context: str, reader: ViewReader, live_at: dict[int, int], opener: Opener, now: Callable[[], datetime]
) -> int:
    """Bring the new tables to just where the live ones stand, shard by shard, so that the two can be compared."""
    at = await lock_positions(conn, reader.consumer, context, list(live_at))
    done = 0
    after = min(at.values())
    while events := await read(conn, context, after=after, limit=BATCH):
        due = [e for e in events if e.position <= live_at[e.shard]]
        done += (await apply(conn, reader, context, due, opener, now)).events
        await _nothing_parked(conn, reader)
        after = events[-1].position
    return done


async def _follow(
    conn: Conn,
    reader: ViewReader,
    replay: Replay,
    live_at: Mapping[int, int],
    opener: Opener,
    now: Callable[[], datetime],
) -> int:
    """Apply another service's events up to where the live tables stand, and none beyond."""
    done = 0
    try:
        async for events in replay.until(live_at):
            done += (await apply(conn, reader, replay.source, events, opener, now)).events
            await _nothing_parked(conn, reader)
    except TopicIncomplete as incomplete:
        raise RebuildStopped(f"{reader.view.name}: {incomplete}") from None
    return done


async def _nothing_parked(conn: Conn, reader: ViewReader) -> None:
    row = await conn.fetchrow(
        "SELECT stream_id, position, type, problem FROM parked WHERE consumer = $1 AND problem <> '' LIMIT 1",
        reader.consumer,
    )
    if row is not None:
        raise stopped(reader.view.name, row["type"], row["position"], row["stream_id"], row["problem"])


async def _swap(conn: Conn, live: str, incoming: str, outgoing: str) -> None:
    await _drop(conn, outgoing)
    await conn.execute(f'ALTER SCHEMA "{live}" RENAME TO "{outgoing}"')
    await conn.execute(f'ALTER SCHEMA "{incoming}" RENAME TO "{live}"')
    await conn.execute("UPDATE checkpoint SET consumer = $2 WHERE consumer = $1", f"view:{live}", f"view:{outgoing}")
    await conn.execute("UPDATE checkpoint SET consumer = $2 WHERE consumer = $1", f"view:{incoming}", f"view:{live}")
    await conn.execute(
        "DELETE FROM parked WHERE consumer = $1", f"view:{live}"
    )  # the new tables hold what was parked, too


async def _drop(conn: Conn, schema: str) -> None:
    await conn.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    for table in ("checkpoint", "parked"):
        await conn.execute(f"DELETE FROM {table} WHERE consumer = $1", f"view:{schema}")

"""The writer lease (ADR 0002): readers lose nothing while writers race, dawdle and roll back. Without it, they do."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest_asyncio

from shared.eventcore.testing.core import Core, event_core

WRITERS, ROUNDS = 24, 25

WRITE_SLOWLY = """
    INSERT INTO event SELECT p, 0, gen_random_uuid(), 1, 't', 'E07000999', '{}', '{}', now(), now(), ''
    FROM (SELECT nextval('event_position') AS p) drawn RETURNING position
"""


@pytest_asyncio.fixture
async def core(database: str) -> AsyncIterator[Core]:
    async with event_core(database) as opened:
        yield opened


async def write(url: str, seed: int, lease: bool, kept: list[int]) -> None:
    """One writer: draw a position, dawdle, commit or roll back; now and then several events."""
    rng = random.Random(seed)
    conn = await asyncpg.connect(url)
    try:
        for _ in range(ROUNDS):
            tx = conn.transaction()
            await tx.start()
            if lease:
                await conn.execute("SELECT take_lease()")
                await asyncio.sleep(rng.random() * 0.003)  # between the lease and the draw, too
            drawn = []
            for _ in range(rng.choice((1, 1, 3))):
                drawn.append(await conn.fetchval(WRITE_SLOWLY))
                await asyncio.sleep(rng.random() * 0.004)
            if rng.random() < 0.2:
                await tx.rollback()
            else:
                await tx.commit()
                kept += drawn
    finally:
        await conn.close()


async def race(core: Core, *, lease: bool, read: Callable[[int], Awaitable[list[int]]]) -> tuple[set[int], set[int]]:
    """All writers against one reader that remembers only how far it has come. Answers `(kept, seen)`."""
    kept: list[int] = []
    seen: list[int] = []
    done = asyncio.Event()

    async def reader() -> None:
        at = 0
        while True:
            last = done.is_set()
            found = await read(at)
            seen.extend(found)
            at = found[-1] if found else at
            if last and not found:
                return
            await asyncio.sleep(0.001)

    reading = asyncio.create_task(reader())
    await asyncio.gather(*(write(core.url, i, lease, kept) for i in range(WRITERS)))
    done.set()
    await reading
    assert seen == sorted(set(seen)), "read in order, each once"
    return set(kept), set(seen)


async def test_no_event_is_lost_to_a_reader_that_follows_the_horizon(core: Core):
    async def read(after: int) -> list[int]:
        return [r["position"] for r in await horizon_rows(core.pool, after)]

    kept, seen = await race(core, lease=True, read=read)
    assert len(kept) > WRITERS * ROUNDS // 2
    assert seen == kept


async def test_a_reader_that_trusts_the_sequence_loses_events(core: Core):
    """Shows that the test above can fail: the same race, read by `position > n` alone."""

    async def read(after: int) -> list[int]:
        rows = await core.pool.fetch("SELECT position FROM event WHERE position > $1 ORDER BY position", after)
        return [r["position"] for r in rows]

    kept, seen = await race(core, lease=False, read=read)
    assert kept - seen


async def test_an_idle_open_lease_holds_the_line_and_nothing_above_it_is_read_early(core: Core):
    await core.pin("one")
    blocker = await asyncpg.connect(core.url)
    tx = blocker.transaction()
    await tx.start()
    await blocker.execute("SELECT take_lease()")
    await core.pin("two")  # writers do not wait for each other …
    assert len(await core.store.read(after=0)) == 1  # … readers wait for the slowest
    await tx.rollback()
    await blocker.close()
    assert len(await core.store.read(after=0)) == 2


async def horizon_rows(pool: asyncpg.Pool[Any], after: int) -> list[asyncpg.Record]:
    async with pool.acquire() as conn:
        horizon = await conn.fetchval("SELECT event_horizon()")
        return await conn.fetch(
            "SELECT position FROM event WHERE position > $1 AND position <= $2 ORDER BY position", after, horizon
        )

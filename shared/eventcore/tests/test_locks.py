"""A session lock never outlasts the work it was taken for, though connections go back to their pool as they are."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import asyncpg
import pytest

from shared.eventcore.locks import locking
from shared.eventcore.store import as_it_is

HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"


@pytest.fixture
async def pool(database: str):
    async with asyncpg.create_pool(database, min_size=1, max_size=1, reset=as_it_is) as opened:
        yield opened


async def held(database: str) -> int:
    conn = await asyncpg.connect(database)
    try:
        for _ in range(50):  # the server notices an ended session a moment later
            if not (found := await conn.fetchval(HELD)):
                return 0
            await asyncio.sleep(0.05)
        return int(found)
    finally:
        await conn.close()


async def test_a_failure_gives_the_lock_back(pool, database: str):
    async def work() -> None:
        async with locking(pool) as conn:
            await conn.fetchval("SELECT pg_try_advisory_lock(7)")
            raise KeyError

    with pytest.raises(KeyError):
        await work()
    assert await held(database) == 0


async def test_a_caller_cancelled_while_it_takes_the_lock_leaves_none_behind(pool, database: str):
    async def work() -> None:
        async with locking(pool) as conn:
            await conn.fetch("SELECT pg_try_advisory_lock(7), pg_sleep(5)")

    working = asyncio.create_task(work())
    await asyncio.sleep(0.2)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert await held(database) == 0


async def test_where_the_lock_cannot_be_given_back_the_session_ends(pool, database: str):
    async def work() -> None:
        async with locking(pool) as conn:
            await conn.fetchval("SELECT pg_try_advisory_lock(7)")
            await conn.execute("BEGIN")
            with suppress(asyncpg.PostgresError):
                await conn.execute("SELECT 1/0")  # from here on the session refuses every statement

    with pytest.raises(asyncpg.PostgresError):
        await work()
    assert await held(database) == 0

"""Names of officers: who is known, and what a copy of the database says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from desk.colleagues import LOOKED_UP_EVERY, Colleagues
from desk.sessions import Sealing

ADA = str(uuid4())
KEY = b"k" * 32


class Watch:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as pool:
        await Colleagues(pool, Sealing(KEY)).prepare()
        yield pool


async def test_whoever_signs_in_is_known_by_name_and_by_their_latest_name(pool: asyncpg.Pool):
    colleagues = Colleagues(pool, Sealing(KEY))
    await colleagues.note(ADA, "Ada Marsh")
    assert await colleagues.names() == {ADA: "Ada Marsh"}
    await colleagues.note(ADA, "Ada Quillan")
    assert await colleagues.names() == {ADA: "Ada Quillan"}


async def test_another_replica_knows_the_name_a_minute_later(pool: asyncpg.Pool):
    watch = Watch()
    elsewhere = Colleagues(pool, Sealing(KEY), watch)
    assert await elsewhere.names() == {}
    await Colleagues(pool, Sealing(KEY)).note(ADA, "Ada Marsh")
    assert await elsewhere.names() == {}, "it looks once a minute"
    watch.now += LOOKED_UP_EVERY + timedelta(seconds=1)
    assert await elsewhere.names() == {ADA: "Ada Marsh"}


async def test_a_copy_of_the_table_names_nobody(pool: asyncpg.Pool):
    await Colleagues(pool, Sealing(KEY)).note(ADA, "Ada Marsh")
    assert b"Marsh" not in await pool.fetchval("SELECT sealed FROM colleague")
    assert await Colleagues(pool, Sealing(b"x" * 32)).names() == {}

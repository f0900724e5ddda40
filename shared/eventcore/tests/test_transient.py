"""What is not an event's fault parks no event: it is tried again when the store is back, has room, or is less contended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.eventcore.applying import apply
from shared.eventcore.checkpoints import Conn, load_positions
from shared.eventcore.errors import StoreUnavailable, VersionConflict
from shared.eventcore.recording import Recorded
from shared.eventcore.testing.core import Core, event_core


@pytest_asyncio.fixture
async def core(database: str) -> AsyncIterator[Core]:
    async with event_core(database) as opened:
        yield opened


class Hindered:
    """A reader that cannot do its work, until it can."""

    consumer = "policy:hindered"

    def __init__(self, by: Exception) -> None:
        self.by: Exception | None = by
        self.handled = 0

    def wants(self, wire: str) -> bool:
        return True

    async def handle(self, conn: Conn, events: Sequence[Recorded[Any]]) -> None:
        if self.by is not None:
            raise self.by
        self.handled += len(events)


@pytest.mark.parametrize(
    "hindrance", [StoreUnavailable(), VersionConflict(uuid4(), 1, 2), asyncpg.DiskFullError("no space left")], ids=repr
)
async def test_a_reader_that_is_hindered_parks_nothing_and_goes_on_later(core: Core, hindrance: Exception):
    await core.pin("pump")
    events = await core.store.read(after=0)
    reader = Hindered(hindrance)
    async with core.pool.acquire() as conn:
        with pytest.raises(type(hindrance)):
            await apply(conn, reader, core.context, events, core.opener, core.clock)
        assert await conn.fetchval("SELECT count(*) FROM parked") == 0
        assert not await load_positions(conn, reader.consumer, core.context)
        reader.by = None
        await apply(conn, reader, core.context, events, core.opener, core.clock)
    assert reader.handled == 1

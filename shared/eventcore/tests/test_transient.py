"""What is not an event's fault parks no event: it is tried again when the store is back, has room, or is less contended."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.eventcore.applying import apply, is_transient
from shared.eventcore.checkpoints import Conn, load_positions
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.errors import ForeignStream, StoreUnavailable, VersionConflict
from shared.eventcore.policy import Do, PolicyReader, policy
from shared.eventcore.recording import Recorded
from shared.eventcore.testing.core import AUTHORITY, Core, by, event_core
from shared.eventcore.testing.toys import TOYS, Initial, NoticePinned, Pin, notices

STREAM = UUID("018f3f2e-0000-7000-8000-000000000001")
"""One and the same in every process of the test run: the names of tests are made of it."""


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
    "hindrance", [StoreUnavailable(), VersionConflict(STREAM, 1, 2), asyncpg.DiskFullError("no space left")], ids=repr
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


@pytest.mark.parametrize(
    "problem",
    [
        ConnectionResetError(), TimeoutError(), socket.gaierror(), OSError(errno.EHOSTUNREACH, "no route"),
        OSError("Multiple exceptions: [Errno 111] Connect call failed"), asyncpg.InterfaceError("connection is closed"),
        asyncpg.ConnectionDoesNotExistError(), asyncpg.AdminShutdownError(), asyncpg.DeadlockDetectedError(),
    ],
    ids=repr,
)  # fmt: skip
def test_a_store_that_is_away_is_no_fault_of_the_event(problem: Exception):
    assert is_transient(problem)


@pytest.mark.parametrize(
    "problem",
    [
        asyncpg.DataError("invalid input for query argument $1: 99999999999 (value out of int32 range)"),
        asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
        FileNotFoundError(errno.ENOENT, "no template"), PermissionError(errno.EACCES, "not yours"), ForeignStream(STREAM),
    ],
    ids=repr,
)  # fmt: skip
async def test_what_will_be_the_same_next_time_is_parked_and_holds_nobody_up(core: Core, problem: Exception):
    await core.pin("pump")
    reader = Hindered(problem)
    async with core.pool.acquire() as conn:
        await apply(conn, reader, core.context, await core.store.read(after=0), core.opener, core.clock)
        assert await conn.fetchval("SELECT count(*) FROM parked WHERE consumer = $1", reader.consumer) == 1


async def test_a_policy_that_means_another_councils_stream_parks_its_event(core: Core):
    """It used to be tried again for ever, as if somebody had been quicker, and nothing else of the role went on."""
    theirs = uuid4()
    pin = Pin(uuid4(), "words", "elsewhere", date(2026, 5, 7))
    await core.execute(notices, theirs, pin, by=by(authority="W06000023"))

    @policy("when_notice_pinned_then_another_is_pinned", on=[NoticePinned], registry=TOYS)
    def copies(event):
        yield Do(notices, theirs, Pin(uuid4(), "words", "a third place", date(2026, 5, 7)))

    await core.pin("pump")
    events = [event for event in await core.store.read(after=0) if event.authority == AUTHORITY]
    reader = PolicyReader(copies, core.execute, core.opener, Deadlines())
    async with core.pool.acquire() as conn:
        await apply(conn, reader, core.context, events, core.opener, core.clock)
        assert "ForeignStream" in await conn.fetchval("SELECT problem FROM parked WHERE consumer = $1", reader.consumer)


async def test_a_stream_of_another_kind_or_council_is_not_found(core: Core):
    pinned = await core.pin("pump")
    pin = Pin(uuid4(), "words", "elsewhere", date(2026, 5, 7))
    with pytest.raises(ForeignStream):
        await core.execute(notices, pinned.stream_id, pin, by=by(authority="W06000023"))
    with pytest.raises(ForeignStream):
        await core.execute(replace(notices, kind="letter"), pinned.stream_id, Initial("a"), by=by())

"""Readers who want nothing of some events move behind them together, and never over something they missed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest_asyncio

from shared.eventcore.applying import runs
from shared.eventcore.checkpoints import Conn, load_positions, pass_by, save_positions
from shared.eventcore.kafka import Stored
from shared.eventcore.testing.core import AUTHORITY, by, event_core

AT = datetime(2026, 5, 7, tzinfo=UTC)


def record(shard: int, previous: int, position: int) -> Stored:
    return Stored(
        "here", position, shard, uuid4(), "notice", 1, "pinned", AUTHORITY, "{}", by(), AT, AT, b"", previous
    )  # fmt: skip


@pytest_asyncio.fixture
async def conn(database: str) -> AsyncIterator[Conn]:
    async with event_core(database) as core, core.pool.acquire() as opened:
        yield opened


def test_a_run_goes_from_before_the_first_event_of_a_shard_to_its_last():
    assert runs([record(1, 0, 4), record(2, 7, 9), record(1, 4, 11)]) == {1: (0, 11), 2: (7, 9)}


def test_a_shard_that_was_sent_again_from_an_earlier_place_is_one_run():
    assert runs([record(1, 4, 11), record(1, 0, 4), record(1, 4, 11), record(1, 11, 12)]) == {1: (4, 12)}


def test_there_is_no_run_over_an_event_that_is_missing():
    assert runs([record(1, 0, 4), record(1, 6, 11)]) is None


async def test_who_stands_before_the_events_or_among_them_stands_behind_them_afterwards(conn: Conn):
    await save_positions(conn, "level", "here", {1: 4, 2: 7})
    await save_positions(conn, "among", "here", {1: 9, 2: 7})
    assert await pass_by(conn, ["level", "among"], "here", {1: (4, 11), 2: (7, 9)}) == {"level", "among"}
    for consumer in ("level", "among"):
        assert await load_positions(conn, consumer, "here") == {1: 11, 2: 9}


async def test_who_missed_an_event_before_them_or_is_new_stays_and_is_not_among_the_answer(conn: Conn):
    await save_positions(conn, "behind", "here", {1: 3, 2: 7})
    assert await pass_by(conn, ["behind", "new"], "here", {1: (4, 11), 2: (7, 9)}) == frozenset()
    assert await load_positions(conn, "behind", "here") == {1: 3, 2: 9}
    assert await load_positions(conn, "new", "here") == {}


async def test_nobody_moves_back_and_other_sources_stay(conn: Conn):
    await save_positions(conn, "ahead", "here", {1: 20})
    await save_positions(conn, "ahead", "there", {1: 5})
    assert await pass_by(conn, ["ahead"], "here", {1: (4, 11)}) == {"ahead"}
    assert await load_positions(conn, "ahead", "here") == {1: 20}
    assert await load_positions(conn, "ahead", "there") == {1: 5}

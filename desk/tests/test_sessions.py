"""Sessions: how they end, and what a copy of the database is worth."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from desk.sessions import Sealing, Session, Sessions, Tokens

KEY = b"k" * 32
NEW = Session("", "Ada", frozenset({"ero-deputy"}), ("E07000999",), "E07000999", Tokens("a", "r", "i", 0.0), "")


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as pool:
        yield pool


@pytest.fixture
async def sessions(pool: asyncpg.Pool, watch: Watch) -> Sessions:
    kept = Sessions(pool, Sealing(KEY), idle=timedelta(minutes=30), longest=timedelta(hours=10), now=watch)
    await kept.prepare()
    return kept


async def begun(sessions: Sessions, sign_in: str = "s", officer: str = "o") -> str:
    return (await sessions.begin(NEW, sign_in=sign_in, officer=officer)).number


async def test_a_session_ends_when_nobody_uses_it(sessions: Sessions, watch: Watch):
    number = await begun(sessions)
    watch.now += timedelta(minutes=29)
    assert await sessions.find(number)
    watch.now += timedelta(minutes=29)
    assert await sessions.find(number), "it was used meanwhile"
    watch.now += timedelta(minutes=31)
    assert await sessions.find(number) is None


async def test_a_session_ends_after_a_working_day_however_much_it_is_used(sessions: Sessions, watch: Watch):
    number = await begun(sessions)
    for _ in range(30):
        watch.now += timedelta(minutes=20)
        await sessions.find(number)
    assert await sessions.find(number)
    watch.now += timedelta(minutes=1)
    assert await sessions.find(number) is None


async def test_a_copy_of_the_database_signs_nobody_in(sessions: Sessions, pool: asyncpg.Pool):
    number = await begun(sessions)
    [row] = await pool.fetch("SELECT * FROM session")
    assert not any(
        part in bytes(row["id_hash"]) + bytes(row["sealed"]) for part in (number.encode(), b"Ada", b"E07000999")
    )
    assert await sessions.find(row["id_hash"].hex()) is None
    other = Sessions(
        pool, Sealing(b"x" * 32), idle=timedelta(minutes=30), longest=timedelta(hours=10), now=sessions._now
    )
    assert await other.find(number) is None


async def test_a_session_moved_to_anothers_row_opens_for_nobody(sessions: Sessions, pool: asyncpg.Pool):
    mine, theirs = await begun(sessions), await begun(sessions)
    rows = await pool.fetch("SELECT id_hash, sealed FROM session")
    await pool.execute("UPDATE session SET sealed = $2 WHERE id_hash = $1", rows[0]["id_hash"], rows[1]["sealed"])
    assert [await sessions.find(number) is None for number in (mine, theirs)].count(True) == 1


async def test_a_sign_out_elsewhere_ends_that_sign_in_or_all_of_the_officer(sessions: Sessions):
    first, second, other = (
        await begun(sessions, "s1"),
        await begun(sessions, "s2"),
        await begun(sessions, "s3", "someone"),
    )
    await sessions.end_elsewhere(sign_in="s1", officer=None)
    assert [bool(await sessions.find(n)) for n in (first, second, other)] == [False, True, True]
    await sessions.end_elsewhere(sign_in=None, officer="o")
    assert [bool(await sessions.find(n)) for n in (first, second, other)] == [False, False, True]


async def test_what_was_written_is_asked_for_at_the_service_that_wrote_it(sessions: Sessions):
    number = await begun(sessions)
    await sessions.note(number, "registration", "12:40")
    assert await sessions.note(number, "registration", "12:41,13:7") == {
        "registration/12": "41",
        "registration/13": "7",
    }
    await sessions.note(number, "finance", "3:9")
    found = await sessions.find(number)
    assert found
    assert (found.written("registration"), found.written("finance"), found.written("elections")) == (
        "12:41,13:7", "3:9", "",
    )  # fmt: skip

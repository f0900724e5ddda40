"""`moot parked list|retry|skip`."""

from __future__ import annotations

from cli.tests.conftest import BOARD, Parish, moot
from shared.eventcore.testing.toys import TOYS, BoardRow, NoticeInitialled

KEYS = {"service", "stream", "consumer", "source", "position", "type", "problem", "attempts", "parked_at"}


async def initials(parish: Parish) -> int:
    return int(await parish.core.pool.fetchval("SELECT initials FROM board.notice"))


async def test_a_poisoned_event_is_listed_with_its_reason_and_those_behind_it(parish: Parish):
    stream = await parish.poisoned()
    listed = await moot("parked", "list", "--service", "toys", "--json")
    first, *behind = listed.data["parked"]
    assert set(first) == KEYS
    assert (first["stream"], first["consumer"], first["position"]) == (str(stream), "view:board", 2)
    assert first["problem"].startswith("ValueError at shared.eventcore.testing.toys:")
    assert [p["problem"] for p in behind] == ["", ""]
    assert "waits behind it" in (await moot("parked", "list", "--service", "toys")).out


async def test_a_retry_that_fails_again_says_so_and_exits_1(parish: Parish):
    await parish.poisoned()
    tried = await moot("parked", "retry", "--service", "toys", "--json")
    assert tried.code == 1
    (stream,) = tried.data["streams"]
    assert stream["applied"] == 0
    assert stream["problem"].startswith("ValueError")
    assert (await moot("parked", "list", "--service", "toys", "--json")).data["parked"][0]["attempts"] == 2


async def test_a_mended_handler_takes_up_what_was_parked(parish: Parish, monkeypatch):
    stream = await parish.poisoned()
    wire = TOYS.by_class[NoticeInitialled].wire

    def mended(tx, e):
        tx.increment(BoardRow, stream_id=e.stream_id, authority=e.authority, place="", initials=1)

    monkeypatch.setitem(BOARD.handlers, wire, mended)
    tried = await moot("parked", "retry", stream, "--service", "toys")
    assert (tried.code, await initials(parish)) == (0, 3)
    assert "3 applied, none is left" in tried.out
    assert (await moot("parked", "list", "--service", "toys", "--json")).data == {"parked": []}


async def test_a_skipped_event_lets_those_behind_it_through(parish: Parish):
    stream = await parish.poisoned()
    skipped = await moot("parked", "skip", stream, "--reason", "entered twice", "--service", "toys", "--json")
    assert skipped.data == {
        "service": "toys", "consumer": "view:board", "source": "toys", "stream": str(stream), "position": 2,
        "type": "moothall.toys.notice-initialled.v1", "waiting": 2,
    }  # fmt: skip
    assert (await moot("parked", "retry", "--service", "toys")).code == 0
    assert await initials(parish) == 2
    (kept,) = await parish.core.rows("skipped")
    assert (kept["reason"], kept["actor"].startswith("operator:")) == ("entered twice", True)


async def test_nothing_is_skipped_without_a_reason(parish: Parish):
    stream = await parish.poisoned()
    for reason in ((), ("--reason", " ")):
        refused = await moot("parked", "skip", stream, *reason, "--service", "toys")
        assert refused.code == 2
        assert "--reason" in refused.err
    assert len((await moot("parked", "list", "--service", "toys", "--json")).data["parked"]) == 3


async def test_a_stream_that_several_readers_parked_must_be_skipped_for_one(parish: Parish):
    stream = await parish.poisoned()
    await parish.core.pool.execute(
        "INSERT INTO parked SELECT 'policy:when_x_then_y', source, stream_id, position, shard, type, record, problem, 1,"
        " parked_at FROM parked WHERE position = 2"
    )
    refused = await moot("parked", "skip", stream, "--reason", "test", "--service", "toys")
    assert refused.code == 1
    assert "policy:when_x_then_y" in refused.err
    words = ("parked", "skip", stream, "--reason", "test", "--service", "toys", "--consumer", "policy:when_x_then_y")
    assert (await moot(*words, "--json")).data["waiting"] == 0


async def test_parked_events_of_a_reader_that_this_build_lacks_are_not_retried(parish: Parish):
    await parish.poisoned()
    await parish.core.pool.execute("UPDATE parked SET consumer = 'view:gone'")
    refused = await moot("parked", "retry", "--service", "toys")
    assert refused.code == 1
    assert "has no view:gone" in refused.err


async def test_nothing_parked_is_good_news(parish: Parish):
    assert (await moot("parked", "list", "--service", "toys")).out == "Nothing is parked.\n"
    assert (await moot("parked", "retry", "--service", "toys")).code == 0

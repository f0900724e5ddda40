"""Streams begun in bulk: the same as one by one, once per command id, and never over what is there."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.eventcore.bulk import Beginning, Beginnings, begin
from shared.eventcore.deciding import Decider
from shared.eventcore.store import CommandReused
from shared.eventcore.testing.core import AUTHORITY, Core, by, event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.eventcore.testing.toys import TOYS, NoticeInitialled, Pin, notices

SIGNED: Decider[str, int, NoticeInitialled] = Decider(
    "page",
    0,
    lambda who, signed: [NoticeInitialled(who), NoticeInitialled(who.upper())][: 2 - signed],
    lambda n, _: n + 1,
)


@pytest_asyncio.fixture
async def core(database: str) -> AsyncIterator[Core]:
    async with event_core(database) as opened:
        yield opened


def beginnings(core: Core, *commands: tuple[UUID, str, str]) -> Beginnings:
    wanted = (Beginning(stream, who, by(command_id=said)) for stream, who, said in commands)
    return Beginnings.of(core.execute, SIGNED, AUTHORITY, wanted, TOYS)


async def test_streams_begun_in_bulk_read_as_those_begun_one_by_one(core: Core):
    alone, together = uuid4(), [uuid4() for _ in range(20)]
    await core.execute(SIGNED, alone, "ada", by=by(command_id="0"))
    outcomes = await begin(core.store, beginnings(core, *((s, "ada", str(n)) for n, s in enumerate(together, 1))))
    assert outcomes == dict.fromkeys(together, "appended")
    [first, *_] = expected = await core.store.stream(alone, AUTHORITY)
    for n, stream in enumerate(together, 1):
        found = await core.store.stream(stream, AUTHORITY)
        assert [(e.version, e.type, e.payload, e.kind) for e in found] == [
            (e.version, e.type, e.payload, e.kind) for e in expected
        ]
        assert found[0].position < found[1].position
        made = found[0].metadata
        assert (made.actor, made.authority, made.command_id) == (first.metadata.actor, AUTHORITY, str(n))
    events = await core.store.read(after=0)
    assert [e.position for e in events] == sorted(e.position for e in events)
    assert len(events) == 42


async def test_a_beginning_that_is_repeated_happens_once_however_it_is_repeated(core: Core):
    one, other = uuid4(), uuid4()
    await begin(core.store, beginnings(core, (one, "ada", "k1")))
    again = await begin(core.store, beginnings(core, (one, "ada", "k1"), (other, "bea", "k2")))
    assert again == {one: "repeated", other: "appended"}
    receipt = await core.execute(SIGNED, one, "ada", by=by(command_id="k1"))
    assert (receipt.repeated, receipt.version) == (True, 2)
    assert len(await core.store.read(after=0)) == 4


async def test_a_stream_that_exists_is_left_alone_and_its_command_may_be_given_again(core: Core):
    there, new = uuid4(), uuid4()
    await core.execute(SIGNED, there, "ada", by=by())
    outcomes = await begin(core.store, beginnings(core, (there, "bea", "k1"), (new, "bea", "k2")))
    assert outcomes == {there: "conflict", new: "appended"}
    assert len(await core.store.stream(there, AUTHORITY)) == 2
    assert not (await core.execute(SIGNED, there, "bea", by=by(command_id="k1"))).repeated


async def test_a_command_id_of_another_command_is_refused(core: Core):
    await begin(core.store, beginnings(core, (uuid4(), "ada", "k1")))
    with pytest.raises(CommandReused):
        await begin(core.store, beginnings(core, (uuid4(), "bea", "k1")))


async def test_the_api_role_may_begin_streams(core: Core):
    async with event_core(as_api(core.url)) as api:
        assert set((await begin(api.store, beginnings(core, (uuid4(), "ada", "k1")))).values()) == {"appended"}


async def test_what_needs_more_than_a_row_is_no_beginning(core: Core):
    pin = Pin(uuid4(), "Lost", "door", core.clock().date())
    for decider, command, said in ((notices, pin, by(command_id="k1")), (SIGNED, "ada", by())):
        with pytest.raises(ValueError, match="in bulk"):
            Beginnings.of(core.execute, decider, AUTHORITY, [Beginning(uuid4(), command, said)], TOYS)


async def test_a_batch_that_loses_a_deadlock_is_recorded_all_the_same(core: Core):
    """Somebody else begins two of its streams in the other order. The batch has waited for longer, so it is the one to lose."""
    low, high = sorted((uuid4(), uuid4()))
    begun = "INSERT INTO stream VALUES ($1, 'page', $2, 0, 1)"
    other = await asyncpg.connect(core.url)
    try:
        going = other.transaction()
        await going.start()
        await other.execute(begun, high, AUTHORITY)
        batch = asyncio.create_task(begin(core.store, beginnings(core, (low, "ada", "k1"), (high, "bea", "k2"))))
        await asyncio.sleep(0.3)
        await other.execute(begun, low, AUTHORITY)
        await going.rollback()
        assert await asyncio.wait_for(batch, 5) == {low: "appended", high: "appended"}
    finally:
        await other.close()


async def test_what_a_batch_asks_of_asyncpg_in_vain_is_no_outage(core: Core):
    batch = beginnings(core, (uuid4(), "ada", "k1"))
    batch.commands[0] = (*batch.commands[0][:3], 99_999, *batch.commands[0][4:])  # a shard that fits no column
    with pytest.raises(asyncpg.DataError):
        await begin(core.store, batch)


async def test_the_relay_is_woken_for_what_stands_though_one_command_id_was_reused(core: Core):
    await begin(core.store, beginnings(core, (uuid4(), "ada", "k1")))
    woken: list[bool] = []
    core.store.appended.append(lambda: woken.append(True))
    with pytest.raises(CommandReused):
        await begin(core.store, beginnings(core, (uuid4(), "bea", "k1"), (uuid4(), "cid", "k2")))
    assert woken

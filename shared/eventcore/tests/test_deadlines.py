"""What falls due is carried out once, when the injected clock says so, by however many workers look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.eventcore.applying import apply
from shared.eventcore.deadlines import PUT_OFF, Deadlines
from shared.eventcore.errors import VersionConflict
from shared.eventcore.policy import Do, Later, Never, Policy, PolicyReader, policy
from shared.eventcore.testing.core import AUTHORITY, Core, by, event_core
from shared.eventcore.testing.proofs import prove_view, reactions
from shared.eventcore.testing.toys import (
    TOYS,
    Board,
    Initial,
    NoticePinned,
    NoticeTakenDown,
    Pin,
    TakeDown,
    notices,
)

DUE = Deadlines([(notices, TakeDown), (notices, Initial)])
A_WEEK = timedelta(days=7)


@policy("when_notice_pinned_then_it_comes_down", on=[NoticePinned, NoticeTakenDown], registry=TOYS)
def comes_down(event):
    if isinstance(event.data, NoticePinned):
        yield Later(event.recorded_at + A_WEEK, notices, event.stream_id, TakeDown(), "comes down")
    else:
        yield Never(event.stream_id, "comes down")


@pytest_asyncio.fixture
async def core(database: str) -> AsyncIterator[Core]:
    async with event_core(database) as opened:
        yield opened


async def follow(core: Core, followed: Policy = comes_down) -> None:
    reader = PolicyReader(followed, core.execute, core.opener, DUE)
    events = await core.store.read(after=0)
    async with core.pool.acquire() as conn:
        await apply(conn, reader, core.context, events, core.opener, core.clock)


async def due(core: Core) -> int:
    return await DUE.carry_out_due(core.pool, core.execute, core.clock())


async def test_nothing_happens_before_its_time_and_once_after(core: Core):
    receipt = await core.pin("pump")
    await follow(core)
    assert await due(core) == 0
    core.clock.move_to(core.clock() + A_WEEK)
    assert await due(core) == 1
    assert await due(core) == 0
    events = await core.store.stream(receipt.stream_id, AUTHORITY)
    assert [e.type.split(".")[2] for e in events] == ["notice-pinned", "notice-taken-down"]
    assert events[1].metadata.origin == "deadline"
    assert events[1].metadata.causation_id == events[0].id


async def test_of_two_deadlines_of_a_stream_the_earlier_is_carried_out_first(core: Core):
    receipt = await core.pin("pump")
    now = core.clock()
    async with core.pool.acquire() as conn:
        for purpose, ago, command in (("down", 1, TakeDown()), ("initialled", 2, Initial("A M"))):
            await DUE.set(conn, receipt.stream_id, purpose, now - timedelta(hours=ago), notices, command, by())
    assert (await due(core), await due(core), await due(core)) == (1, 1, 0)
    events = await core.store.stream(receipt.stream_id, AUTHORITY)
    assert [e.type.split(".")[2] for e in events] == ["notice-pinned", "notice-initialled", "notice-taken-down"]


async def test_ten_workers_carry_out_each_deadline_once(core: Core):
    streams = [(await core.pin(f"place {i}")).stream_id for i in range(30)]
    await follow(core)
    core.clock.move_to(core.clock() + A_WEEK)
    done = await asyncio.gather(*(due(core) for _ in range(10)))
    assert sum(done) == 30
    for stream in streams:
        assert len(await core.store.stream(stream, AUTHORITY)) == 2


async def test_a_worker_that_dies_after_the_command_and_before_its_note_repeats_it_harmlessly(core: Core):
    receipt = await core.pin("pump")
    await follow(core)
    core.clock.move_to(core.clock() + A_WEEK)
    await due(core)
    await core.pool.execute("UPDATE deadline SET settled_at = NULL, outcome = NULL")
    assert await due(core) == 1
    assert len(await core.store.stream(receipt.stream_id, AUTHORITY)) == 2


async def test_a_deadline_called_off_never_falls_due(core: Core):
    receipt = await core.pin("pump")
    await follow(core)
    await core.take_down(receipt.stream_id)
    await follow(core)
    core.clock.move_to(core.clock() + A_WEEK)
    assert await due(core) == 0
    assert await core.pool.fetchval("SELECT outcome FROM deadline") == "called off"


async def test_a_refused_command_settles_its_deadline_and_says_why(core: Core):
    receipt = await core.pin("pump")
    await follow(core)
    await core.take_down(receipt.stream_id)  # and the policy has not heard of it yet
    core.clock.move_to(core.clock() + A_WEEK)
    assert await due(core) == 1
    assert await core.pool.fetchval("SELECT outcome FROM deadline") == "refused: not-pinned"


async def test_a_deadline_that_meets_a_busy_stream_waits_for_the_next_look_and_holds_up_no_other(core: Core):
    busy, free = [(await core.pin(place)).stream_id for place in ("busy", "free")]
    await follow(core)
    core.clock.move_to(core.clock() + A_WEEK)
    meeting: Any = Elsewhere(core, busy, VersionConflict(busy, 1, 2))
    settled = await DUE.carry_out_due(core.pool, meeting, core.clock())
    assert settled == 1
    assert len(await core.store.stream(free, AUTHORITY)) == 2
    assert await due(core) == 1
    assert len(await core.store.stream(busy, AUTHORITY)) == 2


async def test_a_deadline_that_cannot_be_carried_out_undoes_no_other_and_is_tried_again_later(core: Core):
    first, broken, last = [(await core.pin(place)).stream_id for place in ("first", "broken", "last")]
    await follow(core)
    core.clock.move_to(core.clock() + A_WEEK)
    failing: Any = Elsewhere(core, broken, KeyError("a bug"))
    deadlines = Deadlines([(notices, TakeDown)])
    assert await deadlines.carry_out_due(core.pool, failing, core.clock()) == 2
    assert {r["stream_id"] for r in await core.rows("deadline") if r["settled_at"]} == {first, last}
    assert await deadlines.carry_out_due(core.pool, core.execute, core.clock()) == 0
    assert await deadlines.carry_out_due(core.pool, core.execute, core.clock() + PUT_OFF) == 1


async def test_a_deadline_that_was_moved_after_its_command_is_settled_and_not_called_another(core: Core):
    """The worker died between the command and its note; meanwhile the deadline was set anew, with other arguments."""
    stream = (await core.pin("pump")).stream_id
    for who in ("a", "b"):
        async with core.pool.acquire() as conn:
            await DUE.set(conn, stream, "initial", core.clock(), notices, Initial(who), by())
        assert await due(core) == 1
        await core.pool.execute("UPDATE deadline SET settled_at = NULL, outcome = NULL")
    assert len(await core.store.stream(stream, AUTHORITY)) == 2


class Elsewhere:
    """The executor, but for one stream, where it meets `problem`."""

    def __init__(self, core: Core, stream: UUID, problem: Exception) -> None:
        self.core, self.stream, self.problem = core, stream, problem

    async def __call__(self, decider, stream_id, command, **named):
        if stream_id == self.stream:
            raise self.problem
        return await self.core.execute(decider, stream_id, command, **named)


async def test_an_event_delivered_again_sets_no_second_deadline(core: Core):
    await core.pin("pump")
    await follow(core)
    await core.pool.execute("DELETE FROM checkpoint")
    await follow(core)
    assert await core.pool.fetchval("SELECT count(*) FROM deadline") == 1


async def test_a_command_that_was_not_named_may_not_fall_due(core: Core):
    await core.pin("pump")
    with pytest.raises(TypeError, match="lets fall due"):
        async with core.pool.acquire() as conn:
            await Deadlines().set(conn, uuid4(), "x", core.clock(), notices, TakeDown(), by())


def test_a_policy_is_a_sentence_without_a_database():
    [step] = reactions(comes_down, NoticePinned(uuid4(), "words", "pump", date(2026, 5, 7)))
    assert isinstance(step, Later)
    assert step.command == TakeDown()


async def test_a_policy_that_knows_more_looks_before_it_reacts_and_again_when_it_was_wrong(core: Core):
    async def gather(lookup, event):
        notice = await lookup.state(notices, event.stream_id)
        return notice.place, lookup.attempt

    @policy("when_notice_pinned_then_a_copy_hangs_elsewhere", on=[NoticePinned], given=gather, registry=TOYS)
    def copy(known, event):
        place, attempt = known
        if not place.startswith("copy"):
            elsewhere = f"copy {attempt}"
            command = Pin(uuid4(), "copy", elsewhere, event.data.pinned_on)
            yield Do(notices, uuid4(), command, again_on=frozenset({"place-taken"}))

    await core.pin("copy 0")
    await core.pin("copy 1")
    await core.pin("pump")
    await follow(core, copy)
    await core.set_up_views(Board.view)  # type: ignore[attr-defined]
    await core.catch_up(Board.view)  # type: ignore[attr-defined]
    assert {r["place"] for r in await core.rows("board.notice")} == {"copy 0", "copy 1", "copy 2", "pump"}


async def test_the_proof_of_views_proves_the_board(core: Core):
    await core.set_up_views(Board.view)  # type: ignore[attr-defined]
    for i in range(20):
        receipt = await core.pin(f"place {i}", author=uuid4())
        for _ in range(i % 3):
            await core.initial(receipt.stream_id)
        if i % 4 == 0:
            await core.take_down(receipt.stream_id)
    await prove_view(core, Board.view)  # type: ignore[attr-defined]

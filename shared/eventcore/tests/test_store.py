"""Appending and loading: optimistic concurrency, once per command id, boundaries, the past kept."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.eventcore.deciding import Decider, Refused
from shared.eventcore.errors import ForeignStream, StoreUnavailable, VersionConflict
from shared.eventcore.opening import Opener
from shared.eventcore.recording import Receipt
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import MAX_PAYLOAD, CommandReused, Commit
from shared.eventcore.testing.core import AUTHORITY, Core, by, event_core, ring
from shared.eventcore.testing.infrastructure import as_api
from shared.eventcore.testing.toys import Initial, Pin, notices
from shared.events.core import SubjectErased


@pytest_asyncio.fixture
async def core(database: str) -> AsyncIterator[Core]:
    async with event_core(database) as opened:
        yield opened


async def test_a_command_is_recorded_with_its_place_maker_and_cause(core: Core):
    receipt = await core.pin("church door")
    [event] = await core.store.stream(receipt.stream_id, AUTHORITY)
    assert (event.version, event.position, event.shard) == (1, receipt.position, receipt.shard)
    assert event.type == "moothall.toys.notice-pinned.v1"
    assert event.metadata.actor == "officer-1"
    assert receipt.events == ("NoticePinned",)


async def test_personal_values_are_stored_sealed(core: Core):
    receipt = await core.pin("church door", words="Call Mrs Invented")
    [event] = await core.store.stream(receipt.stream_id, AUTHORITY)
    assert "Invented" not in event.payload
    assert (await core.execute.state(notices, receipt.stream_id, event.authority)).state.words == "Call Mrs Invented"


async def test_why_an_officer_acts_is_told_to_the_service_itself_alone(core: Core):
    said = "Mrs Invented telephoned: she has moved"
    stream = (await core.pin("church door")).stream_id
    await core.execute(notices, stream, Initial("clerk"), by=by()._replace(reason=said))
    event = (await core.store.stream(stream, AUTHORITY))[1]
    published = b"".join(value for _, value in event.headers(0))
    assert b"Invented" not in published
    assert "Invented" not in event.metadata.reason
    async with core.pool.acquire() as conn:
        assert [e.metadata.reason for e in await core.opener.open(conn, [event])] == [said]
        [as_others] = await Opener(SubjectKeys(ring()), core.registry).open(conn, [event])
    assert as_others.metadata.reason == event.metadata.reason


async def test_a_command_sent_twice_gets_the_first_answer_and_happens_once(core: Core):
    stream = uuid4()
    pinned = await core.pin("church door", stream=stream)
    first = await core.initial(stream, command_id="k1")
    again = await core.initial(stream, command_id="k1")
    assert (again.version, again.position, again.repeated) == (first.version, first.position, True)
    assert first.version == pinned.version + 1
    assert len(await core.store.stream(stream, AUTHORITY)) == 2


async def test_a_repeat_is_recognised_even_when_the_decision_would_now_be_refused(core: Core):
    stream = uuid4()
    await core.pin("church door", stream=stream)
    first = await core.take_down(stream, command_id="k1")
    assert (await core.take_down(stream, command_id="k1")).version == first.version


async def test_a_command_id_used_for_another_command_is_refused(core: Core):
    stream = uuid4()
    await core.pin("church door", stream=stream)
    await core.initial(stream, "clerk", command_id="k1")
    with pytest.raises(CommandReused):
        await core.initial(stream, "chair", command_id="k1")


async def test_a_stated_version_that_has_passed_is_a_conflict_and_not_retried(core: Core):
    stream = uuid4()
    await core.pin("church door", stream=stream)
    await core.initial(stream)
    with pytest.raises(VersionConflict):
        await core.execute(notices, stream, Initial("chair"), by=by(), expected=1)
    assert len(await core.store.stream(stream, AUTHORITY)) == 2


async def test_a_hundred_clerks_initial_one_notice_and_none_is_lost(core: Core):
    """Without the version check two decisions made on one state would both be kept."""
    stream = uuid4()
    await core.pin("church door", stream=stream)
    outcomes = await asyncio.gather(*(core.initial(stream, f"clerk-{i}") for i in range(100)), return_exceptions=True)
    kept = [o for o in outcomes if not isinstance(o, BaseException)]
    assert all(isinstance(o, VersionConflict) for o in outcomes if isinstance(o, BaseException))
    events = await core.store.stream(stream, AUTHORITY)
    assert [e.version for e in events] == list(range(1, len(kept) + 2))


async def test_one_place_takes_one_notice_across_all_streams(core: Core):
    outcomes = await asyncio.gather(*(core.pin("church door") for _ in range(20)), return_exceptions=True)
    assert sum(not isinstance(o, BaseException) for o in outcomes) == 1
    refusals = [o for o in outcomes if isinstance(o, BaseException)]
    assert all(isinstance(o, Refused) and o.rule.name == "place-taken" for o in refusals)


async def test_a_refused_boundary_leaves_nothing_behind_and_its_neighbours_alone(core: Core):
    await core.pin("church door")
    refused, fine = await asyncio.gather(
        core.pin("church door", command_id="k1"), core.pin("pump"), return_exceptions=True
    )
    assert isinstance(refused, Refused)
    assert not isinstance(fine, BaseException)
    assert await core.pool.fetchval("SELECT count(*) FROM command_log") == 0
    assert await core.pool.fetchval("SELECT count(*) FROM stream") == 2


async def test_a_place_given_back_can_be_taken_again(core: Core):
    first = await core.pin("church door")
    await core.take_down(first.stream_id)
    await core.pin("church door")


async def test_boundary_tags_are_kept_only_as_keyed_hashes(core: Core):
    await core.pin("church door")
    stored = bytes(await core.pool.fetchval("SELECT tag FROM boundary"))
    assert len(stored) == 32
    assert b"church" not in stored


@pytest.mark.parametrize("sql", ["UPDATE event SET type = 'x'", "DELETE FROM event", "TRUNCATE event"])
async def test_history_cannot_be_changed(core: Core, sql: str):
    await core.pin("church door")
    with pytest.raises(asyncpg.PostgresError, match="never changed"):
        await core.pool.execute(sql)


async def test_another_authority_sees_and_changes_nothing(core: Core):
    stream = uuid4()
    await core.pin("church door", stream=stream)
    with pytest.raises(Refused):
        await core.execute(notices, stream, Initial("x"), by=by(authority="E07000001"))
    command = Pin(uuid4(), "mine", "pump", core.clock().date())
    with pytest.raises(ForeignStream):
        await core.execute(notices, stream, command, by=by(authority="E07000001"))


async def test_a_stream_of_another_kind_is_not_there(core: Core):
    def evolve(state: None, _event: SubjectErased) -> None:
        return state

    stream = uuid4()
    await core.pin("church door", stream=stream)
    others: Decider[Initial, None, SubjectErased] = Decider("erasures", None, lambda _command, _state: [], evolve)
    with pytest.raises(ForeignStream):
        await core.execute(others, stream, Initial("x"), by=by())
    with pytest.raises(ForeignStream):
        await core.execute.state(others, stream, AUTHORITY, as_at=core.clock())


async def test_two_councils_that_ask_for_one_stream_at_the_same_moment_are_answered_each_for_itself(core: Core):
    stream = uuid4()
    await core.pin("church door", stream=stream)
    other, own, again = await asyncio.gather(
        core.execute.store.load(stream, "E07000001"),
        core.execute.store.load(stream, AUTHORITY),
        core.execute.store.load(stream, "E07000001"),
    )
    assert (len(other.events), len(own.events), len(again.events)) == (0, 1, 0)


async def test_many_streams_append_at_once_in_one_batch(core: Core):
    receipts = await asyncio.gather(*(core.pin(f"tree {i}") for i in range(300)))
    assert len({r.position for r in receipts}) == 300
    assert len(await core.store.read(after=0, limit=1000)) == 300


async def test_an_erased_person_reads_as_erased_everywhere(core: Core):
    author, stream = uuid4(), uuid4()
    await core.pin("church door", words="secret", stream=stream, author=author)
    await core.execute.erase(author, legal_basis="UK GDPR article 17(1)(a)", asked_by="the person", by=by())
    assert (await core.execute.state(notices, stream, by().authority)).state.words is None


async def test_a_legal_hold_blocks_erasure(core: Core):
    author = uuid4()
    await core.pin("church door", author=author)
    await core.execute.hold(author, reason="petition", review_on=None, by=by())
    with pytest.raises(Refused, match="legal-hold"):
        await core.execute.erase(author, legal_basis="x", asked_by="y", by=by())
    await core.execute.lift_hold(author, reason="petition dismissed", by=by())
    await core.execute.erase(author, legal_basis="x", asked_by="y", by=by())


async def test_a_long_stream_loads_from_its_snapshot_and_a_changed_shape_ignores_it(core: Core):
    stream = uuid4()
    await core.pin("church door", stream=stream)
    for i in range(12):
        await core.initial(stream, f"clerk-{i}")
    loaded = await core.execute._snapshots.load(notices, stream, by().authority)
    assert loaded is not None
    assert loaded.version == 10
    assert loaded.state.initials == 9
    assert (await core.execute.state(notices, stream, by().authority)).state.initials == 12
    await core.pool.execute("UPDATE snapshot SET shape = 'before the deploy', state = 'rubbish'")
    assert (await core.execute.state(notices, stream, by().authority)).state.initials == 12


async def test_a_snapshot_of_an_erased_person_is_not_opened(core: Core):
    stream, author = uuid4(), uuid4()
    await core.pin("church door", words="secret", stream=stream, author=author)
    for i in range(9):
        await core.initial(stream, f"clerk-{i}")
    assert "secret" not in await core.pool.fetchval("SELECT state FROM snapshot")
    await core.execute.erase(author, legal_basis="x", asked_by="y", by=by())
    assert (await core.execute.state(notices, stream, by().authority)).state.words is None


async def test_the_api_role_executes_commands_through_functions_alone(core: Core):
    async with event_core(as_api(core.url), keyring=core.keyring) as api:
        receipt = await api.pin("church door", words="secret")
        await api.initial(receipt.stream_id)
        assert (await api.execute.state(notices, receipt.stream_id, AUTHORITY)).state.words == "secret"
        assert len(await api.store.stream(receipt.stream_id, AUTHORITY)) == 2
        assert await api.store.stream(receipt.stream_id, "E07000001") == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await api.pool.execute("UPDATE stream SET version = 7")


async def test_a_repeat_names_the_stream_that_the_first_answer_was_about(core: Core):
    """A caller whose command makes a new stream chooses another id when it tries again."""
    command = Pin(uuid4(), "words", "pump", core.clock().date())
    first = await core.execute(notices, uuid4(), command, by=by("k1"), asked="POST /notices")
    again = await core.execute(notices, uuid4(), command, by=by("k1"), asked="POST /notices")
    assert (again.stream_id, again.repeated) == (first.stream_id, True)


async def test_a_command_given_twice_at_one_moment_with_drawn_ids_is_answered_by_the_one_stream(core: Core):
    """Both look, and find nothing; the second is told of the first's stream, and not of the id that it drew itself."""
    author = uuid4()

    async def pinned() -> Receipt:
        command = Pin(author, "Lost: one cat", "church door", core.clock().date())
        return await core.execute(notices, uuid4(), command, by=by("k1"), asked="POST /notices")

    receipts = await asyncio.gather(*(pinned() for _ in range(8)))
    [event] = await core.store.read(after=0)
    assert {(r.stream_id, r.version, r.position) for r in receipts} == {(event.stream_id, 1, event.position)}
    assert sum(not r.repeated for r in receipts) == 1


async def test_a_command_that_loses_one_deadlock_after_another_fails_alone(core: Core, monkeypatch: pytest.MonkeyPatch):
    unlucky, really = uuid4(), core.store._append_in_one

    async def contended(commits: Sequence[Commit], now: datetime) -> list[asyncpg.Record]:
        if len(commits) > 1 or commits[0].stream_id == unlucky:
            raise asyncpg.DeadlockDetectedError("deadlock detected")
        return await really(commits, now)

    monkeypatch.setattr(core.store, "_append_in_one", contended)
    lucky = [uuid4() for _ in range(3)]
    outcomes = await asyncio.gather(
        *(core.pin(f"place {n}", stream=s) for n, s in enumerate([unlucky, *lucky])), return_exceptions=True
    )
    assert isinstance(outcomes[0], StoreUnavailable)
    assert [o.stream_id for o in outcomes[1:] if isinstance(o, Receipt)] == lucky


async def test_the_size_of_an_event_is_counted_in_bytes(core: Core):
    with pytest.raises(ValueError, match="larger than"):
        await core.initial((await core.pin("church door")).stream_id, "é" * (MAX_PAYLOAD // 2))

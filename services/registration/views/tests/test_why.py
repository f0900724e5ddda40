"""Why is this person on the register: every sentence has its event, every event its sentence, and the answer is right."""

from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.applications import commands as ask
from services.registration.applications.decider import applications
from services.registration.electors.decider import Event as ElectorEvent
from services.registration.electors.decider import OffRegister, OnRegister, electors
from services.registration.tests.test_invariants import additions, applying, receipts, registering, run
from services.registration.views.tests.office import MONDAY
from services.registration.views.why import TELLINGS, answer, explain
from shared.eventcore.recording import Metadata, Recorded
from shared.events.definition import REGISTRY, Erased
from shared.events.registration import (
    AnonymousEntryAltered,
    AnonymousEntryListed,
    AnonymousEntryStruckOff,
    ApplicationEvent,
)
from shared.law.evidence import Document


def recorded(stream: UUID, events, first: int = 1) -> list[Recorded]:
    """Events as they stand in the store."""
    out = []
    for version, event in enumerate(events, 1):
        kind = REGISTRY.of(event)
        on = getattr(event, kind.effective) if kind.effective else MONDAY
        at = datetime.combine(on, time(12), UTC)
        place = Metadata("officer-1", "E07000999", "c", reason="checked")
        out.append(Recorded(event, kind.wire, stream, "x", version, 0, first + version, at, at, place))
    return out


def test_every_event_of_an_application_and_of_an_entry_has_a_sentence_and_a_source():
    anonymous = {AnonymousEntryListed, AnonymousEntryAltered, AnonymousEntryStruckOff}
    assert set(TELLINGS) == {*get_args(ApplicationEvent), *get_args(ElectorEvent), *anonymous}
    assert all(telling.source for telling in TELLINGS.values())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(receipts, st.lists(applying, max_size=15), additions, st.lists(registering, max_size=12))
def test_of_any_history_every_event_is_told_and_every_sentence_has_its_event(receipt, asked, addition, changes):
    applied, _ = run(applications, [receipt, *asked])
    entry, state = run(electors, [addition, *changes])
    events = recorded(UUID(int=1), applied) + recorded(UUID(int=2), entry, len(applied))
    told = explain(events)
    assert {s.event_id for s in told} == {e.id for e in events}
    assert [s.event_id for s in told if "nobody objected" not in s.text] == [e.id for e in events]
    assert all(s.text.endswith(".") and s.source for s in told)
    for on in (addition.effective_on - timedelta(days=1), addition.effective_on, date(2026, 12, 31)):
        now = electors.fold([e.data for e in events if e.stream_id == UUID(int=2) and e.occurred_at.date() <= on]) \
            if addition.effective_on <= on else None  # fmt: skip
        assert isinstance(state, OnRegister | OffRegister)
        assert answer(events, on).on_register == isinstance(now, OnRegister)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(receipts, st.lists(applying, max_size=15))
def test_what_is_told_is_the_same_after_the_person_was_erased(receipt, asked):
    events, _ = run(applications, [receipt, *asked])

    def erased(event):
        kind = REGISTRY.of(event)
        values = {f.name: Erased() if f.name in kind.personal else getattr(event, f.name) for f in fields(event)}
        return type(event)(**values)

    stream = UUID(int=1)
    assert explain(recorded(stream, events)) == explain(recorded(stream, [erased(event) for event in events]))


async def registered(office):
    """An application allowed in March and the entry that follows from it."""
    home = await office.property(1)
    identity, person = await office.apply(home=home)
    await office.ask(identity, ask.AcceptDocuments((Document.PASSPORT,)))
    office.on(date(2026, 3, 12))
    await office.ask(identity, ask.AllowApplication(date(2026, 3, 12)))
    elector, _ = await office.add(home, person_id=person, application_id=identity)
    return identity, elector, person


async def test_the_whole_story_reads_as_plain_sentences(office, client):
    identity, elector, _ = await registered(office)
    office.on(date(2026, 5, 7))
    found = (await client.get(f"/electors/{elector}/why")).json()
    assert found["answer"] == "On the register on 7 May 2026: yes, since 1 April 2026."
    assert [s["text"] for s in found["sentences"]] == [
        "Applied on 2 March 2026 through GOV.UK.",
        "Listed on 2 March 2026; any elector could object, and it could be allowed from 10 March 2026.",
        "Documents were accepted on 2 March 2026 by officer-1: passport.",
        "Identity confirmed by documents on 2 March 2026.",
        "The objection window closed on 9 March 2026; nobody objected.",
        "Allowed on 12 March 2026 by officer-1; the entry takes effect with the monthly notice of 1 April 2026.",
        "Entered on the register as AB-1 with the monthly notice of 1 April 2026.",
    ]  # fmt: skip
    assert found["sentences"][5]["source"] == "RPA 1983 s.10ZC; RPA 1983 s.13A"
    stored = {f"{s}@{v}" for s, v in await office.core.pool.fetch("SELECT stream_id, version FROM event")}
    assert {s["event_id"] for s in found["sentences"]} <= stored
    assert found["sentences"][0]["event_id"] == f"{identity}@1"


async def test_asked_as_at_an_earlier_time_only_what_was_known_then_is_told(office, client):
    identity, elector, _ = await registered(office)
    answer = await client.get(f"/electors/{elector}/why", params={"as_at": "2026-03-05T12:00:00Z"})
    assert answer.json()["answer"] == "On the register on 5 March 2026: no, the application is not determined yet."
    assert len(answer.json()["sentences"]) == 4
    own = (await client.get(f"/applications/{identity}/why")).json()
    assert own["answer"].endswith(
        "the application was allowed and takes effect with the monthly notice of 1 April 2026."
    )


@pytest.mark.parametrize("path", ["electors", "applications"])
async def test_nobody_can_be_explained_who_is_not_there(office, client, path):
    assert (await client.get(f"/{path}/{UUID(int=9)}/why")).status_code == 404


async def test_the_explanation_outlives_the_person_it_is_about(office, client):
    _, elector, person = await registered(office)
    before = (await client.get(f"/electors/{elector}/why")).json()["sentences"]
    await office.erase(person)
    assert (await client.get(f"/electors/{elector}/why")).json()["sentences"] == before

"""What is told is recorded on its day, whole pages at a time, and no reader runs ahead of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registration.demonstration.diary import Page
from services.registration.demonstration.loading import DiaryClock, Teller, Told, unseen
from services.registration.properties.decider import JudgeElectoral, RecordFacts, properties
from shared.eventcore.policy import Do
from shared.eventcore.testing.core import by, event_core
from shared.events.definition import REGISTRY
from shared.events.values import AddressLines, Authority, GazetteerFacts, Uprn, property_id

PLACE = property_id(Authority("E07000999"), Uprn(990_000_000_001))
ADDED = Do(properties, PLACE, RecordFacts(PLACE, GazetteerFacts(AddressLines(street="1 Gorse Lane")), "officer"))
MONDAY = date(2026, 3, 2)


@pytest.fixture
async def teller(database):
    async with event_core(database, "registration", REGISTRY) as core:
        core.store.clock = DiaryClock(MONDAY)
        yield Teller(core.execute, core.store.clock, by(actor="demonstration"))


async def test_a_page_is_published_only_when_all_of_it_is_recorded(teller):
    store = teller.execute.store
    async with unseen(store.pool):
        await teller.execute(properties, PLACE, ADDED.command, by=by())
        assert await store.read(after=0) == []
    assert len(await store.read(after=0)) == 1


async def test_each_step_is_recorded_on_the_day_of_its_page_as_the_cause_of_the_next(teller):
    judged = Do(properties, PLACE, JudgeElectoral(PLACE, False, "a boat house"))
    pages, told = [Page(MONDAY, [[ADDED, judged]])], Told()
    assert [page async for page in teller.tell(pages, told)] == pages
    added, changed = await teller.execute.store.read(after=0)
    assert told.events == {"PropertyAdded": 1, "PropertyChanged": 1}
    assert (
        datetime(2026, 3, 2, 16, tzinfo=UTC)
        < added.recorded_at
        < changed.recorded_at
        < datetime(2026, 3, 2, 17, tzinfo=UTC)
    )
    assert changed.metadata.causation_id == added.id


async def test_what_a_decider_refuses_is_counted_and_ends_that_list_only(teller):
    unknown = property_id(Authority("E07000999"), Uprn(990_000_000_002))
    refused = [Do(properties, unknown, JudgeElectoral(unknown, True, "x")), Do(properties, unknown, ADDED.command)]
    async for _ in teller.tell([Page(MONDAY, [refused, [ADDED]])], told := Told()):
        pass
    assert told.refused == {"unknown-property": 1}
    assert told.events == {"PropertyAdded": 1}


def test_the_clock_of_a_diary_never_goes_back():
    clock = DiaryClock(MONDAY)
    read = [clock(), clock()]
    clock.turn_to(MONDAY - timedelta(days=1))
    read.append(clock())
    assert read == sorted(set(read))

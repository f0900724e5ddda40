"""The people of a rehearsed year, told to the deciders alone: no database, no clock."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from cli.rehearse.people import People
from deploy.sample.council import Council
from services.registration.demonstration.diary import Diary
from services.registration.demonstration.numbering import Register
from services.registration.demonstration.year import Year
from shared.eventcore.policy import Do

YEAR = Year(date(2025, 12, 1), date(2026, 5, 7))


class Deciders:
    """Streams folded in memory. Refuses as the real ones do."""

    def __init__(self) -> None:
        self.states: dict[UUID, Any] = {}
        self.events: Counter[str] = Counter()

    def do(self, step: Do) -> None:
        state = self.states.get(step.stream_id, step.decider.initial)
        for event in step.decider.decide(step.command, state):
            state = step.decider.evolve(state, event)
            self.events[type(event).__name__] += 1
        self.states[step.stream_id] = state


def told(seed: int = 1) -> Counter[str]:
    people, office = People(Council(600, seed), YEAR), Deciders()
    pages = list(people.entries())
    diary = Diary(people.stories(), Register(0))
    for on in YEAR.working_days():
        pages += diary.pages(on, on)
    for page in pages:
        for steps in page.work:
            for step in steps:
                office.do(step)
    return office.events


@pytest.fixture(scope="module")
def events() -> Counter[str]:
    return told()


def test_nobody_asks_in_a_whole_year_for_what_a_decider_refuses(events):
    assert events["ElectorAdded"] == 600
    assert events["ApplicationReceived"] == 72


def test_people_leave_the_register_and_postal_voters_apply_again(events):
    assert 20 < events["ElectorRemoved"] < 80
    assert events["PostalVoteGranted"] > 600 * 0.15


def test_the_same_seed_tells_the_same_year(events):
    assert told() == events


def test_whoever_objects_or_is_doubled_stays_all_year():
    people = People(Council(200), YEAR)
    fates = [people.fate_of(n) for n in range(200)]
    assert 0 < sum(fate is not None for fate in fates) < 60

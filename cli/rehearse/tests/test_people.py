"""The people of a rehearsed year, told to the deciders alone: no database, no clock."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from cli.rehearse.absent import REFUSED
from cli.rehearse.people import People
from cli.rehearse.rates import RATES
from deploy.sample.council import Council
from services.registration.demonstration.diary import Diary
from services.registration.demonstration.numbering import Register
from services.registration.demonstration.year import Year
from shared.eventcore.policy import Do
from shared.law.rules import Refused

YEAR = Year(date(2025, 12, 1), date(2026, 5, 7))


class Deciders:
    """Streams folded in memory. Refuses as the real ones do."""

    def __init__(self) -> None:
        self.states: dict[UUID, Any] = {}
        self.events: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def do(self, step: Do) -> None:
        state = self.states.get(step.stream_id, step.decider.initial)
        try:
            events = step.decider.decide(step.command, state)
        except Refused as refusal:
            self.refused[refusal.rule.name] += 1
            return
        for event in events:
            state = step.decider.evolve(state, event)
            self.events[type(event).__name__] += 1
        self.states[step.stream_id] = state


def told(electors: int = 600) -> Deciders:
    people, office = People(Council(electors), YEAR), Deciders()
    pages = list(people.entries())
    diary = Diary(people.stories(), Register(0))
    for on in YEAR.working_days():
        pages += diary.pages(on, on)
    for page in pages:
        for steps in page.work:
            for step in steps:
                office.do(step)
    return office


@pytest.fixture(scope="module")
def office() -> Deciders:
    return told()


@pytest.fixture(scope="module")
def events(office: Deciders) -> Counter[str]:
    return office.events


def test_only_what_comes_too_late_for_the_poll_is_refused_in_a_whole_year(office):
    late = told(4000)
    assert office.refused.keys() <= REFUSED
    assert late.refused.keys() == {"too-late-for-the-poll", "too-late-for-a-proxy"}
    assert late.events["PostalVoteRefused"] >= late.refused["too-late-for-the-poll"]


def test_everybody_applies_and_is_entered_once(events):
    assert events["ElectorAdded"] == 600
    assert events["ApplicationReceived"] == 72


def test_people_leave_the_register_and_postal_voters_apply_again(events):
    assert 20 < events["ElectorRemoved"] < 80
    assert events["PostalVoteGranted"] > 600 * 0.15


def test_the_same_seed_tells_the_same_year(events):
    assert told().events == events


def test_electors_stand_in_for_others_until_further_notice_and_at_the_poll(events):
    assert (
        events["ProxyAppointed"] >= 8 + 4
    )  # the eight who have one, two at the poll, one in an emergency, three who share
    assert events["ProxyNamed"] == events["ProxyAppointed"]


@pytest.mark.parametrize("rate", RATES.values(), ids=RATES.keys())
def test_every_rate_says_of_what_it_is_and_where_it_is_from(rate):
    assert 0 < rate.share < 1
    assert rate.of
    assert rate.source
    assert rate.many(0) == 1


def test_whoever_objects_or_is_doubled_stays_all_year():
    people = People(Council(200), YEAR)
    fates = [people.fate_of(n) for n in range(200)]
    assert 0 < sum(fate is not None for fate in fates) < 60

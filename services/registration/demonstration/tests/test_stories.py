"""Every story is one that the deciders allow, and ends as its name says. Pure: the office is a dictionary of states."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.registration.absent_votes.arrangements import Arrangements
from services.registration.applications.case import Ended, Open
from services.registration.demonstration import casework
from services.registration.demonstration.casework import STORIES, Case, Story, elector_of
from services.registration.demonstration.diary import Diary, pages
from services.registration.demonstration.numbering import Register
from services.registration.electors.decider import OnRegister
from shared.eventcore.policy import Do
from shared.events.values import Authority, PollingDistrict, PropertyId, absent_votes_id
from shared.law.reckoning import LONDON
from shared.law.registration import HOME

MOOTSHIRE = Authority("E07000999")
MONDAY = date(2026, 3, 2)
FORM = {
    "applicationType": "ordinary", "refNum": "99000000001", "gssCode": MOOTSHIRE, "fn": "Tansy", "ln": "Inkmere",
    "dob": "1980-12-01", "nino": "XX 00 00 01 A", "nat": "GB", "regproperty": "Flat 2", "regstreet": "10 Gorse Lane",
    "regpostcode": "ZZ1 1AA", "opnreg": "true", "pvote": "true",
}  # fmt: skip
HOME_OF_TANSY = PropertyId(uuid5(elector_of(MOOTSHIRE, "home"), "property"))
ELECTOR = elector_of(MOOTSHIRE, FORM["refNum"])


def case(seed: int = 1, place: int = 0, register: Register | None = None, **answers: str) -> Case:
    return Case(
        form=FORM | {"refNum": str(99_000_000_001 + place)} | answers,
        applied_at=datetime(2026, 3, 2, 10, 30, tzinfo=LONDON),
        home=HOME_OF_TANSY,
        district=PollingDistrict("AAB"),
        place=place,
        somebody=elector_of(MOOTSHIRE, "another"),
        chance=Random(seed),
        register=register or Register(10),
    )


class Office:
    """Carries pages out on states in memory. A broken rule ends the test."""

    def __init__(self) -> None:
        self.states: dict[UUID, Any] = {}
        self.days: list[date] = []

    def carry_out(self, diary) -> Office:
        for page in diary:
            self.days.append(page.on)
            for steps in page.work:
                for step in steps:
                    self._do(step)
        return self

    def _do(self, step: Do) -> None:
        decider, state = step.decider, self.states.get(step.stream_id, step.decider.initial)
        self.states[step.stream_id] = decider.fold(decider.decide(step.command, state), state)

    def application(self, case: Case):
        return self.states[case.receipt.application_id]


def told(
    *stories: Story, until: date = date(2027, 3, 2), register: Register | None = None, on: date = MONDAY
) -> Office:
    diary = Diary(iter([(on, story) for story in stories]), register or Register(10))
    return Office().carry_out(diary.pages(on, until))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_no_decider_refuses_any_story(story, seed):
    told(story(case(seed)))


@pytest.mark.parametrize(
    ("story", "end"),
    [
        (casework.straightforward, "allowed"),
        (casework.shows_documents, "allowed"),
        (casework.found_in_council_tax, "allowed"),
        (casework.answers_later, "allowed"),
        (casework.needs_judgement, "allowed"),
        (casework.objection_without_merit, "allowed"),
        (casework.shows_nothing, "rejected"),
        (casework.objection_upheld, "rejected"),
        (casework.withdraws, "withdrawn"),
        (casework.is_on_the_register, "found to be a duplicate"),
        (casework.lives_elsewhere, "forwarded"),
    ],
)
def test_every_story_ends_as_it_is_named(story, end):
    it = case()
    office = told(story(it))
    ended = office.application(it)
    assert isinstance(ended, Ended)
    assert ended.how == end
    assert isinstance(office.states.get(ELECTOR), OnRegister) == (end == "allowed")


def test_who_never_answers_stays_incomplete():
    it = case()
    application = told(casework.never_answers(it)).application(it)
    assert isinstance(application, Open)
    assert application.listed is None


def test_a_story_is_told_only_to_the_last_day():
    it = case()
    application = told(casework.straightforward(it), until=MONDAY + timedelta(days=3)).application(it)
    assert isinstance(application, Open)
    assert application.route == "dwp"


def test_a_postal_vote_is_granted_when_the_entry_takes_effect():
    office = told(casework.straightforward(case()))
    vote, elector = office.states[absent_votes_id(ELECTOR)], office.states[ELECTOR]
    assert isinstance(vote, Arrangements)
    assert vote.grants[0].determined_on == elector.added.effective_on


def test_who_did_not_ask_for_a_postal_vote_gets_none():
    assert absent_votes_id(ELECTOR) not in told(casework.straightforward(case(pvote="false"))).states


def test_a_french_citizen_is_on_the_register_only_with_rights_kept_from_before_2021():
    outcomes = set()
    for seed in range(20):
        office = told(casework.straightforward(case(seed, nat="FR")))
        elector = office.states.get(ELECTOR)
        outcomes.add((office.application(case()).how, elector and elector.franchise.resident_since))
    assert outcomes == {("allowed", date(2015, 9, 1)), ("rejected", None)}


def test_an_application_of_a_weekend_waits_for_the_office_to_open():
    saturday = date(2026, 3, 7)
    assert told(casework.straightforward(case()), on=saturday).days[0] == date(2026, 3, 9)


def test_numbers_go_on_behind_the_last_and_the_revised_register_gives_them_anew_in_order():
    register = Register(10)
    turns = (4, 1, 3)
    office = told(*(casework.straightforward(case(2, place, register)) for place in turns), register=register)
    numbers = {place: office.states[elector_of(MOOTSHIRE, str(99_000_000_001 + place))] for place in turns}
    assert {place: (e.added.number.number, e.number.number) for place, e in numbers.items()} == {
        4: (1, 3), 1: (2, 1), 3: (3, 2),
    }  # fmt: skip
    assert {e.numbered_in for e in numbers.values()} == {date(2026, 12, 1)}


def test_the_office_works_on_working_days_only():
    stories = (casework.story_of(case(place, place)) for place in range(10))
    assert all(HOME.is_working_day(on) for on in told(*stories).days)


def test_a_day_with_much_work_fills_several_pages():
    work = iter([[], [], [], [], []])
    assert [len(page.work) for page in pages(MONDAY, work, size=2)] == [2, 2, 1]


def test_the_same_chance_tells_the_same_story():
    def steps():
        stories = (casework.story_of(case(place, place)) for place in range(10))
        diary = Diary(iter([(MONDAY, s) for s in stories]), Register(10)).pages(MONDAY, date(2026, 6, 1))
        return [(page.on, step.stream_id, step.command) for page in diary for work in page.work for step in work]

    assert steps() == steps()

"""Voter Authority Certificates: what may follow what, when a record goes, and what is told to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.registration.tests.conftest import Desk
from services.registration.voter_cards.decider import (
    Apply,
    Approve,
    Cancel,
    Issue,
    IssueTemporary,
    PutOnHold,
    Refuse,
    voter_cards,
)
from shared.eventcore.testing.specs import Spec, spec
from shared.events.registration import VoterCardId
from shared.events.values import ElectorId, FranchiseFacts
from shared.law.voter_cards import destroyed_on, renew_by

CARD, ADA = VoterCardId(UUID(int=1)), ElectorId(UUID(int=2))
MARCH, MAY = date(2027, 3, 1), date(2027, 5, 6)
APPLIED = Apply(CARD, ADA, MARCH, "online")
NUMBER = "A1B2 C3D4 E5F6 G7H8 J9K0"


def after(*commands: object) -> Spec:
    """Where an application stands after these."""
    told = spec(voter_cards)
    for command in commands:
        outcome = told.when(command)
        assert outcome.refusal is None, outcome.refusal
        told = told.given(*outcome.events)
    return told


def test_a_certificate_is_approved_printed_and_cancelled_when_the_likeness_is_no_longer_good():
    approved = after(APPLIED, PutOnHold("photograph", MARCH), Approve(MARCH))
    (issued,) = approved.when(Issue(NUMBER, MARCH)).events
    assert (issued.number, issued.renew_by) == ("A1B2C3D4E5F6G7H8J9K0", date(2037, 3, 1))
    cancelled = approved.given(issued, *approved.given(issued).when(Cancel("likeness-no-longer-good", MAY)).events)
    cancelled.when(Cancel("lost", MAY)).refused("voter-card-not-issued")


def test_what_is_refused_is_not_printed_and_what_is_approved_is_not_decided_again():
    after(APPLIED, Refuse("photograph-unsuitable", MARCH)).when(Issue(NUMBER, MARCH)).refused("voter-card-decided")
    after(APPLIED, Approve(MARCH)).when(Refuse("withdrawn", MARCH)).refused("voter-card-decided")
    after(APPLIED).when(Issue(NUMBER, MARCH)).refused("voter-card-not-approved")
    spec(voter_cards).when(Approve(MARCH)).refused("unknown-voter-card")


def test_an_application_entered_twice_is_entered_once_and_never_otherwise():
    after(APPLIED).when(APPLIED).nothing_happens()
    after(APPLIED).when(replace(APPLIED, channel="paper")).refused("voter-card-entered-otherwise")


def test_a_temporary_certificate_is_good_at_one_poll_that_is_still_to_come():
    approved = after(APPLIED, Approve(MARCH))
    approved.when(IssueTemporary(NUMBER, date(2027, 2, 4), MARCH)).refused("voter-card-poll-is-over")
    given = after(APPLIED, Approve(MARCH), IssueTemporary(NUMBER, MAY, MAY))
    assert given.history[-1].destroyed_on == date(2028, 7, 1)
    given.when(IssueTemporary(NUMBER, MAY, MAY)).nothing_happens()
    assert given.when(Issue(NUMBER, MAY)).events[0].destroyed_on == date(2036, 7, 1)


@pytest.mark.parametrize("number", ["A1B2", "A1B2C3D4E5F6G7H8J9K0X", "A1B2C3D4E5F6G7H8J9K-", "Ä1B2C3D4E5F6G7H8J9K0"])
def test_a_number_has_twenty_letters_and_digits(number):
    after(APPLIED, Approve(MARCH)).when(Issue(number, MARCH)).refused("voter-card-number-wrong")


@pytest.mark.parametrize(
    ("issued_on", "tenth", "second"),
    [
        (date(2027, 6, 30), date(2036, 7, 1), date(2028, 7, 1)),
        (date(2027, 7, 1), date(2037, 7, 1), date(2029, 7, 1)),
        (date(2027, 12, 31), date(2037, 7, 1), date(2029, 7, 1)),
    ],
)
def test_the_record_goes_on_the_tenth_first_of_july_after_issue_and_a_temporary_ones_on_the_second(
    issued_on, tenth, second
):
    assert destroyed_on(issued_on, temporary=False) == tenth
    assert destroyed_on(issued_on, temporary=True) == second


def test_a_certificate_of_the_29th_of_february_is_renewed_by_a_day_that_exists():
    assert renew_by(date(2028, 2, 29)) == date(2038, 3, 1)


async def test_an_officer_enters_decides_and_finds_a_certificate_and_its_number_is_told_with_its_elector_only(
    desk: Desk,
):
    desk.office.on(MARCH)
    facts = FranchiseFacts(date_of_birth=date(1980, 12, 1), nationalities=("GB",))
    elector, _ = await desk.office.add(await desk.office.property(1), 1, franchise=facts)
    card = (await desk.post("/voter-cards", {"elector_id": str(elector), "channel": "paper"})).json()["stream_id"]
    assert (await desk.post(f"/voter-cards/{card}/approval", {"language": "cy"})).status_code == 200
    await desk.follow()
    assert [line["card_id"] for line in (await desk.get("/voter-cards?stage=approved")).json()] == [card]
    assert (await desk.post(f"/voter-cards/{card}/issue", {"number": NUMBER})).status_code == 200
    await desk.follow()
    (line,) = (await desk.get(f"/voter-cards/of/{elector}")).json()
    assert (line["stage"], line["number"], line["destroyed_on"]) == ("issued", NUMBER.replace(" ", ""), "2036-07-01")
    assert "A1B2C3" not in (await desk.get("/voter-cards")).text
    assert "A1B2C3" not in str([dict(r) for r in await desk.office.core.pool.fetch("SELECT payload FROM event")])


async def test_nobody_off_the_register_gets_a_certificate(desk: Desk):
    answer = await desk.post("/voter-cards", {"elector_id": str(uuid4()), "channel": "paper"})
    assert answer.status_code == 404
    assert (await desk.get("/voter-cards", "x", "finance-clerk")).status_code == 404

"""Marked registers: open for a year after their poll, copied for a fee to those entitled, then destroyed before a witness."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.registration.marked_registers.decider import Destroy, EndOrder, KeepByOrder, Receive, marked_registers
from services.registration.supply.commands import RecordPayment
from services.registration.supply.decider import supplies
from services.registration.tests.conftest import Desk
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    MarkedRegistersDestroyed,
    MarkedRegistersFreed,
    MarkedRegistersKept,
    MarkedRegistersReceived,
)
from shared.law.marked_registers import open_period, require_open
from shared.law.rules import Refused

POLL = date(2026, 5, 7)
AFTER, LAST_DAY, OVER = date(2026, 5, 8), date(2027, 5, 7), date(2027, 5, 8)
RECEIVED = MarkedRegistersReceived(POLL, AFTER, ("register", "postal-voters"), "Strong room")
RECEIVE = Receive(POLL, ("register", "postal-voters"), "Strong room", AFTER)
DESTROY = Destroy("shredded", "first", "B Officer", OVER)
INSPECTION = {
    "document": "marked-register", "place": "Town Hall, room 2", "began_at": "2026-06-05T09:00:00Z",
    "ended_at": "2026-06-05T09:40:00Z", "supervised_by": "R Officer", "inspector": "A Sample", "poll": "2026-05-07",
    "purpose": "research", "why_marked": "To see who voted.",
}  # fmt: skip
COPY = {
    "applicant": "B Sample", "organisation": "Example Party", "recipient": "registered-party", "document": "marked-register",
    "purpose": "electoral purposes", "in_writing": True, "poll": "2026-05-07", "why_marked": "To thank those who voted.",
}  # fmt: skip


def test_they_are_open_from_the_day_after_the_poll_for_a_year():
    assert (open_period(POLL).opens, open_period(POLL).closes) == (AFTER, LAST_DAY)
    assert open_period(date(2028, 2, 29)).closes == date(2029, 3, 1)
    require_open(POLL, AFTER)
    require_open(POLL, LAST_DAY)
    for day, rule in ((POLL, "marked-register-not-open-yet"), (OVER, "marked-register-destroyed")):
        with pytest.raises(Refused, match=rule):
            require_open(POLL, day)


def test_what_is_delivered_after_the_poll_is_held():
    spec(marked_registers).when(Receive(POLL, ("register",), "Strong room", POLL)).refused(
        "marked-register-not-open-yet"
    )
    spec(marked_registers).when(RECEIVE).then(RECEIVED)
    spec(marked_registers).given(RECEIVED).when(RECEIVE).nothing_happens()


def test_they_are_destroyed_when_their_year_is_over_and_another_officer_sees_it():
    held = spec(marked_registers).given(RECEIVED)
    held.when(Destroy("shredded", "first", "B Officer", LAST_DAY)).refused("marked-registers-still-open")
    held.when(Destroy("shredded", "first", " ", OVER)).refused("destruction-needs-a-witness")
    gone = MarkedRegistersDestroyed(POLL, OVER, "shredded", "first", "B Officer")
    held.when(DESTROY).then(gone)
    held.given(gone).when(DESTROY).nothing_happens()
    held.given(gone).when(RECEIVE).refused("marked-register-destroyed")
    spec(marked_registers).when(DESTROY).refused("marked-registers-not-held")


def test_an_order_of_a_court_keeps_them_until_it_ends():
    kept, freed = MarkedRegistersKept(POLL, OVER, "High Court, 12/27"), MarkedRegistersFreed(POLL, OVER)
    held = spec(marked_registers).given(RECEIVED)
    held.when(KeepByOrder("High Court, 12/27", OVER)).then(kept)
    held.given(kept).when(DESTROY).refused("marked-registers-kept-by-order")
    held.given(kept).when(EndOrder(OVER)).then(freed)
    held.when(EndOrder(OVER)).nothing_happens()
    assert held.given(kept, freed).when(DESTROY).events


async def test_officers_see_what_is_to_be_destroyed(desk: Desk):
    desk.office.on(AFTER)
    body = {"papers": ["register"], "held_at": "Strong room"}
    answer = await desk.http.put("/marked-registers/2026-05-07", json=body, headers=desk.headers("officer"))
    assert answer.status_code == 200, answer.text
    await desk.follow()
    (line,) = (await desk.get("/marked-registers")).json()
    assert (line["opens"], line["closes"], line["standing"]) == ("2026-05-08", "2027-05-07", "open")
    desk.office.on(OVER)
    (line,) = (await desk.get("/marked-registers?standing=to-be-destroyed", "x", "auditor")).json()
    answer = await desk.post("/marked-registers/2026-05-07/destruction", {"how": "shredded", "witness": "B Officer"})
    assert answer.status_code == 200, answer.text
    await desk.follow()
    assert (await desk.get("/marked-registers")).json()[0]["standing"] == "destroyed"
    assert (await desk.get("/marked-registers", "x", "finance-clerk")).status_code == 404


async def test_a_marked_copy_is_asked_for_paid_and_handed_over_within_the_year(desk: Desk):
    home = await desk.office.property()
    await desk.office.add(home, 1)
    desk.office.on(POLL)
    await desk.follow()
    refused = await desk.post("/supplies", COPY)
    assert refused.json()["type"] == "urn:moothall:problem:marked-register-not-open-yet"
    desk.office.on(LAST_DAY)
    asked = (await desk.post("/supplies", COPY)).json()
    assert asked["fee"] == 1000 + 100
    unpaid = await desk.post(f"/supplies/{asked['supply_id']}/release", None)
    assert unpaid.json()["type"] == "urn:moothall:problem:fee-not-paid"
    await desk.office.do(supplies, UUID(asked["supply_id"]), RecordPayment(LAST_DAY))
    assert (await desk.post(f"/supplies/{asked['supply_id']}/release", None)).status_code == 200
    await desk.follow()
    line = (await desk.get(f"/supplies/{asked['supply_id']}")).json()
    assert (line["released_on"], line["sha256"]) == ("2027-05-07", None)
    desk.office.on(OVER)
    late = await desk.post("/supplies", COPY)
    assert late.json()["type"] == "urn:moothall:problem:marked-register-destroyed"
    assert "7 May 2027" in late.json()["detail"]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"why_marked": ""}, "why-unmarked-insufficient"),
        ({"purpose": " "}, "why-unmarked-insufficient"),
        ({"poll": None}, "poll-not-named"),
        ({"poll": "2025-05-01"}, "marked-register-destroyed"),
        ({"poll": "2026-06-05"}, "marked-register-not-open-yet"),
    ],
)
async def test_a_marked_register_is_inspected_for_a_purpose_within_its_year_or_not_at_all(desk: Desk, changed, rule):
    answer = await desk.post("/inspections", {**INSPECTION, **changed})
    assert answer.json()["type"] == f"urn:moothall:problem:{rule}"


async def test_anyone_inspects_a_marked_register_who_says_why(desk: Desk):
    assert (await desk.post("/inspections", INSPECTION)).status_code == 200

"""A revised register: every entry numbered anew in one run, whatever breaks it off, and no card's number lost."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

import pytest

from services.registration.electors.commands import RemoveElector, RenumberElector
from services.registration.electors.decider import electors
from services.registration.renumbering.decider import BeginRenumbering, CompleteRenumbering, renumberings
from services.registration.tests.conftest import Desk
from shared.eventcore.testing.specs import spec
from shared.events.registration import RenumberingBegun, RenumberingCompleted
from shared.events.values import ElectorNumber, EvidenceSource, FranchiseFacts, PersonName, PollingDistrict

DECEMBER = date(2026, 12, 1)
POSITIONS = tuple(range(64))
BEGUN = RenumberingBegun(DECEMBER, POSITIONS, 100)


# ------------------------------------------------------------------- the rules


def test_a_register_that_may_be_published_that_day_is_numbered():
    spec(renumberings).when(BeginRenumbering(DECEMBER, 2026, POSITIONS, 100)).then(BEGUN)


def test_edge_case_13_a_register_is_not_numbered_for_a_day_to_which_no_poll_postpones_it():
    """A poll on 12 December, and none from July to 1 December."""
    late = BeginRenumbering(date(2025, 2, 1), 2024, POSITIONS, 100, (date(2024, 12, 12),))
    spec(renumberings).when(late).refused("revised-register-too-late")


def test_begun_again_it_keeps_the_order_that_was_frozen_first():
    later = BeginRenumbering(DECEMBER, 2026, tuple(range(1, 65)), 101)
    spec(renumberings).given(BEGUN).when(later).nothing_happens()


def test_it_is_completed_once():
    spec(renumberings).when(CompleteRenumbering(100, 0)).refused("renumbering-not-begun")
    done = RenumberingCompleted(DECEMBER, 100, 0)
    spec(renumberings).given(BEGUN).when(CompleteRenumbering(100, 0)).then(done)
    spec(renumberings).given(BEGUN, done).when(CompleteRenumbering(100, 0)).nothing_happens()


# ----------------------------------------------------------------- at the desk


async def numbered(desk: Desk) -> dict:
    answer = await desk.post("/renumberings", {"publish_on": str(DECEMBER)})
    assert answer.status_code == 202, answer.text
    while True:
        told = (await desk.get(f"/renumberings/{DECEMBER}")).json()
        if told["completed"]:
            break
        await asyncio.sleep(0.02)
    await desk.follow()
    return (await desk.get(f"/renumberings/{DECEMBER}")).json()


async def register(desk: Desk, day: date = DECEMBER) -> list[tuple[str, str | None]]:
    lines = (await desk.get(f"/register?effective={day}&limit=500")).json()["items"]
    return [(line["number"], line["name"]) for line in lines]


async def street(desk: Desk) -> dict[str, UUID]:
    """Four entries whose numbers have nothing to do with where they live."""
    ten, two = await desk.office.property(1, house="10"), await desk.office.property(2, house="2")
    other = await desk.office.property(3, "CD", street="Far Row")
    found = {}
    for home, number, district, name in ((ten, 1, "AB", "Ten"), (two, 900, "AB", "Two"), (other, 5, "CD", "Far")):
        found[name], _ = await desk.office.add(home, number, district, name=PersonName(name, "Marsh"))
    overseas = FranchiseFacts(date_of_birth=date(1980, 12, 1), nationalities=("GB",), category="overseas")
    found["Away"], _ = await desk.office.add(ten, 2, name=PersonName("Away", "Ash"), franchise=overseas)
    desk.office.on(date(2026, 11, 20))
    await desk.follow()
    return found


async def test_every_entry_is_numbered_in_the_order_of_the_register_from_the_day_of_its_publication(desk: Desk):
    await street(desk)
    told = await numbered(desk)
    assert (told["electors"], told["waiting"], told["moved_up"]) == (4, 0, 0)
    assert await register(desk) == [
        ("AB-1", "Two Marsh"), ("AB-2", "Ten Marsh"), ("AB-3", "Away Ash"), ("CD-1", "Far Marsh"),
    ]  # fmt: skip
    before = await register(desk, date(2026, 11, 30))
    assert [number for number, _ in before] == ["AB-900", "AB-1", "AB-2", "CD-5"]


async def test_edge_case_13_a_card_issued_with_the_old_number_leads_to_the_new_one(desk: Desk):
    electors_ = await street(desk)
    await numbered(desk)
    (found,) = (await desk.get(f"/renumberings/{DECEMBER}/numbers?was=AB-900")).json()["items"]
    assert found == {"elector_id": str(electors_["Two"]), "was": "AB-900", "number": "AB-1"}
    assert len((await desk.get(f"/renumberings/{DECEMBER}/numbers")).json()["items"]) == 4
    assert (await desk.get(f"/renumberings/{DECEMBER}/numbers?was=nothing")).status_code == 422


async def test_a_run_that_was_broken_off_ends_with_the_same_numbers(desk: Desk):
    """As after a crash: some entries have their number already, and the register has grown meanwhile."""
    await street(desk)
    first = await numbered(desk)
    home = await desk.office.property(4, house="1")
    await desk.office.add(home, 901, name=PersonName("Newest", "Moss"))
    await desk.follow()
    assert (await numbered(desk))["electors"] == first["electors"]
    assert {name: number for number, name in await register(desk)}["Two Marsh"] == "AB-1"


async def test_a_number_that_somebody_took_meanwhile_moves_the_entry_to_the_end(desk: Desk):
    known = await street(desk)
    taken = RenumberElector(ElectorNumber(PollingDistrict("AB"), 1), DECEMBER, DECEMBER)
    await desk.office.do(electors, known["Away"], taken)
    told = await numbered(desk)
    assert (told["waiting"], told["moved_up"]) == (0, 1)
    numbers = [number for number, _ in await register(desk)]
    assert len(set(numbers)) == 4


async def test_an_entry_that_ends_only_with_a_later_notice_is_numbered_too(desk: Desk):
    known = await street(desk)
    desk.office.on(date(2026, 12, 1))
    died = EvidenceSource("death-certificate", "register office", date(2026, 12, 1))
    await desk.office.change(known["Ten"], RemoveElector("death-certificate", date(2026, 12, 1), (died,)))
    await desk.follow()
    assert (await numbered(desk))["waiting"] == 0
    assert ("AB-2", "Ten Marsh") in await register(desk)


async def test_a_revised_register_is_not_published_before_it_is_numbered(desk: Desk):
    await street(desk)
    desk.office.on(DECEMBER)
    await desk.follow()
    (found,) = (await desk.get("/notices/blockers?kind=revised-register")).json()
    assert (found["rule"], found["stops"], found["count"]) == ("entry-not-renumbered", True, 4)
    assert found["records"][0] == "AB-1"
    draft = (await desk.post("/notices/drafts", {"kind": "revised-register"}, "first")).json()["draft"]
    answer = await desk.post("/notices", {"draft": draft}, "second")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:moothall:problem:publication-blocked")
    await numbered(desk)
    assert (await desk.get("/notices/blockers?kind=revised-register")).json() == []
    draft = (await desk.post("/notices/drafts", {"kind": "revised-register"}, "first")).json()["draft"]
    assert (await desk.post("/notices", {"draft": draft}, "second")).status_code == 200


@pytest.mark.parametrize("user_role", ["canvasser", "elections-officer", "operator"])
async def test_nobody_without_the_role_numbers_a_register(desk: Desk, user_role):
    assert (await desk.post("/renumberings", {"publish_on": str(DECEMBER)}, "x", user_role)).status_code == 404

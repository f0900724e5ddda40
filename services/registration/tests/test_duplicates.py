"""Likely duplicates from the application or the look through the register to the officer who settles them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registration.applications.commands import AcceptDocuments, AllowApplication
from services.registration.duplicates.run import look_through
from services.registration.views.tests.office import FACTS
from shared.eventcore.testing.core import AUTHORITY, by
from shared.events.values import PersonName
from shared.law.evidence import Document

ADA = PersonName("Ada", "Marsh", "Iris")


async def open_pairs(desk):
    return (await desk.get("/duplicates")).json()["items"]


async def test_edge_case_22_the_same_nino_twice_at_one_address_is_a_task_for_an_officer(desk):
    home = await desk.office.property()
    first, _ = await desk.office.apply(home=home)
    await desk.office.ask(first, AcceptDocuments((Document.PASSPORT,)), AllowApplication(date(2026, 3, 16)))
    await desk.follow()
    second, _ = await desk.office.apply({"fn": "Eve", "ln": "Poole", "dob": "1980-12-01"}, home=home)
    await desk.follow()
    [pair] = await open_pairs(desk)
    assert (pair["score"], pair["reasons"], pair["other"]["id"]) == (100, ["same-nino"], str(second))
    theirs, of_others = [(await desk.get(f"/duplicates?record={id}")).json()["items"] for id in (second, first)]
    assert (theirs, of_others) == ([pair], []), "the first one's entry is the record that is like it"
    confirmed = await desk.post(f"/duplicates/{pair['suspicion_id']}/confirmation", {})
    assert confirmed.status_code == 200
    await desk.follow()
    assert (await desk.get(f"/applications/{second}")).json()["stage"] == "duplicate"
    assert await open_pairs(desk) == []


async def test_edge_case_22_a_student_at_two_addresses_stays_two_entries_and_nobody_asks_again(desk):
    parents, digs = await desk.office.property(1), await desk.office.property(2, house="12")
    await desk.office.add(parents, 1, name=ADA)
    application, _ = await desk.office.apply({"nino": "JB123456A"}, home=digs)
    await desk.follow()
    [pair] = await open_pairs(desk)
    assert "another-address" in pair["reasons"] or "same-postcode" in pair["reasons"]
    dismissed = await desk.post(f"/duplicates/{pair['suspicion_id']}/dismissal", {"because": "two-residences"})
    assert dismissed.status_code == 200
    await desk.office.ask(application, AcceptDocuments((Document.PASSPORT,)), AllowApplication(date(2026, 3, 16)))
    await desk.follow()
    assert len((await desk.get("/register?effective=2026-04-02")).json()["items"]) == 2


async def test_an_application_read_late_is_not_like_the_entry_that_it_led_to(desk):
    home = await desk.office.property()
    application, _ = await desk.office.apply(home=home)
    await desk.office.add(home, 1, name=ADA, application_id=application)
    await desk.follow()
    assert await open_pairs(desk) == []


async def looked_through(desk):
    core = desk.office.core
    async with core.pool.acquire() as conn:
        return await look_through(conn, core.execute, AUTHORITY, date(2026, 5, 1), by())


async def test_the_register_is_looked_through_and_two_officers_merge_and_undo(desk):
    desk.office.on(date(2026, 3, 2))
    home, other = await desk.office.property(1), await desk.office.property(2, house="12")
    stays, _ = await desk.office.add(home, 1, name=ADA)
    goes, _ = await desk.office.add(other, 2, name=replace(ADA, last="Mrash"))
    await desk.office.add(home, 3, name=PersonName("Bea", "Marsh"))  # a twin
    await desk.office.add(home, 4, name=ADA, franchise=replace(FACTS, date_of_birth=date(1951, 3, 7)))  # her mother
    await desk.office.add(other, 5, name=ADA, anonymous=True)
    desk.office.on(date(2026, 5, 1))
    await desk.follow()
    run = await looked_through(desk)
    assert (run.of, run.entries, run.raised) == (12, 12, 1)
    assert (await looked_through(desk)).raised == 0
    await desk.follow()
    [pair] = await open_pairs(desk)
    assert {pair["one"]["id"], pair["other"]["id"]} == {str(stays), str(goes)}
    path = f"/duplicates/{pair['suspicion_id']}"
    assert (await desk.post(f"{path}/merge", {"stays": str(stays)})).json()["type"].endswith("no-such-suspicion")
    await desk.post(f"{path}/confirmation", {}, "one")
    same = await desk.post(f"{path}/merge", {"stays": str(stays)}, "one")
    assert same.json()["type"].endswith("maker-is-checker")
    assert (await desk.post(f"{path}/merge", {"stays": str(stays)}, "another")).status_code == 200
    await desk.follow()
    assert (await desk.get(f"/electors/{goes}/record")).json()["merged_into"] == str(stays)
    before, after = "/register?effective=2026-05-31", "/register?effective=2026-06-02"
    numbers = lambda answer: [item["number"] for item in answer.json()["items"]]  # noqa: E731
    assert (len(numbers(await desk.get(before))), len(numbers(await desk.get(after)))) == (5, 4)
    told = [event["what"] for event in (await desk.get(f"/electors/{stays}/timeline")).json()]
    assert "Electors merged" in told, "the record that stays tells of the one that was merged into it"

    undone = await desk.post(f"/electors/{goes}/merge/undoing", {"because": "different-people"}, "one")
    assert undone.status_code == 200
    await desk.follow()
    assert len(numbers(await desk.get(after))) == 5
    assert (await desk.get(f"/electors/{goes}/record")).json()["merged_into"] is None
    why = (await desk.get(f"/electors/{goes}/why")).json()
    assert why["on_register"], why["answer"]
    for view in ("duplicates", "electors", "register"):
        await desk.office.a_rebuild_is_equal(view)


async def test_an_application_ends_the_invitation_that_waits_for_it(desk):
    desk.office.on(date(2026, 2, 2))
    home = await desk.office.property()
    body = {"name": {"first": "Ada", "last": "Marsh"}, "property_id": str(home), "found_in": "canvass"}
    invited = (await desk.post("/potential-electors", body)).json()["stream_id"]
    body["name"] = {"first": "Bea", "last": "Marsh"}
    waits = (await desk.post("/potential-electors", body)).json()["stream_id"]
    await desk.follow()
    application, _ = await desk.office.apply(home=home)
    await desk.follow()
    page = (await desk.get(f"/potential-electors/{invited}")).json()
    assert (page["stage"], page["closed"]) == ("closed", "applied")
    assert (await desk.get(f"/potential-electors/{waits}")).json()["stage"] == "to-invite"
    assert UUID(str(application))

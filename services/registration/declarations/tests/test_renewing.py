"""Declarations at work: with their entries, by policies and the calendar, on a real store."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from services.registration.main import service
from services.registration.tests.conftest import Desk, desk
from services.registration.views.tests.office import FACTS
from shared.eventcore.deadlines import Deadlines
from shared.events.registration import declaration_id
from shared.events.values import FranchiseFacts

__all__ = ["desk"]

APRIL = date(2026, 4, 1)


async def limited(desk: Desk, category: Any, effective_on: date = APRIL, number: int = 1) -> Any:
    home = await desk.office.property()
    facts = FranchiseFacts(FACTS.date_of_birth, nationalities=("GB",), category=category)
    elector, _ = await desk.office.add(home, number, franchise=facts, effective_on=effective_on)
    await desk.follow()
    return elector


async def falls_due(desk: Desk, on: date) -> None:
    """The clock reaches a day, and what was to happen by then happens."""
    core = desk.office.core
    await Deadlines(service.deadlines).carry_out_due(core.pool, core.execute, datetime.combine(on, time(12), UTC))
    await desk.follow()


async def of_month(desk: Desk, month: str) -> list[dict[str, Any]]:
    return list((await desk.get(f"/declarations?month={month}")).json())


async def test_who_ends_in_which_month_is_counted_and_listed(desk: Desk):
    forces, crown = await limited(desk, "forces"), await limited(desk, "crown", number=2)
    desk.office.on(APRIL)
    counted = (await desk.get("/declarations/ending?until=2031-12-31")).json()
    assert [(row["month"], row["category"], row["ending"]) for row in counted] == [
        ("2027-03-01", "crown", 1), ("2031-03-01", "forces", 1),
    ]  # fmt: skip
    (listed,) = await of_month(desk, "2031-03-31")
    assert (listed["elector_id"], listed["number"], listed["until"]) == (str(forces), "AB-1", "2031-03-31")
    assert [row["elector_id"] for row in await of_month(desk, "2027-03-01")] == [str(crown)]


async def test_a_crown_servant_is_reminded_twice_and_then_removed_and_the_declaration_is_over(desk: Desk):
    elector = await limited(desk, "crown")
    await falls_due(desk, date(2027, 1, 1))
    await falls_due(desk, date(2027, 1, 22))
    (listed,) = await of_month(desk, "2027-03-01")
    assert (listed["reminders"], listed["reminded_on"]) == (2, "2027-01-22")
    await falls_due(desk, date(2027, 3, 31))
    page = (await desk.get(f"/electors/{elector}")).json()
    assert (page["ground"], page["removed_on"]) == ("expired", "2027-05-04")
    assert await of_month(desk, "2027-03-01") == []


async def test_a_renewal_keeps_the_entry_for_a_further_term(desk: Desk):
    elector = await limited(desk, "overseas", date(2024, 11, 1))
    desk.office.on(date(2027, 7, 10))
    renewed = await desk.post(f"/declarations/{elector}/renewal", {"made_on": "2027-07-01"})
    assert renewed.status_code == 200, renewed.text
    await desk.follow()
    await falls_due(desk, date(2027, 11, 2))
    page = (await desk.get(f"/electors/{elector}")).json()
    assert (page["ends_on"], page["removed_on"]) == ("2030-11-01", None)
    assert "1 November 2030" in (await desk.get(f"/electors/{elector}/why")).text


async def test_an_old_declaration_renews_nothing_and_says_why(desk: Desk):
    elector = await limited(desk, "overseas", date(2024, 11, 1))
    desk.office.on(date(2027, 7, 2))
    refused = await desk.post(f"/declarations/{elector}/renewal", {"made_on": "2027-04-01"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:moothall:problem:declaration-too-old")


async def test_edge_case_34_a_forces_reminder_counts_from_the_day_of_effect_and_a_known_discharge_stops_it(desk: Desk):
    elector, other = await limited(desk, "forces"), await limited(desk, "forces", number=2)
    assert (await desk.post(f"/declarations/{other}/service-end", {"ends_on": "2030-06-30"})).status_code == 200
    await falls_due(desk, date(2030, 12, 31))
    assert [row["reminders"] for row in await of_month(desk, "2031-03-01")] == [0, 0]
    await falls_due(desk, date(2031, 1, 1))
    reminded = {row["elector_id"]: row["reminders"] for row in await of_month(desk, "2031-03-01")}
    assert reminded == {str(elector): 1, str(other): 0}


async def test_a_cancelled_declaration_takes_the_entry_with_it(desk: Desk):
    elector = await limited(desk, "local-connection")
    desk.office.on(date(2026, 6, 2))
    assert (await desk.post(f"/declarations/{elector}/cancellation", {})).status_code == 200
    await desk.follow()
    await falls_due(desk, date(2026, 6, 2))
    assert (await desk.get(f"/electors/{elector}")).json()["ground"] == "expired"


async def test_edge_case_32_an_application_with_an_old_declaration_is_rejected(desk: Desk):
    on = date(2026, 9, 2)
    old, _ = await desk.office.apply({"declaredon": "2026-06-01"}, on, kind="forces")
    fresh, _ = await desk.office.apply({"declaredon": "2026-06-02"}, on, kind="forces")
    await desk.follow()
    stages = [(await desk.get(f"/applications/{case}")).json()["stage"] for case in (old, fresh)]
    assert stages[0] == "rejected" != stages[1]


async def test_who_applies_afresh_while_registered_abroad_renews(desk: Desk):
    elector = await limited(desk, "overseas", date(2024, 11, 1))
    again, _ = await desk.office.apply(day=date(2027, 8, 2), kind="overseas")
    await desk.post(f"/applications/{again}/duplicate", {"elector": str(elector)})
    await desk.follow()
    assert (await desk.get(f"/electors/{elector}")).json()["ends_on"] == "2030-11-01"
    assert (
        await desk.office.core.pool.fetchval("SELECT count(*) FROM event WHERE stream_id = $1", declaration_id(elector))
        == 2
    )


async def test_an_entry_of_a_limited_category_stands_among_the_other_electors_without_its_address(desk: Desk):
    await limited(desk, "local-connection")
    (line,) = (await desk.get("/register?effective=2026-04-02")).json()["items"]
    assert (line["section"], line["address"]) == ("other-electors", [])

"""Auditors follow an event through every service and see who looked; operators see readers, parked events and seals."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from deploy.local.postgres import LocalPostgres
from shared.eventcore.clock import system_clock
from shared.eventcore.observing import stream_of_any_authority
from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.looking import look_at
from tests.browser.system import System


async def test_an_auditor_follows_what_came_of_an_event(officer: Officer, system: System):
    page = await officer("auditor")
    await page.get_by_role("link", name="Oversight").click()
    await page.get_by_label("What", exact=True).fill("elector-added.v1")
    await page.get_by_role("button", name="Show").click()
    await look_at(page, "audit-trail")
    await page.get_by_role("link", name="Elector added").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Elector added")
    await expect(page.locator(".desk-tree [aria-current]").first).to_have_text("Elector added")
    await look_at(page, "audit-event")


async def test_the_trail_is_filtered_by_keyboard_alone(officer: Officer):
    page = await officer("auditor")
    await press(page, "Oversight")
    await tab_to(page, "Service")
    await page.keyboard.type("Notif")
    await press(page, "Show")
    events = page.get_by_role("region", name="Events of Notifications")
    newest = await events.get_by_role("row").nth(1).get_by_role("link").first.inner_text()
    await press(page, newest)
    await expect(page.get_by_role("heading", level=1)).to_have_text(newest)


async def test_a_day_that_is_none_is_told_without_scripts(officer: Officer, system: System):
    page = await officer("auditor", scripts=False)
    await page.goto(f"{system.desk}/audit")
    await page.get_by_label("Recorded on").fill("31/2/2026")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter a real date")


async def test_an_auditor_sees_who_looked_at_an_elector(officer: Officer, system: System):
    elector = system.ask("registration", "/register", limit=1)["items"][0]["elector_id"]
    system.ask("registration", f"/electors/{elector}", "ero-deputy")
    page = await officer("auditor")
    await page.goto(f"{system.desk}/reads")
    await look_at(page, "reads")
    await page.get_by_label("Record").fill(elector)
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("region", name="Looks, newest first")).to_contain_text("Elector")
    await look_at(page, "reads-of-a-record")


async def test_who_looked_is_found_by_keyboard_alone(officer: Officer, system: System):
    elector = system.ask("registration", "/register", limit=1)["items"][0]["elector_id"]
    system.ask("registration", f"/electors/{elector}", "ero-deputy")
    page = await officer("auditor")
    await press(page, "Oversight")
    await press(page, "Who looked")
    await type_into(page, "Record", elector)
    await press(page, "Show")
    await expect(page.get_by_role("region", name="Looks, newest first")).to_contain_text("Elector")


async def test_a_record_at_which_nobody_looked_is_told_without_scripts(officer: Officer, system: System):
    page = await officer("auditor", scripts=False)
    await page.goto(f"{system.desk}/reads")
    await page.get_by_label("Record").fill(str(uuid4()))
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("Nobody has looked.")


async def test_a_deputy_who_may_not_see_who_looked_is_not_led_there(officer: Officer, system: System):
    page = await officer("ero-deputy")
    await page.goto(f"{system.desk}/audit")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Audit trail")
    await expect(page.get_by_role("link", name="Who looked")).to_have_count(0)
    await page.goto(f"{system.desk}/reads")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


async def test_an_operator_sees_that_the_seals_hold_and_how_far_readers_are(officer: Officer):
    page = await officer("operator")
    await page.get_by_role("link", name="Oversight").click()
    seals = page.get_by_role("region", name="The chain of seals")
    await expect(seals.get_by_role("row").filter(has_text="Registration")).to_contain_text("Hold")
    await expect(seals.get_by_text("Broken")).to_have_count(0)
    await expect(page.get_by_role("figure")).to_contain_text("readers")
    await look_at(page, "operations")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_what_a_reader_parked_is_tried_again(officer: Officer, system: System, scripts: bool):
    problem = f"ValueError at tests.browser:{uuid4().int % 10_000}"
    await _park(system, problem)
    page = await officer("operator", scripts=scripts)
    await page.goto(f"{system.desk}/operations")
    line = page.get_by_role("row").filter(has_text=problem)
    await expect(line).to_contain_text("view of audit")
    if scripts:
        await look_at(page, "operations-parked")
    await line.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("status")).to_contain_text("will be tried again")
    for _ in range(40):
        if not await line.count():
            return
        await page.wait_for_timeout(500)
        await page.goto(f"{system.desk}/operations")
    raise AssertionError("it is not applied")


async def test_an_operator_looks_at_another_service_by_keyboard_alone(officer: Officer):
    page = await officer("operator")
    await press(page, "Oversight")
    await tab_to(page, "Service")
    await page.keyboard.type("Fin")
    await press(page, "Show")
    await expect(page.get_by_label("Service", exact=True)).to_have_value("finance")


async def _park(system: System, problem: str) -> None:
    """Leave an elector's last event as a reader does that could not apply it, and could now."""
    electors = system.ask("registration", "/register", limit=300)["items"]
    elector = UUID(electors[uuid4().int % len(electors)]["elector_id"])
    owner = await asyncpg.connect(
        LocalPostgres(system.state / "postgres", system.ports.postgres).url("moothall_registration")
    )
    try:
        event = (await stream_of_any_authority(owner, "registration", elector))[-1]
        await owner.execute(
            "INSERT INTO parked VALUES ('view:audit', 'registration', $1, $2, $3, $4, $5, $6, 1, $7)",
            elector, event.position, event.shard, event.type, event.to_json(), problem, system_clock(),
        )  # fmt: skip
    finally:
        await owner.close()

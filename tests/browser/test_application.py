"""Two officers at one application, a record that looks like it, and the queue that leads there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to
from tests.browser.looking import look_at
from tests.browser.people import apply_like, settled
from tests.browser.system import System


@pytest.fixture(scope="module")
def electors(system: System) -> Iterator[str]:
    """People on the register to whom nobody is alike yet: each test takes one."""
    return (
        line["elector_id"]
        for line in settled(system)
        if not system.ask("registration", "/duplicates", record=line["elector_id"])["items"]
    )


async def test_a_change_of_another_officer_is_shown_before_anything_is_overwritten(
    officer: Officer, system: System, electors: Iterator[str]
):
    application = apply_like(system, next(electors), last_name="Clashing")
    mine, theirs = await officer(), await officer("ero-deputy")
    await mine.goto(f"{system.desk}/applications/{application}")
    await theirs.goto(f"{system.desk}/applications/{application}/reject")
    await theirs.get_by_label("Not resident at the address").check()
    await theirs.get_by_role("button", name="Reject this application").click()
    await expect(theirs.locator(".desk-identity")).to_contain_text("Rejected")
    await mine.get_by_role("button", name="Allow this application").click()
    await expect(mine.get_by_role("alert")).to_contain_text("Somebody else changed this")
    await expect(mine.locator(".desk-identity")).to_contain_text("Rejected")
    await expect(mine.get_by_role("complementary", name="Timeline")).to_contain_text("Application rejected")
    await look_at(mine, "application-clash")


async def test_an_application_is_settled_beside_the_entry_that_it_repeats(
    officer: Officer, system: System, electors: Iterator[str]
):
    application = apply_like(system, next(electors))
    page = await officer()
    await _until_compared(page, f"{system.desk}/applications/{application}")
    await look_at(page, "application-beside-an-entry")
    await page.get_by_role("button", name="Settle it").click()
    await expect(page.get_by_role("alert")).to_contain_text("Choose what you have found")
    await page.get_by_label("One person: this application is a duplicate").check()
    await page.get_by_role("button", name="Settle it").click()
    await expect(page.get_by_role("heading", name="Perhaps the same person")).to_have_count(0)


async def test_two_people_are_told_apart_by_keyboard_alone(officer: Officer, system: System, electors: Iterator[str]):
    application = apply_like(system, next(electors))
    page = await officer()
    await _until_compared(page, f"{system.desk}/applications/{application}")
    await tab_to(page, "One person: this application")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await press(page, "Settle it")
    await expect(page.get_by_role("heading", name="Perhaps the same person")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Decide")).to_be_visible()


async def test_the_queue_shows_what_is_open_and_on_request_what_is_decided(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/applications")
    await expect(page.locator("main table").last).not_to_contain_text("Allowed")
    await look_at(page, "queue")
    await page.get_by_label("Stage").select_option("Allowed")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main table").last).to_contain_text("Allowed")
    await page.get_by_label("Stage").select_option("Objection upheld")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("No application fits these filters.")
    await look_at(page, "queue-empty")
    await page.get_by_label("Due before").fill("31/2/2026")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter a real date")
    await look_at(page, "queue-error")


async def _until_compared(page: Page, url: str) -> None:
    """Open an application when it has been compared with the register, which a policy does a moment after it came."""
    for _ in range(20):
        await page.goto(url)
        if await page.get_by_role("heading", name="Perhaps the same person").count():
            return
        await page.wait_for_timeout(500)
    raise AssertionError("nothing like it was found")

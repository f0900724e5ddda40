"""An officer finds an application, decides it, and sees who is on the register and why: by mouse, by keys alone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Officer
from tests.browser.looking import look_at
from tests.browser.system import System


@pytest.fixture(scope="module")
def waiting(system: System) -> Iterator[str]:
    """References of applications whose objection window has closed: each test takes one."""
    system.move_on("registration", days=10)
    found = system.ask("registration", "/applications", stage="verified", limit=100)["items"]
    return iter([each["reference"] for each in found])


async def test_an_application_is_found_allowed_and_explained(officer: Officer, waiting: Iterator[str]):
    page = await officer()
    await look_at(page, "my-work")
    await page.get_by_label("Search for a name").fill(next(waiting))
    await page.get_by_role("button", name="Search").first.click()
    await look_at(page, "search")
    await page.locator("main table a").first.click()
    await look_at(page, "application")
    await page.get_by_role("button", name="Allow this application").click()
    await _sees_the_elector(page)
    await look_at(page, "elector")


async def test_an_application_is_allowed_by_keyboard_alone(officer: Officer, waiting: Iterator[str]):
    page = await officer()
    reference = next(waiting)
    await page.keyboard.press("/")
    await page.keyboard.type(reference)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page).to_have_title(f"Application {reference} – Moothall")
    await _tab_to(page, "Allow this application")
    await page.keyboard.press("Enter")
    await _sees_the_elector(page)


async def test_an_application_is_allowed_without_scripts(officer: Officer, waiting: Iterator[str]):
    page = await officer(scripts=False)
    await page.get_by_label("Search for a name").fill(next(waiting))
    await page.get_by_role("button", name="Search").first.click()
    await page.locator("main table a").first.click()
    await page.get_by_role("button", name="Allow this application").click()
    await _sees_the_elector(page)


async def test_a_rejection_without_a_reason_keeps_what_was_typed(officer: Officer, waiting: Iterator[str]):
    page = await officer()
    await page.get_by_label("Search for a name").fill(next(waiting))
    await page.keyboard.press("Enter")
    await page.locator("main table a").first.click()
    await page.get_by_role("link", name="Reject it").click()
    await page.get_by_label("Explanation for the applicant").fill("You told us that you had moved away.")
    await page.get_by_role("button", name="Reject this application").click()
    await expect(page).to_have_title(
        "Error: " + await page.get_by_role("heading", level=1).inner_text() + " – Moothall"
    )
    await expect(page.get_by_label("Explanation for the applicant")).to_have_value(
        "You told us that you had moved away."
    )
    await look_at(page, "application-reject-error")
    await page.get_by_label("Not resident at the address").check()
    await page.get_by_role("button", name="Reject this application").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Rejected")


async def test_an_entry_is_shown_as_at_another_day(officer: Officer, system: System):
    entry = system.ask("registration", "/register", limit=1)["items"][0]
    page = await officer()
    await page.goto(f"{system.desk}/electors/{entry['elector_id']}")
    await page.get_by_label("As at", exact=True).fill("1/1/1999")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("No entry of this elector is in force on 1 January 1999")
    await page.get_by_label("As at", exact=True).fill("31/2/2026")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter a real date")


async def _sees_the_elector(page: Page) -> None:
    await expect(page.locator(".desk-identity")).to_contain_text("Allowed")
    link = page.get_by_role("link", name="The elector’s entry, and why it stands")
    for _ in range(10):  # the entry is made by a policy, a moment after the decision
        if await link.count():
            break
        await page.wait_for_timeout(500)
        await page.reload()
    await link.click()
    await expect(page.get_by_role("heading", name="Why")).to_contain_text("the register")
    await expect(page.locator("main")).to_contain_text("Entered on the register")


async def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what has this text."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if name in await page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"no Tab leads to {name!r}")

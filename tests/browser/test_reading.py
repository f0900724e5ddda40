"""From a caller's name to the entry, its reasons and the home; from a list to what it holds: by keys alone, and without scripts."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.looking import comes, look_at
from tests.browser.people import apply_like, settled
from tests.browser.system import System


@pytest.fixture(scope="module")
def entry(system: System) -> dict[str, Any]:
    """An entry that is in force."""
    return next(settled(system))


@pytest.fixture(scope="module")
def application(system: System, entry: dict[str, Any]) -> str:
    """An application that is open: it waits for its objection days, and after them for a decision."""
    opened = apply_like(system, entry["elector_id"], last_name="Reading")
    system.move_on("registration", days=10)
    return opened


async def test_an_entry_and_its_home_are_found_by_keyboard_alone(
    officer: Officer, system: System, entry: dict[str, Any]
):
    page = await officer()
    await page.keyboard.press("/")
    await page.keyboard.type(entry["number"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Why on the register")).to_be_visible()
    await type_into(page, "As at", "1/1/1999")
    await press(page, "Show")
    await expect(page.locator("main")).to_contain_text("No entry of this elector is in force on 1 January 1999")
    await press(page, "The property and who is registered there")
    await expect(page.get_by_role("heading", name="Registered here")).to_be_visible()
    await look_at(page, "property-with-electors")
    await press(page, entry["name"].split()[-1])
    await expect(page.locator(".desk-identity")).to_contain_text(entry["number"])


async def test_an_entry_and_its_home_are_found_without_scripts(officer: Officer, system: System, entry: dict[str, Any]):
    page = await officer(scripts=False)
    await page.get_by_label("Search for a name").fill(entry["number"])
    await page.get_by_role("button", name="Search").first.click()
    await page.locator("main table a").first.click()
    await page.get_by_label("As known at the end of").fill("1/1/1999")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("as known at the end of 1 January 1999")
    await page.get_by_role("link", name="The property and who is registered there").click()
    await expect(page.get_by_role("region", name="Electors")).to_contain_text(entry["number"])


async def test_what_is_found_nowhere_is_told_with_what_to_try(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/search?q=zzyzx")
    await expect(page.locator("main")).to_contain_text("Try fewer letters of the surname")
    await look_at(page, "search-nothing")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_an_application_is_reached_from_my_work_by_keyboard_alone(
    officer: Officer, application: str, scripts: bool
):
    page = await officer(scripts=scripts)
    await comes(page, page.get_by_role("link", name="Reading"))
    if scripts:
        await look_at(page, "my-work-with-tasks")
    await press(page, "Reading")
    await expect(page).to_have_url(re.compile(application))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_my_work_is_narrowed_to_one_type_of_task(
    officer: Officer, system: System, application: str, scripts: bool
):
    uprn = 9_970_000_000 + uuid4().int % 9_000_000
    address = {"property": "1", "street": "Nowhere Yet", "town": "Gavelford", "postcode": "ZZ1 1AA", "uprn": uprn}
    system.tell("registration", "/properties", {"address": address, "uprn": uprn})
    page = await officer(scripts=scripts)
    await comes(page, page.get_by_role("link", name="in no polling district"))
    await expect(page.get_by_role("link", name="Reading")).to_have_count(1)
    await page.get_by_label("Type").select_option("Unallocated")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("link", name="in no polling district")).to_have_count(1)
    await expect(page.get_by_role("link", name="Reading")).to_have_count(0)


async def test_an_application_is_reached_through_the_queue_by_keyboard_alone(officer: Officer, application: str):
    page = await officer()
    await page.keyboard.press("g")
    async with page.expect_navigation():
        await page.keyboard.press("q")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Applications")
    await tab_to(page, "Order")
    await page.keyboard.type("D")
    await press(page, "Show")
    await press(page, "Reading")
    await expect(page.get_by_role("complementary", name="Timeline")).to_be_visible()


async def test_the_queue_is_filtered_without_scripts(officer: Officer, system: System):
    page = await officer(scripts=False)
    await page.goto(f"{system.desk}/applications")
    await page.get_by_label("Stage").select_option("Allowed")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main table").last).to_contain_text("Allowed")


async def test_the_canvass_is_read_without_scripts(officer: Officer):
    page = await officer(scripts=False)
    await page.get_by_role("link", name="Canvass").first.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("anvass")

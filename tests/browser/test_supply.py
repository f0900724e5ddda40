"""A copy of the register is asked for, made, and handed over by an officer who did not make it."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.looking import look_at
from tests.browser.system import System

COMMISSION = "/supplies/new?recipient=electoral-commission"


async def test_a_copy_is_asked_for_made_and_released_by_another_officer(officer: Officer, system: System):
    page, other = await officer(), await officer("ero-deputy")
    await page.goto(f"{system.desk}/supplies")
    await page.get_by_role("button", name="Enter a request").click()
    await look_at(page, "supply-who")
    await page.get_by_label("Who asks").select_option("The Electoral Commission")
    await page.get_by_role("button", name="Continue").click()
    await look_at(page, "supply-request")
    await page.get_by_label("Name of the applicant").fill("A Sample")
    await page.get_by_label("As data").check()
    await page.get_by_label("Purpose").fill("its statutory functions")
    await page.get_by_role("button", name="Enter the request").click()
    await expect(page.locator(".desk-identity")).to_contain_text("To be made")
    await page.get_by_role("button", name="Make the copy").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Waits for release")
    await look_at(page, "supply-made")
    await page.get_by_role("button", name="Release the copy").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await look_at(page, "supply-release-refused")
    await other.goto(page.url.removesuffix("/release"))
    await other.get_by_role("button", name="Release the copy").click()
    await expect(other.locator(".desk-identity")).to_contain_text("Handed over")
    await look_at(other, "supply-released")
    await page.goto(f"{system.desk}/supplies")
    await expect(page.get_by_role("region", name="Copies asked for")).to_contain_text("Handed over")
    await look_at(page, "supply-ledger")


async def test_a_copy_is_asked_for_by_keyboard_alone(officer: Officer, system: System):
    page = await officer()
    await page.goto(system.desk + COMMISSION)
    await type_into(page, "Name of the applicant", "K Board")
    await tab_to(page, "As data")
    await page.keyboard.press("Space")
    await type_into(page, "Purpose", "its statutory functions")
    await press(page, "Enter the request")
    await expect(page.locator(".desk-identity")).to_contain_text("To be made")


async def test_a_request_is_refused_with_its_regulation_and_withdrawn_without_scripts(officer: Officer, system: System):
    page = await officer(scripts=False)
    await page.goto(system.desk + COMMISSION)
    await page.get_by_role("button", name="Enter the request").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter who asks for it")
    await _fill(page, "Absent voter lists are not theirs")
    await page.get_by_label("What is asked for").select_option("Lists of absent voters")
    await page.get_by_role("button", name="Enter the request").click()
    await expect(page.get_by_role("alert")).to_contain_text("RPR 2001")
    await page.get_by_label("What is asked for").select_option("Full register")
    await page.get_by_role("button", name="Enter the request").click()
    await page.get_by_text("It is not wanted after all").click()
    await page.get_by_label("It was entered in error").check()
    await page.get_by_role("button", name="Withdraw the request").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Withdrawn")


async def _fill(page: Page, applicant: str) -> None:
    await page.get_by_label("Name of the applicant").fill(applicant)
    await page.get_by_label("As data").check()
    await page.get_by_label("Purpose").fill("its statutory functions")

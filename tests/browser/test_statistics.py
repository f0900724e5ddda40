"""The figures of the register and of the work, and that the list behind each holds what it counts."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press
from tests.browser.looking import look_at
from tests.browser.system import System


async def rows(page: Page) -> int:
    """Of the list behind a figure, over all its pages."""
    if await (most := page.get_by_role("link", name="100", exact=True)).count():
        await most.click()
    found = await page.locator("main tbody tr").count()
    while await (following := page.get_by_role("link", name="Next page")).count():
        await following.click()
        found += await page.locator("main tbody tr").count()
    return found


async def test_a_figure_of_the_electorate_opens_the_entries_that_it_counts(officer: Officer):
    page = await officer()
    await page.get_by_role("link", name="Register", exact=True).click()
    await page.get_by_role("link", name="Electorate", exact=True).click()
    await look_at(page, "electorate")
    figure = page.get_by_role("link", name=re.compile(r"^\d+, UK Parliament, AA"))
    said = await figure.first.inner_text()
    await figure.first.click()
    await look_at(page, "electorate-behind-a-figure")
    assert await rows(page) == int(said.replace(",", ""))


async def test_the_electorate_of_another_day_and_of_wards(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/statistics")
    await page.get_by_label("On", exact=True).fill("1 December 2001")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("Nobody was on the register that day.")
    await page.get_by_label("On", exact=True).fill("yesterday or so")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter a real date")
    await page.get_by_label("On", exact=True).fill("")
    await page.get_by_label("A line for each").select_option("Ward")
    await page.get_by_role("button", name="Show").click()
    async with page.expect_download() as file:
        await page.get_by_role("link", name="Download this table as CSV").click()
    assert (await file.value).suggested_filename.endswith("-by-ward.csv")
    await page.get_by_role("link", name="Look again").click()
    await expect(page.get_by_label("A line for each")).to_have_value("ward")


async def test_a_counter_opens_what_it_counts_and_its_records(officer: Officer):
    page = await officer()
    await page.get_by_role("link", name="Register", exact=True).click()
    await page.get_by_role("link", name="Performance standards").click()
    await page.get_by_label("From", exact=True).fill("1/1/2020")
    await page.get_by_role("button", name="Show").click()
    await look_at(page, "performance-standards")
    figure = page.get_by_role("link", name=re.compile(r"^\d+, Applications received, "))
    said = await figure.first.inner_text()
    await figure.first.click()
    await look_at(page, "performance-standards-behind-a-figure")
    record = page.get_by_role("link", name=re.compile("^Open")).first
    address = await record.get_attribute("href")
    assert await rows(page) == int(said.replace(",", ""))
    await page.goto(f"{page.url.split('/statistics')[0]}{address}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/applications/" in page.url


async def test_the_standards_are_read_by_keyboard_alone(officer: Officer):
    page = await officer()
    await press(page, "Register")
    await press(page, "Performance standards")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Performance standards")


async def test_an_auditor_reads_figures_and_goes_on_in_the_audit_trail_but_opens_no_entries(
    officer: Officer, system: System
):
    page = await officer("auditor")
    await page.goto(f"{system.desk}/statistics")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Electorate")
    assert await page.get_by_role("link", name=re.compile("UK Parliament")).count() == 0
    await page.goto(f"{system.desk}/statistics/electors/entries")
    await expect(page.get_by_role("heading", level=1)).not_to_contain_text("All entries")
    await page.goto(f"{system.desk}/statistics/standards?since=2020-01-01")
    await page.get_by_role("link", name=re.compile(r"^\d+, Absent votes granted, ")).first.click()
    await page.get_by_role("link", name=re.compile("^In the audit trail")).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Postal vote granted")

"""A notice before a poll is prepared by one officer and published by another; neither can do it alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.async_api import Page, expect

from shared.law.polls import PollType
from shared.law.registration import election_notices
from tests.browser.conftest import Officer
from tests.browser.keyboard import press
from tests.browser.looking import look_at
from tests.browser.system import System


@pytest.fixture
def polling_day(system: System) -> date:
    """Of a poll whose first interim notice falls on registration's today, and was not published yet."""
    published = {notice["poll"] for notice in system.ask("registration", "/notices")}
    for ahead in range(10, 200):
        system.move_on("registration", ahead)
        today = date.fromisoformat(system.ask("registration", "/rehearsal/clock", "ero-deputy")["now"][:10])
        days = (today + timedelta(days) for days in range(20, 50))
        for day in days:
            interim = election_notices(PollType.LOCAL, day).first_interim
            if interim is not None and interim.publish == today and day.isoformat() not in published:
                return day
    raise AssertionError("no day of a first interim notice comes")


async def test_a_notice_is_prepared_by_one_officer_and_published_by_another(
    officer: Officer, system: System, polling_day: date
):
    preparing, publishing = await officer(), await officer("ero-deputy")
    await preparing.goto(f"{system.desk}/publication")
    await look_at(preparing, "publication")
    await _prepare(preparing, polling_day)
    await expect(preparing.locator("main")).to_contain_text("Another officer publishes it.")
    await expect(preparing.get_by_role("button", name="Publish it")).to_have_count(0)
    await look_at(preparing, "publication-draft-own")
    await publishing.goto(preparing.url)
    await look_at(publishing, "publication-draft")
    await publishing.get_by_role("button", name="Publish it").click()
    published = publishing.get_by_role("region", name="Published, newest first")
    await expect(published).to_contain_text(f"poll of {polling_day:%-d %B %Y}: AAA")
    await look_at(publishing, "publication-published")
    async with publishing.expect_response("**/publication/*.csv") as file:
        await publishing.get_by_role("link", name="CSV of First interim notice").first.click()
    assert (await file.value).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_notice_is_prepared_and_published_by_keyboard_alone(
    officer: Officer, system: System, polling_day: date, scripts: bool
):
    preparing, publishing = await officer(scripts=False), await officer("ero-deputy", scripts=scripts)
    await preparing.goto(f"{system.desk}/publication")
    await _prepare(preparing, polling_day)
    await publishing.goto(preparing.url)
    await press(publishing, "Publish it")
    await expect(publishing.get_by_role("region", name="Published, newest first")).to_contain_text("AAA")


async def test_who_signed_in_long_ago_confirms_who_they_are_before_they_publish(
    officer: Officer, system: System, polling_day: date
):
    preparing, publishing = await officer(), await officer("ero-deputy")
    await preparing.goto(f"{system.desk}/publication")
    await _prepare(preparing, polling_day)
    await publishing.goto(f"{system.desk}/sign-in")
    await publishing.goto(f"{publishing.url}&user=ero-deputy&signed_in_ago=3600")
    await publishing.goto(preparing.url)
    await publishing.get_by_role("button", name="Publish it").click()
    await expect(publishing.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    await look_at(publishing, "confirm-that-it-is-you")
    await publishing.get_by_role("link", name="Sign in again").click()
    await publishing.get_by_role("link", name=", ero-deputy").click()
    await expect(publishing).to_have_url(preparing.url)
    await publishing.get_by_role("button", name="Publish it").click()
    await expect(publishing.get_by_role("region", name="Published, newest first")).to_contain_text("AAA")


async def test_a_notice_before_a_poll_names_the_poll(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/publication")
    await page.get_by_label("What to prepare").select_option("Final notice before a poll")
    await page.get_by_role("button", name="Prepare it").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the day of the poll")
    await look_at(page, "publication-error")
    await page.goto(f"{system.desk}/publication/changes?change=removal&area=zzz")
    await expect(page.locator("main")).to_contain_text("No entry would be named with these filters.")
    await look_at(page, "publication-changes-empty")


async def _prepare(page: Page, polling_day: date) -> None:
    await page.get_by_label("What to prepare").select_option("First interim notice before a poll")
    await page.get_by_label("Kind of poll").select_option("Local")
    await page.get_by_label("Day of the poll").fill(f"{polling_day:%-d/%-m/%Y}")
    await page.get_by_label("Polling districts").fill("aaa")
    await page.get_by_role("button", name="Prepare it").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Publish:")

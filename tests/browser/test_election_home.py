"""An elections officer sees what a poll needs and ticks it off; the timetable says why each day is what it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press
from tests.browser.looking import comes, look_at
from tests.browser.system import System

AHEAD = timedelta(days=44)
"""Before polling day: its notice of election is due within days."""
THURSDAY = 3
STEP = "First interim notice of alteration"
NOTICE = "Notice of election published"


@pytest.fixture
def poll(system: System) -> str:
    """The title of the page of a by-election on a Thursday on which nothing else is polled."""
    now = datetime.fromisoformat(system.ask("elections", "/rehearsal/clock", "operator")["now"]).date()
    taken = {line["polling_day"] for line in system.ask("elections", "/elections", "ro-deputy", limit=500)["items"]}
    day = now + AHEAD
    while day.weekday() != THURSDAY or day.isoformat() in taken:
        day += timedelta(days=1)
    entry = system.ask("registration", "/register", limit=1)["items"][0]
    return _by_election(system, day, entry["ward"])


async def test_a_step_of_the_checklist_is_ticked_off(officer: Officer, system: System, poll: str):
    page = await officer("elections-officer")
    await page.get_by_role("link", name="Elections").first.click()
    await look_at(page, "elections")
    await page.get_by_role("link", name=poll).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(poll)
    await look_at(page, "election-home")
    await _line(page, STEP).get_by_role("button", name="Done").click()
    await _is_done(page)
    election = page.url.removeprefix(system.desk).partition("#")[0]
    system.tell("elections", f"{election}/notices/notice-of-election", user="ro-deputy")
    await comes(page, page.get_by_role("link", name="Notice of election (PDF)"))
    await _is_done(page, NOTICE)
    await look_at(page, "election-home-step-done")
    async with page.expect_response("**/notice-of-election.pdf") as notice:
        await page.get_by_role("link", name="Notice of election (PDF)").click()
    assert (await notice.value).headers["content-type"] == "application/pdf"


async def test_a_step_is_ticked_off_by_keyboard_alone(officer: Officer, poll: str):
    page = await officer("elections-officer")
    await press(page, "Elections")
    await press(page, poll)
    await press(page, f"Done: {STEP}")
    await _is_done(page)


async def test_a_step_is_ticked_off_without_scripts(officer: Officer, poll: str):
    page = await officer("elections-officer", scripts=False)
    await page.goto(f"{page.url}elections")
    await page.get_by_role("link", name=poll).click()
    await _line(page, STEP).get_by_role("button", name="Done").click()
    await _is_done(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_poll_card_is_looked_at_before_any_is_printed(officer: Officer, poll: str, scripts: bool):
    page = await officer("elections-officer", scripts=scripts, accept_downloads=True)
    await page.goto(f"{page.url}elections")
    await page.get_by_role("link", name=poll).click()
    await page.get_by_label("Name and address of the polling station").fill("Scout Hut, <b>Sea Road</b>")
    async with page.expect_response("**/poll-card-proof.pdf?**") as proof:
        await page.get_by_role("button", name="Show a proof of the poll card").click()
    answer = await proof.value
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")


async def test_who_only_reads_polls_is_offered_no_step(officer: Officer, poll: str):
    page = await officer("auditor")
    await page.goto(f"{page.url}elections")
    await page.get_by_role("link", name=poll).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(poll)
    await expect(page.get_by_role("button", name="Done")).to_have_count(0)


async def _is_done(page: Page, step: str = STEP) -> None:
    await expect(_line(page, step).locator(".govuk-tag")).to_have_text("Done")


def _line(page: Page, step: str) -> Locator:
    return page.get_by_role("region", name="Checklist").get_by_role("row").filter(has_text=step)


def _by_election(system: System, day: date, ward: str) -> str:
    asked = {
        "kind": "local", "polling_day": day.isoformat(), "organisation": "Mootshire District Council", "slug": "mootshire",
        "by_election": True, "reason": "RESIGNATION",
        "contests": [{"area": {"kind": "ward", "name": "Example Row", "code": ward}, "seats": 1}],
    }  # fmt: skip
    election = f"/elections/{system.tell('elections', '/elections', asked, 'ro-deputy')['stream_id']}"
    place = {
        "place": "Council Offices, Gavelford",
        "forms_from": "the Returning Officer",
        "officer_name": "Ada Mootshire",
    }
    system.tell("elections", f"{election}/nomination-arrangements", place, "ro-deputy")
    title = system.ask("elections", election, "ro-deputy")["title"]
    return f"{title}, {day:%-d %B %Y}"

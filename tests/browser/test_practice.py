"""A first day: what an officer does is ticked off because it was recorded; starting again begins at nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press
from tests.browser.looking import comes, look_at
from tests.browser.people import apply_like, settled
from tests.browser.system import System

FIRST = "Find a person, and say why they are on the register"


async def test_a_task_is_ticked_off_by_what_was_recorded(officer: Officer, system: System):
    page = await officer("registration-officer")
    await page.goto(f"{system.desk}/help")
    await page.get_by_role("link", name="Your first day").click()
    await page.get_by_role("button", name="Start again").click()
    await expect(page.locator("main")).to_contain_text("since")
    practice = page.url
    await expect(_task(page, FIRST)).to_contain_text("To do")
    await look_at(page, "practice")
    entry = system.ask("registration", "/register", limit=1)["items"][0]
    await page.goto(f"{system.desk}/search?q={entry['number']}")
    await page.goto(f"{system.desk}/electors/{entry['elector_id']}")
    await page.goto(practice)
    await comes(page, _task(page, FIRST).get_by_text("Done", exact=True))
    await look_at(page, "practice-one-done")


async def test_a_new_officer_does_all_eight_tasks_on_the_first_day(officer: Officer, system: System):
    page, colleague = await officer("registration-officer"), await officer("ero-deputy")
    system.move_on("registration", days=10)
    await page.goto(f"{system.desk}/practice")
    await page.get_by_role("button", name="Start again").click()
    await expect(page.locator("main")).to_contain_text("0 of 8 done")
    practice = page.url
    people = _voting_in_person(system)

    await page.get_by_role("link", name="Search", exact=True).last.click()
    one = next(people)
    await page.locator("main").get_by_role("searchbox").fill(one["number"])
    await page.locator("main").get_by_role("button", name="Search").click()
    await page.locator("main table a").first.click()
    await expect(page.get_by_role("heading", name="Why on the register")).to_be_visible()
    await _ticked_off(page, practice, FIRST)

    await page.get_by_role("link", name="Applications that are verified").click()
    await page.locator("main tbody a").last.click()  # other tests take the first ones
    await page.get_by_role("button", name="Allow this application").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Allowed")
    await _ticked_off(page, practice, "Allow an application")

    application = apply_like(system, one["elector_id"], last_name="Practising")
    await page.goto(f"{system.desk}/applications/{application}/reject")
    await page.get_by_label("Not resident at the address").check()
    await page.get_by_role("button", name="Reject this application").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Rejected")
    await _ticked_off(page, practice, "Reject an application with the reason that the law asks")

    await _absent_votes(page, system, one["elector_id"], "Grant a postal vote")
    await page.get_by_label("As long as the law allows").check()
    await page.get_by_role("button", name="Grant the postal vote").click()
    await _ticked_off(page, practice, "Grant a postal vote")

    await _absent_votes(page, system, next(people)["elector_id"], "Refuse an application")
    await page.get_by_label("Identity not confirmed").check()
    await page.get_by_role("button", name="Refuse the postal vote").click()
    await _ticked_off(page, practice, "Refuse an absent vote")

    await page.goto(f"{system.desk}/electors/{next(people)['elector_id']}/absent-votes")
    await _ticked_off(page, practice, "Answer a caller")

    await page.get_by_role("link", name="Enter a request").click()
    await page.get_by_label("Who asks").select_option("The Electoral Commission")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Name of the applicant").fill("A Beginner")
    await page.get_by_label("As data").check()
    await page.get_by_label("Purpose").fill("its statutory functions")
    await page.get_by_role("button", name="Enter the request").click()
    supply = page.url
    await _ticked_off(page, practice, "Enter a request for a copy of the register, with its fee")

    await page.goto(supply)
    await page.get_by_role("button", name="Make the copy").click()
    await page.get_by_role("button", name="Release the copy").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await colleague.goto(supply)
    await colleague.get_by_role("button", name="Release the copy").click()
    await expect(colleague.locator(".desk-identity")).to_contain_text("Handed over")
    await _ticked_off(page, practice, "Let nothing out by yourself")
    await expect(page.locator("main")).to_contain_text("8 of 8 done")
    await look_at(page, "practice-all-done")


async def test_tasks_are_started_again_by_keyboard_alone_and_without_scripts(officer: Officer, system: System):
    page = await officer("ero-deputy", scripts=False)
    await page.goto(f"{system.desk}/practice")
    await press(page, "Start again")
    await expect(page.locator("main")).to_contain_text("0 of 8 done")


async def test_who_does_not_work_with_the_register_is_offered_no_first_day(officer: Officer, system: System):
    page = await officer("member")
    await page.goto(f"{system.desk}/help")
    await expect(page.get_by_role("link", name="Your first day")).to_have_count(0)
    await page.goto(f"{system.desk}/practice")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


def _voting_in_person(system: System) -> Iterator[dict[str, Any]]:
    """Electors with no absent vote, from the end of the register: other tests take the first ones."""
    for line in reversed(list(settled(system))):
        if not system.ask("registration", f"/electors/{line['elector_id']}/absent-votes")["arrangements"]:
            yield line


async def _absent_votes(page: Page, system: System, elector: str, what: str) -> None:
    await page.goto(f"{system.desk}/electors/{elector}/absent-votes")
    await page.get_by_role("link", name=what).first.click()


async def _ticked_off(page: Page, practice: str, title: str) -> None:
    await page.goto(practice)
    await comes(page, _task(page, title).get_by_text("Done", exact=True))


def _task(page: Page, title: str) -> Locator:
    return page.locator("main li").filter(has_text=title)

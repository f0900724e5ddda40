"""The post room: an enquiry is logged, answered and closed; letters leave in jobs that the print house accounts for."""

from __future__ import annotations

import time
from uuid import uuid4

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.looking import comes, look_at
from tests.browser.system import System


async def test_an_enquiry_is_logged_answered_and_closed(officer: Officer):
    page = await officer("correspondence")
    await page.get_by_role("link", name="Letters").first.click()
    await page.get_by_role("button", name="Log an enquiry").click()
    await page.get_by_role("button", name="Log this enquiry").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter what it says")
    await look_at(page, "enquiry-new-error")
    await page.get_by_role("radio", name="Letter").check()
    await page.get_by_label("Freedom of information request").check()
    await page.get_by_label("From").fill("Juniper Quill")
    await page.get_by_label("What it says").fill("How many polling stations have step-free access?")
    await page.get_by_role("button", name="Log this enquiry").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Freedom of information request received on")
    await look_at(page, "enquiry")
    await page.get_by_label("What the enquirer is answered").fill("All nine of them.")
    await page.get_by_role("button", name="Record the answer").click()
    await expect(_state(page)).to_have_text("Answered")
    await page.get_by_label("Answered", exact=True).check()
    await page.get_by_role("button", name="Close the enquiry").click()
    await expect(_state(page)).to_have_text("Closed")
    await look_at(page, "enquiry-closed")
    await page.get_by_role("link", name="Post room").first.click()
    await look_at(page, "post-room")


async def test_an_enquiry_is_answered_by_keyboard_alone(officer: Officer, system: System):
    page = await officer("correspondence")
    await page.goto(f"{system.desk}/post/{_enquiry(system)}")
    await type_into(page, "What the enquirer is answered", "At the council offices.")
    await press(page, "Record the answer")
    await expect(_state(page)).to_have_text("Answered")
    await tab_to(page, "Answered")
    await page.keyboard.press("Space")
    await press(page, "Close the enquiry")
    await expect(_state(page)).to_have_text("Closed")


async def test_an_enquiry_is_answered_without_scripts(officer: Officer, system: System):
    page = await officer("correspondence", scripts=False)
    await page.goto(f"{system.desk}/post/{_enquiry(system)}")
    await page.get_by_label("What the enquirer is answered").fill("At the council offices.")
    await page.get_by_role("button", name="Record the answer").click()
    await expect(_state(page)).to_have_text("Answered")


async def test_letters_are_looked_at_and_the_print_houses_report_is_taken_in(officer: Officer, system: System):
    page = await officer("correspondence")
    await page.goto(f"{system.desk}/messages")
    await look_at(page, "messages")
    await page.get_by_role("region", name="Messages, the oldest first").get_by_role("link").first.click()
    await look_at(page, "message")
    await page.get_by_role("link", name="Print jobs").click()
    await look_at(page, "print-jobs")
    job = _job_without_a_report(system)
    await page.goto(f"{system.desk}/print-jobs/{job}")
    await page.get_by_label("The file that it sent back").set_input_files(_file("seq,outcome\n1,posted\n"))
    await page.get_by_role("button", name="Take the report in").click()
    await expect(page.get_by_role("alert")).to_contain_text("this column is missing")
    await look_at(page, "print-job-error")
    await page.get_by_label("The file that it sent back").set_input_files(_file(f"job,seq,outcome\n{job},1,posted\n"))
    await page.get_by_role("button", name="Take the report in").click()
    await comes(page, page.get_by_text("Reported", exact=True))
    await look_at(page, "print-job")


def _state(page: Page) -> Locator:
    return page.locator(".desk-identity .govuk-tag")


def _enquiry(system: System) -> str:
    asked = {"channel": "email", "received_on": "2026-11-20", "summary": f"Where do I vote? {uuid4()}"}
    enquiry = str(system.tell("notifications", "/enquiries", asked, "correspondence")["stream_id"])
    while not system.there("notifications", f"/enquiries/{enquiry}", "correspondence"):
        time.sleep(0.1)  # its view follows in a moment
    return enquiry


def _job_without_a_report(system: System) -> str:
    jobs = system.ask("notifications", "/print-jobs", "correspondence", limit=100)["items"]
    return next(job["job_id"] for job in jobs if job["reported_at"] is None and job["status"] == "handed-over")


def _file(text: str) -> FilePayload:
    return {"name": "report.csv", "mimeType": "text/csv", "buffer": text.encode()}

"""Democratic services call a meeting, see what clashes, book a room, move it and cancel it: by mouse, keyboard alone, without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.looking import comes, look_at
from tests.browser.system import System

OFFICER = "dem-services"
AHEAD, A_WEEK = 70, 7
"""Days from today: far enough for every clear day, near enough for the bank holidays that are known."""


@dataclass(frozen=True)
class Town:
    """Two bodies on which the same member sits, a room, and a weekday on which none of them meets."""

    body: str
    other: str
    member: str
    room: str
    day: date

    def typed(self) -> str:
        return f"{self.day.day}/{self.day.month}/{self.day.year}"


@pytest.fixture
def town(system: System) -> Town:
    tag = uuid4().hex[:6].upper()
    today = datetime.fromisoformat(system.ask("committees", "/rehearsal/clock", "operator")["now"]).date()
    day = today + timedelta(days=AHEAD + uuid4().int % 20)
    day += timedelta(days=(A_WEEK - day.weekday()) % A_WEEK)
    body, other = f"Planning Committee {tag}", f"Audit Committee {tag}"
    member = _member(system, tag, today)
    for title in (body, other):
        new = {"title": title, "kind": "ordinary", "seats": 5, "created_on": str(today)}
        made = system.tell("committees", "/committees", new, OFFICER)["stream_id"]
        system.tell("committees", f"/committees/{made}/seats/{member}", {"from_on": str(today)}, OFFICER, "PUT")
    room = {
        "name": f"Room {tag}",
        "venue": "Town Hall",
        "capacities": {"boardroom": 20},
        "setup_minutes": 30,
        "teardown_minutes": 15,
    }
    system.tell("committees", "/rooms", room, OFFICER)
    return Town(body, other, f"Ada {tag}", f"Room {tag}", day)


async def test_a_meeting_is_called_given_a_room_moved_and_cancelled(officer: Officer, system: System, town: Town):
    page = await officer(OFFICER)
    await page.get_by_role("link", name="Committees", exact=True).click()
    await page.get_by_role("button", name="Call a meeting").click()
    await _fill(page, town.body, town.typed(), "7pm", "9pm")
    await look_at(page, "calendar-new")
    await page.get_by_role("button", name="Check it").click()
    await expect(page.locator("main")).to_contain_text("No clash")
    await look_at(page, "calendar-check")
    await page.get_by_role("button", name="Call the meeting").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Called")
    await expect(page.locator("main")).to_contain_text(town.member)
    await expect(page.locator("main")).to_contain_text("To be published by")
    await look_at(page, "calendar-meeting")
    meeting = page.url

    await page.get_by_role("link", name="Book a room").click()
    await page.get_by_label("Room", exact=True).select_option(label=f"{town.room}, Town Hall (20 seats)")
    await page.get_by_label("Seats needed").fill("90")
    await page.get_by_role("button", name="Book the room").click()
    await expect(page.get_by_role("alert")).to_contain_text("does not seat that many")
    await page.get_by_label("Seats needed").fill("12")
    await look_at(page, "calendar-room")
    await page.get_by_role("button", name="Book the room").click()
    await expect(page.locator(".desk-identity")).to_contain_text(town.room)

    await page.goto(f"{system.desk}/rooms?on={town.day}")
    await expect(page.locator("figure")).to_contain_text("booked")
    await page.get_by_text("The figures as a table").click()
    await expect(page.get_by_role("row").filter(has_text=town.body)).to_contain_text("18:30")
    await look_at(page, "rooms-week")

    await page.goto(f"{meeting}/move")
    await page.get_by_label("Day of the meeting").fill("1/1/2020")
    await page.get_by_label("Why it is moved").fill("The chair is away.")
    await page.get_by_role("button", name="Check it").click()
    await page.get_by_role("button", name="Move the meeting").click()
    await expect(page.get_by_role("alert")).to_contain_text("A meeting is called for a time to come")
    await expect(page.get_by_label("Why it is moved")).to_have_value("The chair is away.")
    later = town.day + timedelta(days=A_WEEK)
    await page.get_by_label("Day of the meeting").fill(str(later))
    await page.get_by_role("button", name="Check it").click()
    await page.get_by_role("button", name="Move the meeting").click()
    await expect(page.locator(".desk-identity")).to_contain_text(f"{later:%-d %B %Y}")

    await page.get_by_role("link", name="Cancel it").click()
    await page.get_by_label("Why it is cancelled").fill("No business")
    await page.get_by_role("button", name="Cancel the meeting").click()
    await expect(page.locator(".desk-identity")).to_contain_text("Cancelled")
    await page.goto(f"{system.desk}/calendar?month={later:%Y-%m}")
    await expect(page.get_by_role("cell").filter(has_text=town.body)).to_contain_text("Cancelled")
    await look_at(page, "calendar-month")
    await page.get_by_label("As").select_option("A list of three months")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("row").filter(has_text=town.body)).to_contain_text("Cancelled")
    await look_at(page, "calendar-list")
    async with page.expect_download() as feed:
        await page.get_by_role("link", name=f"{town.body} (iCalendar)").click()
    assert (await feed.value).suggested_filename == "meetings.ics"


async def test_a_clash_says_with_what_and_with_whom(officer: Officer, system: System, town: Town):
    page = await officer(OFFICER)
    await _call(page, system, town, town.body)
    await page.goto(f"{system.desk}/calendar/new")
    await _fill(page, town.other, town.typed(), "20:00", "22:00")
    await page.get_by_role("button", name="Check it").click()
    clash = page.get_by_role("row").filter(has_text=town.member)
    await expect(clash).to_contain_text(town.body)
    await look_at(page, "calendar-clash")
    await page.get_by_role("button", name="Call the meeting").click()
    await expect(page.get_by_role("alert")).to_contain_text("A member is called to another meeting at that time")
    await expect(page.get_by_role("row").filter(has_text=town.member)).to_contain_text(town.body)
    await page.get_by_label("Why members are called although they are engaged").fill("It sits for ten minutes.")
    await page.get_by_role("button", name="Check it").click()
    await page.get_by_role("button", name="Call the meeting").click()
    await expect(page.locator("main")).to_contain_text("Although engaged elsewhere")


async def test_too_few_clear_days_are_refused_in_words_with_their_source(officer: Officer, system: System, town: Town):
    now = datetime.fromisoformat(system.ask("committees", "/rehearsal/clock", "operator")["now"]).date()
    page = await officer(OFFICER, scripts=False)
    await page.goto(f"{system.desk}/calendar/new")
    await _fill(page, town.body, str(now + timedelta(days=1)), "19:00", "21:00")
    await page.get_by_role("button", name="Check it").click()
    await page.get_by_role("button", name="Call the meeting").click()
    problem = page.locator(".govuk-error-summary")
    await expect(problem).to_contain_text("clear days")
    await expect(problem).to_contain_text("The first day possible is")
    await expect(problem).to_contain_text("LGA 1972 s.100A(6)")
    await expect(page.get_by_label("Starts")).to_have_value("19:00")


async def test_a_meeting_is_called_by_keyboard_alone(officer: Officer, town: Town):
    page = await officer(OFFICER)
    await press(page, "Committees")
    await press(page, "Call a meeting")
    await tab_to(page, "Body that meets")
    await page.keyboard.type(town.body)
    await type_into(page, "Day of the meeting", town.typed())
    await type_into(page, "Starts", "7pm")
    await type_into(page, "Ends", "9pm")
    await press(page, "Check it")
    await expect(page.locator("main")).to_contain_text("No clash")
    await press(page, "Call the meeting")
    await expect(page.locator(".desk-identity")).to_contain_text("Called")


async def test_a_meeting_is_called_and_given_a_room_without_scripts(officer: Officer, system: System, town: Town):
    page = await officer(OFFICER, scripts=False)
    await _call(page, system, town, town.body)
    await page.get_by_role("link", name="Book a room").click()
    await expect(page.locator("main")).to_contain_text(town.room)


async def test_a_room_is_described_by_keyboard_alone(officer: Officer):
    name = f"Room {uuid4().hex[:6].upper()}"
    page = await officer(OFFICER)
    await press(page, "Committees")
    await press(page, "Rooms")
    await press(page, "Describe a room")
    await look_at(page, "rooms-describe")
    await type_into(page, "Name of the room", name)
    await type_into(page, "Building", "Town Hall")
    await type_into(page, "Boardroom", "12")
    await type_into(page, "Minutes to set up", "10")
    await type_into(page, "Minutes to clear", "5")
    await press(page, "Describe the room")
    await comes(page, page.get_by_role("row").filter(has_text=name))


async def test_who_only_reads_the_calendar_calls_nothing(officer: Officer, system: System):
    page = await officer("member")
    await page.goto(f"{system.desk}/calendar")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Calendar")
    await expect(page.get_by_role("button", name="Call a meeting")).to_have_count(0)


async def _call(page: Page, system: System, town: Town, body: str) -> None:
    await page.goto(f"{system.desk}/calendar/new")
    await _fill(page, body, town.typed(), "19:00", "21:00")
    await page.get_by_role("button", name="Check it").click()
    await page.get_by_role("button", name="Call the meeting").click()
    await comes(page, page.locator(".desk-identity"))


async def _fill(page: Page, body: str, day: str, starts: str, ends: str) -> None:
    await page.get_by_label("Body that meets").select_option(body)
    await page.get_by_label("Day of the meeting").fill(day)
    await page.get_by_label("Starts").fill(starts)
    await page.get_by_label("Ends").fill(ends)


def _member(system: System, tag: str, today: date) -> str:
    new = {"name": {"first": "Ada", "last": tag}, "party": "Independent", "from_on": str(today - timedelta(days=30))}
    return str(system.tell("committees", "/members", new, OFFICER)["stream_id"])

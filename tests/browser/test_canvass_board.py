"""How far the canvass is: by area and route, on a map and a curve, and the properties behind each figure."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import expect

from shared.eventcore.clock import system_clock
from tests.browser.conftest import Officer
from tests.browser.keyboard import press
from tests.browser.looking import look_at
from tests.browser.system import System


@pytest.fixture(scope="module")
def year(system: System) -> int:
    """Of a canvass that has its routes and at least one reply."""
    canvasses = system.ask("registration", "/canvasses")
    of = int(canvasses[0]["year"]) if canvasses else system_clock().year
    if not canvasses:
        system.tell("registration", "/canvasses", {"year": of}, user="ero-deputy")
    path = f"/canvasses/{of}"
    if not system.ask("registration", f"{path}/properties", limit=1)["items"]:
        system.tell("registration", f"{path}/routes")
    while not (found := system.ask("registration", f"{path}/properties", limit=1)["items"]):
        time.sleep(0.5)
    reply = {"answers": ["no-change"], "channel": "phone"}
    system.tell("registration", f"{path}/properties/{found[0]['property_id']}/responses", reply)
    return of


async def test_the_board_leads_from_a_figure_to_its_properties(officer: Officer, year: int):
    page = await officer()
    await page.get_by_role("link", name="Canvass").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Canvass of {year}")
    await page.get_by_role("link", name="polling district", exact=True).click()
    await look_at(page, "canvass-board")
    await expect(page.locator("figcaption").first).to_contain_text("polling districts below half")
    async with page.expect_download() as file:
        await page.get_by_text("The figures as a table").first.click()
        await page.get_by_role("link", name="Download as CSV").first.click()
    assert (await file.value).suggested_filename == "response-map.csv"
    await page.get_by_role("link", name="outstanding, AAB").click()
    await expect(page.locator("main")).to_contain_text("Only polling district AAB.")
    await look_at(page, "canvass-properties")
    await page.locator("main tbody a").first.click()
    await expect(page.get_by_role("heading", name=f"In the canvass of {year}")).to_be_visible()
    await look_at(page, "property")


async def test_the_board_is_read_by_keyboard_alone(officer: Officer, year: int):
    page = await officer()
    await press(page, "Canvass")
    await press(page, "route")
    await expect(page.get_by_role("region", name="The canvass by route")).to_contain_text("Route 2")


async def test_a_list_without_a_match_says_what_to_do(officer: Officer, system: System, year: int):
    page = await officer()
    await page.goto(f"{system.desk}/canvass/{year}/properties")
    await page.get_by_label("State").select_option("Refused at the door")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("No property of this canvass is in that state.")
    await look_at(page, "canvass-properties-empty")

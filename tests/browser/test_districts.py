"""Properties that no boundary has placed, the map of polling districts, and districts drawn otherwise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from shared.eventcore.clock import system_clock
from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.looking import comes, look_at
from tests.browser.system import System


@dataclass(frozen=True)
class Street:
    """A new street of two properties in no polling district, and a district that they could lie in."""

    name: str
    district: str


@pytest.fixture
def street(system: System) -> Street:
    name = f"Eelgrass Row {uuid4().hex[:5]}"
    for house in ("1", "2"):
        _build(system, name, house)
    return Street(name, system.ask("registration", "/districts")[0]["district"])


async def test_unallocated_properties_are_ticked_and_placed_together(officer: Officer, system: System, street: Street):
    page = await officer()
    await page.goto(f"{system.desk}/unallocated?limit=100")
    await comes(page, page.get_by_role("row").filter(has_text=street.name).nth(1))
    await page.get_by_label("Why", exact=True).select_option("no-point")
    await page.get_by_role("button", name="Show").click()
    await look_at(page, "unallocated")
    for row in await page.get_by_role("row").filter(has_text=street.name).all():
        await row.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Place those that are ticked").click()
    await page.get_by_role("button", name="Place these properties").click()
    await expect(page.get_by_role("alert")).to_contain_text("Choose a polling district")
    await page.get_by_label("Polling district").select_option(street.district)
    await page.get_by_label("Reason").fill("They face the harbour")
    await look_at(page, "placing")
    await page.get_by_role("button", name="Place these properties").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Unallocated properties")
    await expect(page.locator("main")).not_to_contain_text(street.name)
    assert {each["district"] for each in _on(system, street.name)} == {street.district}


async def test_a_property_is_placed_by_keyboard_alone(officer: Officer, system: System, street: Street):
    page = await officer()
    await page.goto(f"{system.desk}/unallocated?postcode=ZZ9 9ZZ&limit=100")
    await comes(page, page.get_by_role("row").filter(has_text=f"2, {street.name}"))
    await tab_to(page, f"Place 1, {street.name}")
    await page.keyboard.press("Space")
    await press(page, "Place those that are ticked")
    await tab_to(page, "Polling district")
    await page.keyboard.type(street.district)
    await type_into(page, "Reason", "It faces the harbour")
    await press(page, "Place this property")
    await expect(page.locator("main")).not_to_contain_text(f"1, {street.name}")


async def test_a_property_is_placed_without_scripts(officer: Officer, system: System, street: Street):
    page = await officer(scripts=False)
    await page.goto(f"{system.desk}/unallocated?postcode=ZZ9 9ZZ&limit=100")
    line = page.get_by_role("row").filter(has_text=f"1, {street.name}")
    await comes(page, line)
    await line.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Place those that are ticked").click()
    await page.get_by_label("Polling district").select_option(street.district)
    await page.get_by_label("Reason").fill("It faces the harbour")
    await page.get_by_role("button", name="Place this property").click()
    await expect(page.locator("main")).not_to_contain_text(f"1, {street.name}")


async def test_the_map_has_its_table_and_its_file(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/districts")
    await look_at(page, "districts")
    await page.get_by_text("The figures as a table").click()
    districts = system.ask("registration", "/districts")
    await expect(page.locator("main table tbody tr")).to_have_count(len(districts))
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download as CSV").click()
    assert (await download.value).suggested_filename == "district-map.csv"


async def test_districts_are_drawn_otherwise_step_by_step_undone_and_dropped_without_scripts(
    officer: Officer, system: System
):
    page = await officer("ero-deputy", scripts=False)
    await page.goto(f"{system.desk}/districts/redraw")
    await page.get_by_role("button", name="Move them in the drawing").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter a street, a postcode or a UPRN")
    home = _somebodys_home(system)
    await _move(page, str(home["uprn"]), "ZY")
    await _move(page, str(home["uprn"]), "ZX")
    await expect(page.locator("ol")).to_contain_text(f"{home['uprn']} to ZX: 1 property")
    await expect(page.get_by_role("figure")).to_contain_text("would change")
    await page.get_by_role("button", name="Take back the last step").click()
    await expect(page.locator("ol")).not_to_contain_text("ZX")
    await expect(page.locator("main")).to_contain_text("ZY")
    await page.get_by_role("link", name="Drop the drawing").click()
    await expect(page.locator("main")).to_contain_text("It is as today")


async def test_a_drawing_with_a_polling_place_is_looked_at_twice_and_applied(officer: Officer, system: System):
    page = await officer("ero-deputy")
    home = _somebodys_home(system)
    await page.goto(f"{system.desk}/districts/redraw")
    await _move(page, str(home["uprn"]), "ZW")
    await page.get_by_label("District", exact=True).fill("ZW")
    await page.get_by_label("Name of the polling place").fill("Net Loft")
    await page.get_by_label("Easting").fill(str(int(home["x"] or 290000) + 300))
    await page.get_by_label("Northing").fill(str(int(home["y"] or 90000) + 400))
    await page.get_by_role("button", name="Count the way to it").click()
    await expect(page.get_by_role("row").filter(has_text="ZW").last).to_contain_text("500")
    await look_at(page, "redraw")
    await page.get_by_role("button", name="Apply it").click()
    await page.get_by_role("button", name="Redraw the districts").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why the districts are redrawn")
    await look_at(page, "redraw-apply")
    await page.get_by_label("From").fill(f"1/2/{system_clock().year + 2}")
    await page.get_by_label("Reason").fill("Review of polling districts, minute 12")
    await page.get_by_role("button", name="Redraw the districts").click()
    await comes(page, page.get_by_text("Done", exact=True))


async def test_a_drawing_begins_with_a_file_and_what_is_no_drawing_is_refused(officer: Officer, system: System):
    page = await officer()
    await page.goto(f"{system.desk}/districts/redraw")
    home = _somebodys_home(system)
    await _send(page, b"a,b\n1,2")
    await expect(page.get_by_role("alert")).to_contain_text("not a GeoJSON")
    x, y = home["x"], home["y"]
    ring = [[x - 2, y - 2], [x + 2, y - 2], [x + 2, y + 2], [x - 2, y + 2], [x - 2, y - 2]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    area = {"type": "Feature", "properties": {"district": "ZV"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    await _send(page, json.dumps({"type": "FeatureCollection", "crs": crs, "features": [area]}).encode())
    await expect(page.locator("ol")).to_contain_text("Begun with the polygons of a file: 1")
    await expect(page.locator("main")).to_contain_text("ZV")
    await expect(page.get_by_role("button", name="Apply it")).to_have_count(0)


async def _send(page: Page, content: bytes) -> None:
    file = {"name": "districts.geojson", "mimeType": "application/geo+json", "buffer": content}
    await page.get_by_label("GeoJSON of the districts").set_input_files(files=[file])  # type: ignore[list-item]
    await page.get_by_role("button", name="Draw from the file").click()


async def _move(page: Page, where: str, to: str) -> None:
    await page.get_by_label("Street, postcode or UPRN").fill(where)
    await page.get_by_label("To district").fill(to)
    await page.get_by_role("button", name="Move them in the drawing").click()


def _build(system: System, street: str, house: str) -> None:
    """A new build that no gazetteer and no boundary knows of."""
    address = {"property": house, "street": street, "town": "Mootham", "postcode": "ZZ9 9ZZ"}
    system.tell("registration", "/properties", {"uprn": None, "class_code": "RD04", "address": address})


def _on(system: System, street: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = system.ask("registration", "/properties", street=street)["items"]
    return items


def _somebodys_home(system: System) -> dict[str, Any]:
    """A property with a UPRN, a point and an elector, in a district of today."""
    for entry in system.ask("registration", "/register", limit=100)["items"]:
        elector = system.ask("registration", f"/electors/{entry['elector_id']}")
        home: dict[str, Any] = system.ask("registration", f"/properties/{elector['property_id']}")
        if home["uprn"] and home["x"] and home["district"] and not home["district"].startswith("Z"):
            return home
    raise AssertionError("nobody lives at a property with a point")

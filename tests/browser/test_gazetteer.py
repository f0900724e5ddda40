"""A gazetteer file is looked at, taken in, and taken back: by mouse, by keyboard alone, and without scripts."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from services.registration.exchange.tests.supplies import changes, row
from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.looking import look_at
from tests.browser.system import System

MARKUP = "<script>alert(1)</script> STREET"
"""What a street might be called by somebody who means harm."""


@pytest.fixture
def supplied(tmp_path: Path) -> Path:
    """A change-only update with a dwelling that nobody knows yet, and a row that is refused."""
    uprn = 700_000_000_000 + uuid4().int % 10**11
    usrn = 10_000_000 + uprn % 10**7
    file = tmp_path / "update.csv"
    file.write_text(
        changes(
            row(11, usrn=usrn), row(15, usrn=usrn, street_description=MARKUP), row(21, uprn=uprn),
            row(24, uprn=uprn, usrn=usrn, lpi_key=f"L{uprn}"), row(32, uprn=uprn, class_key=f"C{uprn}"),
            row(21, uprn=uprn + 1, logical_status=77),
        )
    )  # fmt: skip
    return file


async def test_a_file_is_looked_at_taken_in_and_taken_back(officer: Officer, system: System, supplied: Path):
    page = await officer("ero-deputy")
    await page.get_by_role("link", name="Register", exact=True).click()
    await page.get_by_role("link", name="Gazetteer").click()
    await look_at(page, "gazetteer")
    await page.get_by_role("button", name="Show what it would change").click()
    await expect(page.get_by_role("alert")).to_contain_text("Choose the file of the gazetteer")
    await _run(page, "Show what it would change", supplied)
    changed = page.get_by_role("region", name="Properties that the file changes")
    await expect(changed.get_by_role("row").filter(has_text="Added")).to_contain_text("Not in the gazetteer")
    await expect(page.get_by_role("region", name="Rows that were refused")).to_contain_text("LOGICAL_STATUS")
    await look_at(page, "gazetteer-preview")
    await page.get_by_label("Change", exact=True).select_option("Retired")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("main")).to_contain_text("changes no property in this way")
    async with page.expect_download() as sheet:
        await page.get_by_role("link", name="Download the sheet (CSV)").click()
    assert (await sheet.value).suggested_filename == "refused-rows.csv"

    await page.get_by_role("button", name="Take the file in").click()
    await look_at(page, "gazetteer-commit")
    await _run(page, "Take it in")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Gazetteer import")
    await look_at(page, "gazetteer-import")

    await page.get_by_role("link", name="Take this import back").click()
    await page.get_by_role("button", name="Take it back").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why the import is taken back")
    await page.get_by_label("Why it is taken back").fill("The street does not exist.")
    await _run(page, "Take it back")
    await expect(page.get_by_role("region", name="Properties")).to_contain_text("Taken back")
    await look_at(page, "gazetteer-undo")


async def test_a_file_is_taken_in_by_keyboard_alone(officer: Officer, system: System, supplied: Path):
    page = await officer("ero-deputy")
    await page.goto(f"{system.desk}/gazetteer")
    await tab_to(page, "File of the gazetteer")
    await _run(page, "Show what it would change", supplied, keys=True)  # the system's own window chooses the file
    await press(page, "Take the file in")
    await _run(page, "Take it in", keys=True)
    await press(page, "Take this import back")
    await type_into(page, "Why it is taken back", "A test.")
    await _run(page, "Take it back", keys=True)


async def test_a_file_that_is_no_gazetteer_is_refused_without_scripts(officer: Officer, system: System, tmp_path: Path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear officer,\n")
    page = await officer("registration-officer", scripts=False)
    await page.goto(f"{system.desk}/gazetteer")
    await _run(page, "Show what it would change", letter)
    await expect(page.locator(".desk-identity")).to_contain_text("File refused")
    await expect(page.get_by_role("button", name="Take the file in")).to_have_count(0)


async def _run(page: Page, button: str, file: Path | None = None, keys: bool = False) -> None:
    """Press a button that starts a run, again while another test's run stands in the way, and wait for its end."""
    for _ in range(20):
        if file is not None:
            await page.get_by_label("File of the gazetteer").set_input_files(file)
        if keys:
            await press(page, button)
        else:
            await page.get_by_role("button", name=button).click()
        if not await page.get_by_text("Another import of this council is under way.").count():
            await _ended(page)
            return
        await page.wait_for_timeout(500)
    raise AssertionError("the other import does not end")


async def _ended(page: Page) -> None:
    """Look again until the run has ended."""
    await expect(page.locator(".desk-identity")).to_be_visible()
    for _ in range(40):
        if not await page.get_by_role("link", name="Look again").count():
            return
        await page.wait_for_timeout(250)
        await page.get_by_role("link", name="Look again").click()
    raise AssertionError("the run does not end")

"""The image check: a signature that came in beside the one on record, closer, accepted or asked for again."""

from __future__ import annotations

import io
import math
import time
from base64 import b64encode
from dataclasses import dataclass

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.async_api import expect

from tests.browser.conftest import Officer
from tests.browser.keyboard import press, tab_to
from tests.browser.looking import comes, look_at
from tests.browser.system import System

CHECKER = "identifier-checker"


@dataclass(frozen=True)
class Signed:
    """An elector whose first signature came in, and where it is checked."""

    elector: str
    path: str


@pytest.fixture
def signed(system: System) -> Signed:
    entries = system.ask("registration", "/register", limit=300)["items"]
    elector = next(each["elector_id"] for each in entries if not _check_of(system, each["elector_id"]))
    _sign(system, elector, 25)
    for _ in range(40):
        if path := _check_of(system, elector):
            return Signed(elector, path)
        time.sleep(0.25)
    raise AssertionError("the signature does not come to its check")


async def test_a_signature_is_compared_enlarged_and_accepted(officer: Officer, system: System, signed: Signed):
    page = await officer(CHECKER)
    await page.goto(f"{system.desk}/image-check")
    await comes(page, page.locator(f'a[href="{signed.path}"]'))
    await look_at(page, "image-check-queue")
    await page.goto(f"{system.desk}{signed.path}")
    await expect(page.get_by_text("No earlier signature is on record")).to_be_visible()
    picture = page.get_by_role("img", name="Came in, handwritten")
    assert await picture.evaluate("image => image.naturalWidth") == 1050
    small = (await picture.bounding_box() or {})["width"]
    await page.get_by_role("button", name="Larger").click()
    assert (await picture.bounding_box() or {})["width"] == pytest.approx(1.5 * small, rel=0.01)
    await page.get_by_role("button", name="Smaller").click()
    await page.get_by_role("button", name="Accept it").click()
    await page.goto(f"{system.desk}{signed.path}")
    await expect(page.locator(".desk-identity")).to_contain_text("Accepted")

    _sign(system, signed.elector, 14)
    await comes(page, page.get_by_role("img", name="On record, handwritten"))
    await look_at(page, "image-check")
    await page.get_by_role("link", name="Both at full size").click()
    await look_at(page, "image-check-closer")


async def test_a_better_picture_is_asked_for_without_scripts(officer: Officer, system: System, signed: Signed):
    page = await officer(CHECKER, scripts=False)
    await page.goto(f"{system.desk}{signed.path}")
    await comes(page, page.get_by_role("button", name="Ask again"))
    await page.get_by_role("button", name="Ask again").click()
    await expect(page.get_by_role("alert")).to_contain_text("Choose what is wrong with the picture")
    await page.get_by_label("A part of the signature is cut off or covered").check()
    await page.get_by_role("button", name="Ask again").click()
    await page.goto(f"{system.desk}{signed.path}")
    await expect(page.locator(".desk-identity")).to_contain_text("Asked for again")
    await expect(page.locator(".desk-identity")).to_contain_text("incomplete")


async def test_a_signature_is_accepted_by_one_key_and_the_next_comes(officer: Officer, system: System, signed: Signed):
    page = await officer(CHECKER)
    await page.goto(f"{system.desk}{signed.path}")
    await comes(page, page.get_by_role("button", name="Accept it"))
    await page.keyboard.press("r")
    assert await page.evaluate("document.activeElement.name") == "fault"
    await tab_to(page, "Both at full size")
    async with page.expect_navigation():
        await page.keyboard.press("a")
    await page.goto(f"{system.desk}{signed.path}")
    await expect(page.locator(".desk-identity")).to_contain_text("Accepted")


async def test_a_better_picture_is_asked_for_by_keyboard_alone(officer: Officer, system: System, signed: Signed):
    page = await officer(CHECKER)
    await page.goto(f"{system.desk}{signed.path}")
    await comes(page, page.get_by_role("button", name="Ask again"))
    await page.keyboard.press("r")
    await page.keyboard.press("Space")
    await press(page, "Ask again")
    await page.goto(f"{system.desk}{signed.path}")
    await expect(page.locator(".desk-identity")).to_contain_text("Asked for again")


async def test_who_grants_absent_votes_finds_no_signature_and_each_look_is_written_down(
    officer: Officer, system: System, signed: Signed
):
    checker = await officer(CHECKER)
    await checker.goto(f"{system.desk}{signed.path}")
    await comes(checker, checker.get_by_role("img"))
    image = f"{system.desk}{await checker.get_by_role('img').get_attribute('src')}"
    shown = await checker.request.get(image)
    assert shown.headers["cache-control"] == "no-store"
    deputy = await officer("ero-deputy")
    for path in (f"{system.desk}/image-check", f"{system.desk}{signed.path}", image):
        assert (await deputy.request.get(path)).status == httpx.codes.NOT_FOUND
    reads = system.ask("registration", "/reads", "auditor", record=signed.path.rpartition("/")[2])
    assert {read["purpose"] for read in reads} == {"Image check: can postal votes be checked against this signature?"}


def _check_of(system: System, elector: str) -> str | None:
    """The path of the check of an elector's own signature, in whichever state it is."""
    for state in ("waiting", "accepted", "asked-again"):
        for line in system.ask("registration", "/signature-checks", CHECKER, state=state, limit=500)["items"]:
            if line["elector_id"] == elector:
                return f"/image-check/{line['person_id']}"
    return None


def _sign(system: System, elector: str, waves: int) -> None:
    """An elector's signature comes in, drawn with so many waves."""
    at = [step / 400 for step in range(400)]
    points = [(900 * (0.15 + 0.7 * t), 200 + 70 * math.sin(waves * t) * (1 - 0.4 * t)) for t in at]
    picture = Image.new("L", (900, 400), 245)
    ImageDraw.Draw(picture).line(points, fill=40, width=5)
    picture.save(file := io.BytesIO(), "PNG")
    given = {"signature": b64encode(file.getvalue()).decode(), "signed_on": "2026-11-02", "date_of_birth": "1980-12-01"}
    system.tell("registration", f"/electors/{elector}/identifiers", given)

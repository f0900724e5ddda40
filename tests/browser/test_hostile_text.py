"""What others write is shown and never run: hostile words in every field that comes from outside, and each page that shows them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Officer
from tests.browser.system import System

SCRIPT = "<script>document.title='run'</script>"
IMAGE = '"><img src=x onerror="document.title=1">'
TEMPLATE = "{{7*7}}${7*7}"
MARKS = ("<script>", "<img", "{{7*7}}")


@pytest.fixture(scope="module")
def mark() -> str:
    """What this run's hostile records have in common, so that a search finds them."""
    return f"Zz{uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def home(system: System, mark: str) -> str:
    """A property whose address is hostile in each of its lines."""
    uprn = 9_980_000_000 + uuid4().int % 9_000_000
    address = {
        "property": f"1 {IMAGE}", "street": f"{mark} {SCRIPT}", "locality": TEMPLATE, "town": IMAGE, "area": SCRIPT,
        "postcode": "ZZ1 1AA", "uprn": uprn,
    }  # fmt: skip
    place = system.tell("registration", "/properties", {"address": address, "uprn": uprn})["stream_id"]
    _comes(system, "registration", f"/properties/{place}", "registration-officer")
    return str(place)


@pytest.fixture(scope="module")
def application(system: System, home: str, mark: str) -> str:
    """An application whose every word is hostile."""
    uprn = system.ask("registration", f"/properties/{home}")["uprn"]
    form = {
        "applicationType": "ordinary", "refNum": f"X-{uuid4().hex[:10]}", "gssCode": "E07000999", "lang": "en",
        "fn": f"{mark}{SCRIPT}", "mn": TEMPLATE, "ln": IMAGE, "dob": "1987-03-14", "nat": "GB", "nino": "XX123456A",
        "oadr": "none", "opnreg": "false", "regproperty": IMAGE, "regstreet": SCRIPT, "regtown": TEMPLATE,
        "regpostcode": "ZZ1 1AA", "reguprn": str(uprn), "email": "x@example.org", "pvote": "false", "timeTaken": "412",
    }  # fmt: skip
    identity = system.tell("registration", "/applications", {"application": form})["stream_id"]
    _comes(system, "registration", f"/applications/{identity}", "registration-officer")
    return str(identity)


@pytest.fixture(scope="module")
def enquiry(system: System) -> str:
    asked = {
        "channel": "email", "received_on": "2026-11-20", "enquirer": SCRIPT, "contact": IMAGE, "summary": f"{SCRIPT} {IMAGE} {TEMPLATE}",
    }  # fmt: skip
    identity = system.tell("notifications", "/enquiries", asked, "correspondence")["stream_id"]
    system.tell("notifications", f"/enquiries/{identity}/answer", {"answer": f"{IMAGE} {SCRIPT}"}, "correspondence")
    _comes(system, "notifications", f"/enquiries/{identity}", "correspondence")
    return str(identity)


async def test_an_application_and_its_address_are_read_and_not_run(
    officer: Officer, system: System, home: str, application: str, mark: str
):
    page = await officer("registration-officer")
    tried = _tried(page)
    for path in (f"/applications/{application}", f"/properties/{home}", f"/search?q={mark}", "/applications", "/"):
        await page.goto(f"{system.desk}{path}")
        await _is_only_text(page)
    # IER's names come without angle brackets; what else they hold is shown as it is.
    await page.goto(f"{system.desk}/applications/{application}")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(TEMPLATE)
    await page.goto(f"{system.desk}/properties/{home}")
    await expect(page.locator("main")).to_contain_text(TEMPLATE)
    await expect(page.locator("main")).to_contain_text("<script>")
    await page.goto(f"{system.desk}/search?q={mark}")
    await expect(page.locator("main table")).to_contain_text(mark)
    assert list(tried) == []


async def test_an_enquiry_and_its_answer_are_read_and_not_run(officer: Officer, system: System, enquiry: str):
    page = await officer("correspondence")
    tried = _tried(page)
    await page.goto(f"{system.desk}/post/{enquiry}")
    await _is_only_text(page)
    for part in MARKS:
        await expect(page.locator("main")).to_contain_text(part)
    assert list(tried) == []


@pytest.mark.parametrize(
    "path",
    [
        "/search?q={}",
        "/applications?stage={}",
        "/audit?context={}&stream={}",
        "/elections?past={}",
        "/messages?status={}",
    ],
)
async def test_what_stands_in_an_address_is_not_run(officer: Officer, system: System, path: str):
    page = await officer("ero-deputy" if path.startswith("/audit") else "registration-officer")
    await page.goto(f"{system.desk}{path.replace('{}', '%22%3E%3Cimg src=x onerror=document.title=1%3E%3Cscript%3E')}")
    await _is_only_text(page)


def _tried(page: Page) -> list[str]:
    """Requests for what hostile words name: `img src=x` is fetched where it became an element."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/x") else None)
    return asked


async def _is_only_text(page: Page) -> None:
    assert (await page.title()).endswith("– Moothall"), "nothing has written the title"
    assert await page.locator("main img, main script, [onerror]").count() == 0
    assert "49$49" not in await page.locator("main").inner_text()


def _comes(system: System, context: str, path: str, user: str) -> None:
    """Its view follows in a moment."""
    for _ in _moments():
        if system.there(context, path, user):
            return
    raise AssertionError(f"{path} does not come")


def _moments() -> Iterator[None]:
    for _ in range(100):
        yield
        time.sleep(0.1)

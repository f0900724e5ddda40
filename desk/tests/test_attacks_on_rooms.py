"""The same attacks on every room: whatever is added to one is attacked too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi.routing import iter_route_contexts

from desk.main import ROOMS
from desk.pictures.picture import FORMULA, Picture
from desk.room import Room
from desk.tests.conftest import Office
from shared.service.auth import ROLES
from shared.service.dev_issuer import Staff

FOREIGN = UUID(int=0x99990000_0000_4000_8000_000000000001)
PLACES = {
    "context": "registration", "event": f"{FOREIGN}@1", "year": "2026", "month": "5", "step": "poll", "notice": "notice-of-election",
    "kind": "postal", "week": "2026-11-23", "code": "AAA", "round": "1", "stage": "notice",
    "figure": "due", "sort": "entries",
}  # fmt: skip
"""What stands in an address where no id does."""
EVERYTHING = Staff("everything", "Una Mootshire", tuple(sorted(ROLES - {"group-support"})))


def addresses(method: str) -> Iterator[str]:
    for room in ROOMS:
        for route in iter_route_contexts(room.router.routes):
            if method in (route.methods or ()):
                yield str(route.path)


def filled(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: PLACES.get(found[1], str(FOREIGN)), path)


RECORDS = sorted({path for path in addresses("GET") if "{" in path})
FORMS = sorted(set(addresses("POST")))


@pytest.fixture
def everything(office: Office) -> str:
    """Somebody with every role: what they do not see is not theirs by council alone."""
    office.staff["everything"] = EVERYTHING
    return "everything"


@pytest.mark.parametrize("path", RECORDS)
async def test_another_councils_record_reads_like_one_that_is_not_there(office: Office, everything: str, path: str):
    async with office.browser() as browser:
        await office.sign_in(browser, everything)
        answer = await browser.get(filled(path))
    if answer.status_code == 200:  # a page without a record of its own, such as a month that nobody has calculated
        assert str(FOREIGN) not in answer.text
    else:
        assert answer.status_code in {303, 404}
        assert str(FOREIGN) not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", FORMS)
async def test_no_form_of_any_room_is_taken_from_elsewhere(office: Office, everything: str, path: str):
    async with office.browser() as browser:
        await office.sign_in(browser, everything)
        office.neighbour.asked.clear()
        answer = await browser.post(filled(path), data={"csrf": "guessed", "reason": "x"})
    assert answer.status_code == 403
    assert office.neighbour.asked == [], "no service has heard of it"


@pytest.mark.parametrize("path", sorted({*RECORDS, *FORMS}))
async def test_no_page_of_any_room_opens_to_who_has_not_signed_in(office: Office, path: str):
    async with office.browser() as browser:
        answer = await browser.get(filled(path))
    assert answer.status_code in {303, 404, 405}
    assert office.neighbour.asked == []


@pytest.mark.parametrize("begins", FORMULA)
def test_no_cell_of_a_file_is_calculated(begins: str):
    hostile = f'{begins}HYPERLINK("https://evil.example","x")'
    picture = Picture("p", "t", "s", "<svg/>", (hostile, "n"), [(hostile, -3)])
    header, row = csv.reader(io.StringIO(picture.csv(), newline=""))
    assert (header[0], row[0]) == (f"'{hostile}", f"'{hostile}")
    assert row[1] == "-3", "a number stays one"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_template_of_a_room_can_be_read(office: Office, room: Room):
    for template in room.templates.glob("*.html"):
        office.app.state.pages._templates.get_template(f"{room.name}/{template.name}")

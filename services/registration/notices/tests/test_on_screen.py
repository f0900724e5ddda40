"""Lists for inspection as pages: a reader of screens finds title, headings, tables and cells, and nobody copies them."""

from __future__ import annotations

import re
from datetime import date

from services.registration.notices.tests.test_on_paper import OVERSEAS
from services.registration.papers.registers import Group, RegisterPaper
from services.registration.papers.screens import html
from services.registration.tests.conftest import Desk
from services.registration.tests.test_publication import MAY, published, renumbered
from shared.events.values import PersonName


def words(page: str) -> str:
    """The text of a page, without its style."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", "", page)).split())


async def shown(desk: Desk, path: str) -> str:
    answer = await desk.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "'sha256-" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


def test_each_street_is_a_headed_table_and_what_people_wrote_is_text():
    lines = (("AB-1", "", "<b>OAK</b>, Ada", "1", "ZZ1 1AA"), ("AB-2", "F", "ASH, Bo", "2", "ZZ1 1AA"))
    groups = (Group("Gorse Lane", lines), Group("Other electors", ()))
    page = html(
        RegisterPaper("Register", ("In force today.",), ("Number", "Mark", "Name", "House", "Postcode"), groups, "")
    )
    assert page.count("<h1>") == 1
    assert '<h2 id="g1">Gorse Lane</h2>' in page
    assert page.count('<th scope="row">') == 2
    assert page.count('<th scope="col">') == 10
    assert "&lt;b&gt;OAK&lt;/b&gt;" in page
    assert "<script" not in page


async def test_the_register_is_inspected_part_by_part_and_street_by_street(desk: Desk):
    home, far = await desk.office.property(1), await desk.office.property(2, "CD", street="Far Row")
    await desk.office.add(home, 1, name=PersonName("Open", "Oak"))
    await desk.office.add(home, 2, name=PersonName("Away", "Ash"), franchise=OVERSEAS)
    await desk.office.add(home, 3, name=PersonName("No", "Name"), anonymous=True)
    await desk.office.add(far, 1, "CD", name=PersonName("Far", "Fir"), opted_out=True)
    desk.office.on(MAY)
    await desk.follow()
    parts = await shown(desk, "/register/inspection.html")
    assert "Polling district AB: 3" in parts
    assert f'href="?edition=full&amp;effective={MAY}&amp;district=CD"' in parts
    part = words(await shown(desk, "/register/inspection.html?district=AB"))
    order = [
        "Gorse Lane, Gavelford",
        "AB-1 OAK, Open",
        "Other electors",
        "AB-2 F ASH, Away",
        "by number only",
        "AB-3 N",
    ]
    places = [part.rindex(each) for each in order]
    assert places == sorted(places)
    assert "NAME" not in part
    opened = words(await shown(desk, "/register/inspection.html?district=CD&edition=open"))
    assert "No elector is registered" in opened
    overseas = words(await shown(desk, "/register/overseas/inspection.html"))
    assert "AB-2 F ASH, Away" in overseas
    assert "OAK" not in overseas


async def test_a_notice_is_inspected_as_it_was_published(desk: Desk):
    home = await desk.office.property()
    await desk.office.add(home, 2, effective_on=MAY, name=PersonName("Bea", "Fern"))
    desk.office.on(MAY)
    await desk.follow()
    notice = await published(desk)
    page = words(await shown(desk, f"/notices/{notice}/inspection.html"))
    assert "Polling district AB: added" in page
    assert "AB-2 FERN, Bea 10 Gorse Lane, Gavelford, ZZ1 1AA" in page
    assert (await desk.get("/notices/00000000-0000-4000-8000-000000000001/inspection.html")).status_code == 404
    reads = (await desk.get("/reads", "auditor", "auditor")).json()
    assert ("notice", notice) in {(read["kind"], read["record"]) for read in reads}


async def test_a_revised_register_is_inspected_by_its_parts(desk: Desk):
    await desk.office.add(await desk.office.property(1, "AB"), 7)
    desk.office.on(date(2026, 12, 1))
    await desk.follow()
    await renumbered(desk, date(2026, 12, 1))
    notice = await published(desk, kind="revised-register")
    assert 'href="?district=AB"' in await shown(desk, f"/notices/{notice}/inspection.html")
    assert "AB-1 MARSH" in words(await shown(desk, f"/notices/{notice}/inspection.html?district=AB"))

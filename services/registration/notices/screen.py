"""Routes of the screen at the counter: the register, a notice and the overseas list as accessible pages, for inspection."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from services.registration.papers.registers import RegisterPaper, long_date
from services.registration.papers.screens import HEADERS, Link, html
from services.registration.supply.contents import Edition, entries, frozen_now
from services.registration.supply.printing import TITLES, list_paper, part_paper
from services.registration.views.access import REGISTER_READERS
from services.registration.views.notices import Published
from services.registration.views.register_as_at import Moment, counts
from shared.events.values import PollingDistrict
from shared.service.auth import Authority
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found
from shared.service.read_audit import audited

router = APIRouter(tags=["inspection and disclosure"], default_response_class=HTMLResponse)
District = Annotated[
    str | None, Query(pattern=r"^[A-Z]{1,6}$", description="a polling district; the list of them without")
]
Effective = Annotated[date | None, Query(description="the day it is in force; today by default")]


@router.get(
    "/register/inspection.html",
    dependencies=[REGISTER_READERS, caught_up("register", "places"), audited("register inspection")],
)  # fmt: skip
async def register_on_screen(
    conn: Reading, authority: Authority, today: Today, district: District = None, effective: Effective = None,
    edition: Annotated[Literal["full", "open"], Query()] = "full",
) -> HTMLResponse:  # fmt: skip
    """One polling district's part of the register, street by street; without a district, the parts there are."""
    document: Literal["full-register", "open-register"] = "open-register" if edition == "open" else "full-register"
    wanted = Edition(document, effective or today, await frozen_now(conn), _only(district))
    return await _register(conn, authority, wanted, f"?edition={edition}&effective={wanted.on}&")


@router.get(
    "/register/overseas/inspection.html",
    dependencies=[REGISTER_READERS, caught_up("register", "places"), audited("register inspection")],
)  # fmt: skip
async def overseas_on_screen(
    conn: Reading, authority: Authority, today: Today, effective: Effective = None
) -> HTMLResponse:
    """The list of overseas electors, by surname. [RPR 2001 r.45]"""
    return await _list(conn, authority, Edition("overseas-list", effective or today, await frozen_now(conn)))


@router.get(
    "/notices/{notice}/inspection.html",
    dependencies=[REGISTER_READERS, caught_up("notices", "places"), audited("notice")],
)  # fmt: skip
async def notice_on_screen(
    notice: UUID, conn: Reading, authority: Authority, district: District = None
) -> HTMLResponse:
    """A notice of alteration as it was published; of a revised register a part, or the parts there are."""
    query = select(Published.kind, Published.published_on, Published.positions, Published.areas)
    rows = await fetch(conn, query.where(Published.authority == authority, Published.notice_id == notice))
    if not rows:
        raise not_found()
    [row] = rows
    on, positions = row["published_on"], tuple(row["positions"])
    if row["kind"] == "revised-register":
        return await _register(conn, authority, Edition("full-register", on, positions, _only(district)), "?")
    areas = _only(district) or tuple(PollingDistrict(area) for area in row["areas"])
    return await _list(conn, authority, Edition("notices", on, positions, areas))


def _only(district: str | None) -> tuple[PollingDistrict, ...]:
    return (PollingDistrict(district),) if district else ()


async def _register(conn: Connection, authority: str, edition: Edition, here: str) -> HTMLResponse:
    """`here`: the address of this page as its own links say it, to which a district is added."""
    if not edition.areas:
        return await _parts(conn, authority, edition, here)
    found = [entry async for part in entries(conn, authority, edition) for entry in part]
    return await _page(part_paper(edition, edition.areas[0], found))


async def _parts(conn: Connection, authority: str, edition: Edition, here: str) -> HTMLResponse:
    rows = await fetch(conn, counts(authority, Moment(edition.on, edition.positions)))
    number = "open" if edition.document == "open-register" else "electors"
    links = [
        Link(f"Polling district {row['district']}: {row[number]:,}", f"{here}district={row['district']}")
        for row in rows
    ]
    facts = (f"In force on {long_date(edition.on)}. {sum(row[number] for row in rows):,} electors.",)
    return await _page(RegisterPaper(TITLES[edition.document], facts, (), (), "Nobody is registered."), links)


async def _list(conn: Connection, authority: str, edition: Edition) -> HTMLResponse:
    found = [entry async for part in entries(conn, authority, edition) for entry in part]
    return await _page(list_paper(edition, found))


async def _page(paper: RegisterPaper, links: Sequence[Link] = ()) -> HTMLResponse:
    return HTMLResponse(await asyncio.to_thread(html, paper, links), headers=HEADERS)

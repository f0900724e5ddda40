"""Routes of paper: a notice or a part of the register as PDF, and the supplement that a polling station gets on the day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import and_, select

from services.registration.exports.allowance import Allowance
from services.registration.papers.registers import Group, RegisterPaper, long_date, pdf
from services.registration.supply.contents import Edition, entries, frozen_now
from services.registration.supply.making import MEDIA, Tally, ending, file_of
from services.registration.supply.printing import PRINT, PRINT_VERSION, part_paper
from services.registration.views.access import REGISTER_READERS
from services.registration.views.corrections import Correction
from services.registration.views.notices import Published
from services.registration.views.register import Entry
from services.registration.views.register_as_at import Moment, in_force
from shared.events.values import ElectorNumber, PersonName, PollingDistrict
from shared.law.polls import PollType
from shared.law.reckoning import LONDON
from shared.law.registration import election_notices
from shared.service.auth import Authority
from shared.service.database import Connection, Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found
from shared.service.read_audit import audited

router = APIRouter(tags=["notices of alteration"])
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
District = Annotated[str, Query(pattern=r"^[A-Z]{1,6}$")]


@router.get(
    "/notices/{notice}/print", dependencies=[REGISTER_READERS, caught_up("notices", "places"), audited("notice")],
    response_class=StreamingResponse,
)  # fmt: skip
async def notice_on_paper(
    notice: UUID, request: Request, authority: Authority, take_out: Allowance
) -> StreamingResponse:
    """A notice of alteration as PDF; a revised register as an archive with a PDF for each polling district."""
    async with reading_on(request.app.state.pool, authority) as conn:
        query = select(*Published.__table__.columns)
        rows = await fetch(conn, query.where(Published.authority == authority, Published.notice_id == notice))
    if not rows:
        raise not_found()
    [row] = rows
    changed = row["additions"] + row["removals"] + row["amendments"]
    await take_out(row["electors"] if row["kind"] == "revised-register" else changed)
    document: Literal["full-register", "notices"] = "full-register" if row["kind"] == "revised-register" else "notices"
    areas = tuple(PollingDistrict(area) for area in row["areas"])
    edition = Edition(document, row["published_on"], tuple(row["positions"]), areas)

    async def parts() -> AsyncIterator[bytes]:
        async with reading_on(request.app.state.pool, authority) as conn:
            async for part in file_of(conn, authority, edition, (PRINT, PRINT_VERSION), Tally()):
                yield part

    end = ending(document, (PRINT, PRINT_VERSION))
    named = {"Content-Disposition": f'attachment; filename="{row["kind"]}-{edition.on}.{end}"'}
    return StreamingResponse(parts(), media_type=MEDIA[end], headers=named)


@router.get(
    "/register/part.pdf", dependencies=[REGISTER_READERS, caught_up("register", "places"), audited("register print")],
    response_class=Response, responses=PDF,
)  # fmt: skip
async def part_on_paper(
    conn: Reading, authority: Authority, today: Today, take_out: Allowance, district: District,
    edition: Annotated[Literal["full", "open"], Query()] = "full",
    effective: Annotated[date | None, Query(description="the day it is in force; today by default")] = None,
) -> Response:  # fmt: skip
    """One polling district's part of the register, by street, other electors, and numbers at the end."""
    document: Literal["full-register", "open-register"] = "open-register" if edition == "open" else "full-register"
    wanted = Edition(document, effective or today, await frozen_now(conn), (PollingDistrict(district),))
    found = [entry async for part in entries(conn, authority, wanted) for entry in part]
    await take_out(len(found))
    return await _paper(part_paper(wanted, district, found), f"{document}-{district}")


# ------------------------------------------------------- the station supplement


class Corrected(BaseModel):
    """An entry whose name was put right after the register of the poll was printed."""

    number: str
    was: str
    name: str
    corrected_at: datetime


async def _supplement(
    conn: Connection, authority: str, poll_type: PollType, polling_day: date, district: str
) -> list[Corrected]:
    """From the day of the final notice until 9pm on polling day. Nobody anonymous: no name of theirs was printed."""
    notices = election_notices(poll_type, polling_day)
    standing = and_(Entry.elector_id == Correction.elector_id, in_force(authority, Moment(polling_day)))
    query = (
        select(
            Entry.district, Entry.number, Entry.suffix, Correction.was, Correction.name, Correction.corrected_at,
        )
        .join(Entry, standing)
        .where(
            Correction.authority == authority,
            Entry.district == district,
            ~Entry.anonymous,
            Correction.effective_on >= notices.final.publish,
            Correction.effective_on <= polling_day,
        )
        .order_by(Entry.number, Entry.suffix, Correction.corrected_at)
    )  # fmt: skip
    return [
        Corrected(
            number=str(ElectorNumber(PollingDistrict(row["district"]), row["number"], row["suffix"])),
            was=str(PersonName(**row["was"])), name=str(PersonName(**row["name"])), corrected_at=row["corrected_at"],
        )
        for row in await fetch(conn, query)
        if row["was"] and row["name"] and notices.clerical_errors.met_by(row["corrected_at"])
    ]  # fmt: skip


@router.get(
    "/register/supplement",
    dependencies=[REGISTER_READERS, caught_up("register", "corrections"), audited("supplement")],
)
async def supplement(
    conn: Reading, authority: Authority, poll_type: PollType, polling_day: date, district: District
) -> list[Corrected]:
    """Clerical errors corrected between the final notice and 9pm on polling day, for the station of a polling district."""
    return await _supplement(conn, authority, poll_type, polling_day, district)


@router.get(
    "/register/supplement.pdf",
    dependencies=[REGISTER_READERS, caught_up("register", "corrections"), audited("supplement")],
    response_class=Response, responses=PDF,
)  # fmt: skip
async def supplement_on_paper(
    conn: Reading, authority: Authority, poll_type: PollType, polling_day: date, district: District
) -> Response:
    """The same, to lie beside the register in the station."""
    found = await _supplement(conn, authority, poll_type, polling_day, district)
    rows = tuple(
        (each.number, each.was, each.name, f"{each.corrected_at.astimezone(LONDON):%H:%M, %-d %B}") for each in found
    )
    groups = (Group("Entries corrected", rows),) if rows else ()
    title = f"Supplement to the register: polling district {district}"
    told = "These entries hold as corrected. The presiding officer was told of each (RPA 1983 s.13B(3B)-(3D))."
    paper = RegisterPaper(
        title, (f"Poll on {long_date(polling_day)}. {told}",), ("Number", "Printed as", "Now reads", "Corrected"), groups,
        "No entry of this polling district was corrected.",
    )  # fmt: skip
    return await _paper(paper, f"supplement-{district}-{polling_day}")


async def _paper(paper: RegisterPaper, name: str) -> Response:
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(pdf, paper), media_type="application/pdf", headers=named)

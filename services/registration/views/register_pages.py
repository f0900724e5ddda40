"""GET /register: the register as at any day, as known at any time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select, tuple_

from services.registration.views.access import REGISTER_READERS
from services.registration.views.register import Entry
from services.registration.views.register_as_at import (
    Line,
    Moment,
    counts,
    key_of,
    line_of,
    order_of,
    register_as_at,
    rows_of,
)
from shared.law.polls import PollType
from shared.service.auth import Authority
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited


class RegisterLine(BaseModel):
    """One line, as printed: letters before the name, N after the number, the day an attainer may first vote."""

    elector_id: UUID
    number: str
    section: str
    marker: str
    attains_on: date | None
    name: str | None
    address: list[str]
    ward: str

    @classmethod
    def of(cls, line: Line) -> RegisterLine:
        return cls(
            elector_id=line.elector_id,
            number=f"{line.number}{line.marking.after_number and ' ' + line.marking.after_number}",
            section=line.section.name.lower().replace("_", "-"),
            marker=line.marking.before_name,
            attains_on=line.marking.attains_on,
            name=str(line.name) if line.name else None,
            address=list(line.address),
            ward=line.ward,
        )


class DistrictCount(BaseModel):
    """Entries of one polling district. `open`: those in the open register."""

    district: str
    electors: int
    open: int
    anonymous: int
    other_electors: int


def moment(
    today: Today,
    effective: Annotated[date | None, Query(description="the day it is in force; today by default")] = None,
    known: Annotated[AwareDatetime | None, Query(description="as it was known then; now by default")] = None,
) -> Moment:
    instant: datetime | None = known
    return Moment(effective or today, instant)


At = Annotated[Moment, Depends(moment)]
District = Annotated[str | None, Query(max_length=6, description="letters of a polling district")]
router = APIRouter(tags=["register"], dependencies=[REGISTER_READERS, caught_up("register")])


@router.get("/register", dependencies=[audited("register")])
async def read_register(
    conn: Reading,
    paged: Paged,
    authority: Authority,
    at: At,
    district: District = None,
    ward: Annotated[str | None, Query(max_length=9)] = None,
    poll: Annotated[PollType | None, Query(description="only those who may vote at it on that day")] = None,
) -> Page[RegisterLine]:
    """The register in the order of print."""
    found = register_as_at(authority, at, district=district, ward=ward)
    order = order_of(found.get_final_froms()[0])
    if paged.after is not None:
        # The first condition repeats what the second implies: it lets districts already read be left out cheaply.
        after = tuple_(*paged.after[:-1], UUID(paged.after[-1]))
        found = found.where(order[0] >= paged.after[0], tuple_(*order) > after)
    if poll is None:
        found = found.limit(paged.limit + 1)
    rows: list[tuple[Any, Line]] = []
    async for row in rows_of(conn, found):
        line = line_of(row, at.effective)
        if poll is None or line.votes_at(poll, at.effective):
            rows.append((row, line))
        if len(rows) > paged.limit:
            break
    page = paged.page(rows, lambda pair: key_of(pair[0]))
    return Page(items=[RegisterLine.of(line) for _, line in page.items], next=page.next)


class LineThen(BaseModel):
    """The line of one elector, absent where none is in force."""

    line: RegisterLine | None


@router.get("/electors/{elector_id}/line", dependencies=[audited("elector")])
async def read_line(elector_id: UUID, conn: Reading, authority: Authority, at: At) -> LineThen:
    """How the register shows one elector: on any day, as known at any time. No line: not on the register then."""
    theirs = select(Entry.elector_id).where(Entry.elector_id == elector_id, Entry.authority == authority)
    if not await fetch(conn, theirs.limit(1)):
        raise not_found()
    found = register_as_at(authority, at)
    entries = found.get_final_froms()[0]
    async for row in rows_of(conn, found.where(entries.c.elector_id == elector_id)):
        return LineThen(line=RegisterLine.of(line_of(row, at.effective)))
    return LineThen(line=None)


@router.get("/register/counts")
async def count_register(conn: Reading, authority: Authority, at: At) -> list[DistrictCount]:
    """How many entries each polling district has."""
    return [DistrictCount(**row) for row in await fetch(conn, counts(authority, at))]

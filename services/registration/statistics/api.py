"""Routes of the figures: the electorate of a day, and the counters of the performance standards."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import tuple_

from services.registration.statistics import electorate
from services.registration.statistics.electorate import Area, By, Sort
from services.registration.views.access import REGISTER_READERS
from services.registration.views.canvass_csv import csv_of
from services.registration.views.register_as_at import key_of, line_of, order_of, rows_of
from services.registration.views.register_pages import RegisterLine
from shared.service.auth import Authority, requires
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.read_audit import audited

READERS = requires("registration-officer", "ero-deputy", "elections-officer", "ro-deputy", "reporting", "auditor")
"""Of figures. The lists behind them name people, and are for those who may read the register."""
router = APIRouter(prefix="/statistics", tags=["statistics"])
On = Annotated[
    date | None,
    Query(
        ge=date(2000, 1, 1), le=date(2999, 12, 31), description="the register in force on this day; today by default"
    ),
]
District = Annotated[str | None, Query(max_length=6, description="letters of a polling district")]
Ward = Annotated[str | None, Query(max_length=9)]


class ElectorateLine(BaseModel):
    """One area's figures. Each opens its list at `/statistics/electorate/<sort>` with the same area and day."""

    constituency: str
    ward: str
    district: str
    entries: int
    parliamentary: int
    local: int
    attainers: int
    overseas: int
    peers: int
    eu: int
    service: int
    local_connection: int
    anonymous: int
    postal_voters: int

    @classmethod
    def of(cls, area: Area) -> ElectorateLine:
        places = {"constituency": area.constituency, "ward": area.ward, "district": area.district}
        return cls(**places, **asdict(area.figures))


class Electorate(BaseModel):
    on: date
    by: By
    lines: list[ElectorateLine]
    total: ElectorateLine


@router.get(
    "/electorate", dependencies=[READERS, caught_up("register"), caught_up("absent_voters")], response_model=Electorate,
    responses={200: {"content": {"text/csv": {}}}},
)  # fmt: skip
async def count_electorate(
    conn: Reading, authority: Authority, today: Today, on: On = None, by: By = "part",
    csv: Annotated[bool, Query(description="as a CSV file")] = False,
) -> Any:  # fmt: skip
    """Electors by sort, as the return of the register asks for them (RPR 2001 r.44)."""
    day = on or today
    found = await electorate.areas(conn, authority, day, by)
    lines = [ElectorateLine.of(area) for area in found]
    if csv:
        header = list(ElectorateLine.model_fields)
        rows: list[Any] = [[getattr(line, name) for name in header] for line in lines]
        return csv_of(f"electorate-{day}-{by}", header, rows)
    whole = ElectorateLine.of(Area("", "", "", electorate.total(found)))
    return Electorate(on=day, by=by, lines=lines, total=whole)


@router.get(
    "/electorate/{sort}",
    dependencies=[REGISTER_READERS, caught_up("register"), caught_up("absent_voters"), audited("electorate")],
)
async def list_electorate(
    sort: Sort, conn: Reading, paged: Paged, authority: Authority, today: Today, on: On = None,
    district: District = None, ward: Ward = None,
) -> Page[RegisterLine]:  # fmt: skip
    """The entries that one figure counts, in the order of print: as many as the figure says."""
    day = on or today
    kinds = await electorate.kinds_of(conn, authority, day, sort)
    query = electorate.behind(authority, day, sort, kinds, district=district, ward=ward)
    if paged.after is not None:
        order = order_of(query.get_final_froms()[0])
        after = tuple_(*paged.after[:-1], UUID(paged.after[-1]))
        query = query.where(order[0] >= paged.after[0], tuple_(*order) > after)
    rows = [row async for row in rows_of(conn, query.limit(paged.limit + 1))]
    page = paged.page(rows, key_of)
    return Page(items=[RegisterLine.of(line_of(row, day)) for row in page.items], next=page.next)

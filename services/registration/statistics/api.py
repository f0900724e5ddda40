"""Routes of the figures: the electorate of a day, and the counters of the performance standards."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import tuple_

from services.registration.statistics import electorate, standards
from services.registration.statistics.electorate import Area, By, Sort
from services.registration.statistics.standards import Between, Every, Figure
from services.registration.views.access import REGISTER_READERS
from services.registration.views.canvass_csv import csv_of
from services.registration.views.register_as_at import key_of, line_of, order_of, rows_of
from services.registration.views.register_pages import RegisterLine
from shared.service.auth import Authority, requires
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import invalid
from shared.service.read_audit import audited
from shared.service.remembered import Remembered, Within

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


electorates = Remembered()


@router.get(
    "/electorate", dependencies=[READERS, caught_up("register"), caught_up("absent_voters")], response_model=Electorate,
    responses={200: {"content": {"text/csv": {}}}},
)  # fmt: skip
async def count_electorate(
    request: Request, response: Response, conn: Reading, authority: Authority, today: Today, on: On = None, by: By = "part",
    csv: Annotated[bool, Query(description="as a CSV file")] = False, within: Within = 0,
) -> Any:  # fmt: skip
    """Electors by sort, as the return of the register asks for them (RPR 2001 r.44)."""
    day = on or today

    async def count() -> list[Area]:
        return await electorate.areas(conn, authority, day, by)

    found = await electorates(request, response, f"{authority} {day}", within, count)
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


# -------------------------------------------------------------- performance standards


def between(
    today: Today,
    since: Annotated[date | None, Query(le=date(2999, 12, 31), description="first day; 1 January by default")] = None,
    until: Annotated[date | None, Query(le=date(2999, 12, 31), description="last day; today by default")] = None,
) -> Between:
    last = until or today
    first = since or last.replace(month=1, day=1)
    if first > last:
        raise invalid("since", "period-ends-before-it-begins", "The first day comes after the last.")
    return Between(first, last)


Period = Annotated[Between, Depends(between)]


class StandardLine(BaseModel):
    """`amount` of a figure, told apart by `detail` and `also`, from the day `begins` to the end of its week, month or
    period. Its list: `/statistics/standards/<figure>` with the same detail and days."""

    figure: str
    begins: date
    detail: str
    also: str
    amount: int


class Days(BaseModel):
    """Days from receipt to outcome of the applications determined in the period."""

    outcome: str
    applications: int
    least: int
    median: int
    nine_in_ten: int
    most: int


class Standards(BaseModel):
    since: date
    until: date
    every: Every
    lines: list[StandardLine]
    days: list[Days]


class CountedFact(BaseModel):
    """One thing counted, and the record (`stream_id`, `version`) where it stands."""

    figure: str
    detail: str
    also: str
    day: date
    amount: int
    stream_id: UUID
    version: int


@router.get(
    "/standards", dependencies=[READERS, caught_up("counted")], response_model=Standards,
    responses={200: {"content": {"text/csv": {}}}},
)  # fmt: skip
async def count_standards(
    conn: Reading, authority: Authority, within: Period, every: Every = "period",
    csv: Annotated[bool, Query(description="as a CSV file")] = False,
) -> Any:  # fmt: skip
    """What was received, decided, sent, visited and answered, as the performance standards ask."""
    lines = [StandardLine(**row) for row in await fetch(conn, standards.figures(authority, within, every))]
    if csv:
        header = list(StandardLine.model_fields)
        rows: list[Any] = [[getattr(line, name) for name in header] for line in lines]
        return csv_of(f"standards-{within.since}-{within.until}", header, rows)
    days = [Days(**row) for row in await fetch(conn, standards.days_to_determine(authority, within))]
    return Standards(since=within.since, until=within.until, every=every, lines=lines, days=days)


@router.get(
    "/standards/{figure}",
    dependencies=[requires("registration-officer", "ero-deputy", "auditor"), caught_up("counted")],
)
async def list_standard(
    figure: Figure, conn: Reading, paged: Paged, authority: Authority, within: Period,
    detail: Annotated[str | None, Query(max_length=100)] = None,
    also: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[CountedFact]:  # fmt: skip
    """What one figure counts, in the order of its days: its amounts add up to the figure."""
    query = standards.behind(authority, within, figure, detail, also)
    if paged.after is not None:
        day, stream, version, said = paged.after
        found = query.get_final_froms()[0].c
        key = tuple_(found.day, found.stream_id, found.version, found.detail)
        query = query.where(key > tuple_(date.fromisoformat(day), UUID(stream), version, said))
    rows = await fetch(conn, query.limit(paged.limit + 1))
    page = paged.page(rows, lambda row: (str(row["day"]), str(row["stream_id"]), row["version"], row["detail"]))
    return Page(items=[CountedFact(**row) for row in page.items], next=page.next)

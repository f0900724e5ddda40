"""The canvass board: how far the canvass is by round of area and route, by channel and day, and whom to chase.

Every figure names the list behind it: the same filters, given to `GET /canvasses/{year}/properties`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from services.registration.views.access import OFFICERS
from services.registration.views.canvass import CanvassYear, InCanvass
from services.registration.views.canvass import Response as Replied
from services.registration.views.canvass_csv import csv_of
from services.registration.views.properties import Allocation, Property
from shared.law.canvass import ROUTE_3_CLASSES
from shared.service.auth import Authority
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found

State = Literal[
    "sent", "not-sent", "replied", "outstanding", "due", "programme-done", "visited", "undelivered", "conflict",
    "enquiry", "refused", "matched-nationally", "matched-locally",
]  # fmt: skip
By = Literal["ward", "district", "route"]
CHASED = (2, 3)
"""Routes on which a reply is needed, and chased."""

REPLIED = InCanvass.outcome != ""
OUTSTANDING = and_(InCanvass.outcome == "", InCanvass.route.in_(CHASED))
BEGUN = InCanvass.last_contact != ""


def meaning(state: State, today: date) -> ColumnElement[bool]:
    """Which properties a state is about, on a day."""
    match state:
        case "sent":
            return InCanvass.contacts > 0
        case "not-sent":
            return InCanvass.contacts == 0
        case "replied":
            return REPLIED
        case "outstanding":
            return OUTSTANDING
        case "due":
            return and_(InCanvass.outcome == "", or_(InCanvass.due_on <= today, ~BEGUN & InCanvass.due_on.is_(None)))
        case "programme-done":
            return and_(InCanvass.outcome == "", BEGUN, InCanvass.due_on.is_(None))
        case "visited":
            return InCanvass.visits > 0
        case "undelivered":
            return InCanvass.undelivered.is_(True)
        case "conflict":
            return InCanvass.conflicts > 0
        case "enquiry":
            return InCanvass.enquiry.is_(True)
        case "refused":
            return and_(InCanvass.refused, InCanvass.outcome == "")
        case "matched-nationally":
            return InCanvass.matched_nationally.is_(True)
        case "matched-locally":
            return and_(InCanvass.matched, ~InCanvass.matched_nationally)


# -------------------------------------------------------------------- shared


async def year_of(conn: Reading, authority: Authority, year: Annotated[int, Path(ge=2020, le=2100)]) -> dict[str, Any]:
    rows = await fetch(conn, select(CanvassYear).where(CanvassYear.authority == authority, CanvassYear.year == year))
    if not rows:
        raise not_found()
    return rows[0]


Of = Annotated[dict[str, Any], Depends(year_of)]
router = APIRouter(
    prefix="/canvasses", tags=["canvass"], dependencies=[OFFICERS, caught_up("canvass", "properties")]
)  # fmt: skip


class Figure(BaseModel):
    """A number, and the list that it counts."""

    count: int
    list: str


def figure(year: int, count: int, **filters: Any) -> Figure:
    return Figure(count=count, list=f"/canvasses/{year}/properties?{urlencode(filters)}")


def placed(*columns: Any) -> Select[Any]:
    """Properties of a canvass with where they lie."""
    return (
        select(*columns)
        .join_from(InCanvass, Property, Property.property_id == InCanvass.property_id)
        .outerjoin(Allocation, Allocation.property_id == InCanvass.property_id)
    )


GROUPS: dict[By, Any] = {"ward": Allocation.ward, "district": Allocation.district, "route": InCanvass.route}

# ---------------------------------------------------------------------- years


class YearLine(BaseModel):
    """A canvass year and its data step."""

    year: int
    started_on: date
    recent_days: int
    sent_on: date | None
    electors_sent: int
    result_due: date | None
    results: list[dict[str, Any]]
    closed_on: date | None


@router.get("")
async def list_years(conn: Reading, authority: Authority) -> list[YearLine]:
    """All canvasses of the council, newest first."""
    years = select(CanvassYear).where(CanvassYear.authority == authority).order_by(CanvassYear.year.desc())
    return [YearLine(**row) for row in await fetch(conn, years)]


# ---------------------------------------------------------------------- board


class BoardLine(BaseModel):
    """How far the canvass is in one area or on one route. `replied_percent`: of all its properties, to one decimal."""

    name: str
    properties: Figure
    sent: Figure
    replied: Figure
    replied_percent: float
    visited: Figure
    outstanding: Figure
    due: Figure
    conflicts: Figure


COUNTED: tuple[tuple[str, State | None], ...] = (
    ("properties", None), ("sent", "sent"), ("replied", "replied"), ("visited", "visited"),
    ("outstanding", "outstanding"), ("due", "due"), ("conflicts", "conflict"),
)  # fmt: skip


def board(canvass: UUID, by: By, today: date) -> Select[Any]:
    counts = [
        (func.count() if state is None else func.count().filter(meaning(state, today))).label(name)
        for name, state in COUNTED
    ]
    group = GROUPS[by]
    return placed(group.label("name"), *counts).where(InCanvass.canvass_id == canvass).group_by(group).order_by(group)


@router.get("/{year}/board")
async def canvass_board(conn: Reading, of: Of, today: Today, by: By = "ward") -> list[BoardLine]:
    """Sent, replied, visited and outstanding by ward, polling district or route."""
    return [line_of(row, of["year"], by) for row in await fetch(conn, board(of["canvass_id"], by, today))]


def line_of(row: dict[str, Any], year: int, by: By) -> BoardLine:
    name = str(row["name"] or "")
    figures = {
        field: figure(year, row[field], **{by: name}, **({"state": state} if state else {})) for field, state in COUNTED
    }
    percent = round(100 * row["replied"] / row["properties"], 1) if row["properties"] else 0.0
    return BoardLine(name=name, replied_percent=percent, **figures)


@router.get("/{year}/board.csv", response_class=Response)
async def board_csv(conn: Reading, of: Of, today: Today, by: By = "ward") -> Response:
    """The board as CSV."""
    lines = [line_of(row, of["year"], by) for row in await fetch(conn, board(of["canvass_id"], by, today))]
    rows = [[line.name, *(getattr(line, name).count for name, _ in COUNTED), line.replied_percent] for line in lines]
    return csv_of(f"canvass-{of['year']}-by-{by}", [by, *(name for name, _ in COUNTED), "replied %"], rows)


# ------------------------------------------------------------------ by channel


class ChannelDay(BaseModel):
    """Replies of one channel on one day, and how many of them came after a first one."""

    received_on: date
    channel: str
    replies: int
    noted: int


def by_channel(canvass: UUID) -> Select[Any]:
    group: tuple[Any, ...] = (Replied.received_on, Replied.channel)
    noted = func.count().filter(Replied.noted).label("noted")
    found = select(*group, func.count().label("replies"), noted).where(Replied.canvass_id == canvass)
    return found.group_by(*group).order_by(*group)


@router.get("/{year}/responses")
async def responses_by_channel(conn: Reading, of: Of) -> list[ChannelDay]:
    """Replies by day and channel."""
    return [ChannelDay(**row) for row in await fetch(conn, by_channel(of["canvass_id"]))]


@router.get("/{year}/responses.csv", response_class=Response)
async def responses_csv(conn: Reading, of: Of) -> Response:
    """Replies by day and channel as CSV."""
    rows = [list(row.values()) for row in await fetch(conn, by_channel(of["canvass_id"]))]
    return csv_of(f"canvass-{of['year']}-replies", ["received on", "channel", "replies", "notes"], rows)


# ------------------------------------------------------- before and after match

ROUTE_BEFORE = case((and_(InCanvass.matched_nationally, InCanvass.adults > 0), 1), else_=2)
"""The route that the national match alone would have given."""


class RouteMove(BaseModel):
    """Properties by the route that the national match alone gives, and the route they are on now."""

    before: int
    now: int
    by_officer: bool
    properties: Figure


def moves(canvass: UUID) -> Select[Any]:
    before = ROUTE_BEFORE.label("before")
    return (
        select(before, InCanvass.route.label("now"), InCanvass.by_officer, func.count().label("properties"))
        .where(InCanvass.canvass_id == canvass)
        .group_by(before, InCanvass.route, InCanvass.by_officer)
        .order_by(before, InCanvass.route, InCanvass.by_officer)
    )


@router.get("/{year}/route-moves")
async def route_moves(conn: Reading, of: Of) -> list[RouteMove]:
    """Properties by route before and after the local match and officers' choices."""
    return [
        RouteMove(
            before=row["before"], now=row["now"], by_officer=row["by_officer"],
            properties=figure(
                of["year"], row["properties"], before=row["before"], route=row["now"], by_officer=row["by_officer"]
            ),
        )
        for row in await fetch(conn, moves(of["canvass_id"]))
    ]  # fmt: skip


@router.get("/{year}/route-moves.csv", response_class=Response)
async def route_moves_csv(conn: Reading, of: Of) -> Response:
    """Properties by route before and after the local match, as CSV."""
    rows = [list(row.values()) for row in await fetch(conn, moves(of["canvass_id"]))]
    return csv_of(
        f"canvass-{of['year']}-routes", ["route by national match", "route now", "by an officer", "properties"], rows
    )


# ----------------------------------------------------------------------- lists


class Wanted(BaseModel):
    """Which properties of a canvass. `before`: the route that the national match alone gives."""

    ward: str | None = None
    district: str | None = None
    route: int | None = Field(None, ge=1, le=3)
    before: int | None = Field(None, ge=1, le=2)
    by_officer: bool | None = None
    state: State | None = None
    outcome: str | None = None
    candidates_for_route_3: bool = False
    """Those whose class is one of shared houses, institutions and hostels."""

    def conditions(self, today: date) -> list[ColumnElement[bool]]:
        equal: list[tuple[Any, Any]] = [
            (func.coalesce(Allocation.ward, ""), self.ward), (func.coalesce(Allocation.district, ""), self.district),
            (InCanvass.route, self.route), (ROUTE_BEFORE, self.before), (InCanvass.by_officer, self.by_officer),
            (InCanvass.outcome, self.outcome),
        ]  # fmt: skip
        found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
        if self.state is not None:
            found.append(meaning(self.state, today))
        if self.candidates_for_route_3:
            found.append(func.left(InCanvass.class_code, 2).in_(ROUTE_3_CLASSES))
        return found


class CanvassLine(BaseModel):
    """One property of the canvass."""

    property_id: UUID
    uprn: int | None
    line: str
    ward: str | None
    district: str | None
    class_code: str
    electors: int
    matched: bool
    matched_nationally: bool
    route: int
    reason: str
    by_officer: bool
    contacts: int
    last_contact: str
    last_contact_on: date | None
    due_on: date | None
    visits: int
    last_visit: str
    undelivered: bool
    enquiry: bool
    conflicts: int
    outcome: str
    closed_on: date | None


_WALK = Property.walk.collate("C")
_OWN = [name for name in CanvassLine.model_fields if name not in {"uprn", "line", "ward", "district"}]
_LISTED = (
    *(getattr(InCanvass, name) for name in _OWN), Property.uprn, Property.line, Property.walk, Allocation.ward,
    Allocation.district,
)  # fmt: skip


def placed_lines(*more: Any) -> Select[Any]:
    """Properties in canvasses with the columns of a `CanvassLine`."""
    return placed(*_LISTED, *more)


def listed(canvass: UUID, wanted: Wanted, today: date) -> Select[Any]:
    """Properties of a canvass in the order in which one walks past them."""
    of = placed_lines().where(InCanvass.canvass_id == canvass, *wanted.conditions(today))
    return of.order_by(_WALK, InCanvass.property_id)


Filter = Annotated[Wanted, Query()]


@router.get("/{year}/properties")
async def canvass_properties(conn: Reading, of: Of, paged: Paged, today: Today, wanted: Filter) -> Page[CanvassLine]:
    """Properties of the canvass in walk order; with `state=due` the chase list."""
    query = listed(of["canvass_id"], wanted, today)
    if paged.after is not None:
        after, last = paged.after
        query = query.where(tuple_(_WALK, InCanvass.property_id) > tuple_(after, UUID(last)))
    rows = await fetch(conn, query.limit(paged.limit + 1))
    page = paged.page(rows, lambda row: (row["walk"], str(row["property_id"])))
    return Page(items=[CanvassLine(**row) for row in page.items], next=page.next)

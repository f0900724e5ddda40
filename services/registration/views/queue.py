"""Asking the application queue: stage and next deadline follow from what is known of an application, never stored."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Date, Select, and_, case, exists, func, literal, null, select, tuple_

from services.registration.views.access import OFFICERS
from services.registration.views.applications import Application, Objection, address_of
from services.registration.views.electors import Elector
from services.registration.views.history import ApplicationHistory, Happening, timeline, version_of
from services.registration.views.properties import Allocation
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited

Stage = Literal[
    "incomplete", "listed", "verified", "held", "objected", "hearing", "objection-upheld",
    "allowed", "rejected", "withdrawn", "duplicate", "forwarded",
]  # fmt: skip

OPEN = Application.outcome == ""
OBJECTED = exists().where(Objection.application_id == Application.application_id, Objection.standing)
STAGE: ColumnElement[str] = case(
    (Application.outcome != "", Application.outcome),
    (Application.listed_on.is_(None), "incomplete"),
    (Application.upheld, "objection-upheld"),
    (Application.hearing_on.is_not(None), "hearing"),
    (OBJECTED, "objected"),
    (Application.on_hold, "held"),
    (Application.route != "", "verified"),
    else_="listed",
)
"""Where an application stands; of several things at once, the one that must be settled first. [RPR 2001 r.26-31A]"""

_VERIFIED = Application.route != ""
DUE_NEXT = (
    (Application.hearing_on.is_not(None), Application.hearing_on, "The hearing takes place.", "RPR 2001 r.30"),
    (
        Application.hearing_until.is_not(None),
        Application.hearing_until,
        "The last day on which the objector may ask for a hearing.",
        "RPR 2001 r.29",
    ),
    (_VERIFIED, Application.determine_from, "It may be determined from this day.", "RPR 2001 r.29"),
    (
        Application.objections_until.is_not(None),
        Application.objections_until,
        "The last day on which an objection suspends the application.",
        "RPR 2001 r.29(4)",
    ),
)
"""The clocks of an open application, the most pressing first: when it runs, its day, rule and source."""


def _of_next(values: list[Any]) -> ColumnElement[Any]:
    return case(*((and_(OPEN, runs), value) for (runs, *_), value in zip(DUE_NEXT, values, strict=True)), else_=null())


DUE: ColumnElement[date] = _of_next([day for _, day, *_ in DUE_NEXT])
RULE = _of_next([rule for *_, rule, _ in DUE_NEXT])
SOURCE = _of_next([source for *_, source in DUE_NEXT])
_NEVER = date(9999, 12, 31)
_DUE_OR_NEVER: ColumnElement[date] = func.coalesce(DUE, literal(_NEVER, Date))


class Due(BaseModel):
    """The next day that matters, by which rule, from which law."""

    on: date
    rule: str
    source: str


class Case(BaseModel):
    """One application in the queue."""

    application_id: UUID
    reference: str
    channel: str
    kind: str
    stage: Stage
    received_on: date
    listed_on: date | None
    determine_from: date | None
    due: Due | None
    route: str
    flags: list[str]
    name: str | None
    """Absent once the person's data is erased."""
    address: str | None
    property_id: UUID | None
    district: str | None
    ward: str | None
    determined_on: date | None
    effective_on: date | None
    notice: str


class CasePage(Case):
    """One application with all that happened to it."""

    person_id: UUID
    anonymous: bool
    entry_to_alter: UUID | None
    missing: list[str]
    objectors: list[UUID]
    elector_id: UUID | None
    """The entry that it led to, or alters; absent until there is one."""
    timeline: list[Happening]


def queue(
    stage: Stage | Literal["open"] | None = None,
    ward: str | None = None,
    channel: str | None = None,
    due_before: date | None = None,
) -> Select[Any]:
    """Applications with their stage and next deadline, and the areas of the property as they are known now."""
    query = select(
        *Application.__table__.columns,
        STAGE.label("stage"),
        DUE.label("due"),
        RULE.label("rule"),
        SOURCE.label("source"),
        Allocation.district,
        Allocation.ward,
    ).outerjoin_from(Application, Allocation, Allocation.property_id == Application.property_id)
    if stage is not None:
        query = query.where(OPEN if stage == "open" else STAGE.in_([stage]))
    if ward is not None:
        query = query.where(Allocation.ward == ward)
    if channel is not None:
        query = query.where(Application.channel == channel)
    if due_before is not None:
        query = query.where(due_before > DUE)
    return query


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `queue` as the fields of a `Case`."""
    name = " ".join(part for part in (row["first"], row["middle"], row["last"]) if part)
    flags = [row["held_because"] or "on hold"] if row["on_hold"] else []
    if row["dwp"] == "red":
        flags.append("DWP red")
    if row["missing"]:
        flags.append("incomplete")
    due = Due(on=row["due"], rule=row["rule"], source=row["source"]) if row["due"] else None
    address = address_of(row["address"])
    return {**row, "name": name or None, "flags": flags, "due": due, "address": str(address) if address else None}


router = APIRouter(tags=["applications"], dependencies=[OFFICERS, caught_up("applications", "properties")])


@router.get("/applications", dependencies=[audited("applications")])
async def list_applications(
    conn: Reading,
    paged: Paged,
    stage: Annotated[Stage | Literal["open"] | None, Query(description="`open`: every one not determined")] = None,
    ward: Annotated[str | None, Query(max_length=9)] = None,
    channel: Literal["gov.uk", "paper", "phone", "in-person"] | None = None,
    due_before: date | None = None,
    sort: Literal["deadline", "received"] = "deadline",
) -> Page[Case]:
    """The queue, by the next deadline or by the day of receipt."""
    by: ColumnElement[date] = _DUE_OR_NEVER if sort == "deadline" else Application.received_on.expression
    query = queue(stage, ward, channel, due_before)
    if paged.after is not None:
        day, last = paged.after
        query = query.where(tuple_(by, Application.application_id) > tuple_(date.fromisoformat(day), UUID(last)))
    rows = await fetch(conn, query.order_by(by, Application.application_id).limit(paged.limit + 1))
    page = paged.page(
        rows,
        lambda row: (
            ((row["due"] or _NEVER) if sort == "deadline" else row["received_on"]).isoformat(),
            str(row["application_id"]),
        ),
    )
    return Page(items=[Case(**shown(row)) for row in page.items], next=page.next)


class DueOn(BaseModel):
    """How many open applications have their next deadline on a day; `None`: those that have none yet."""

    on: date | None
    applications: int


@router.get("/applications/backlog")
async def backlog(conn: Reading) -> list[DueOn]:
    """The open applications by their next deadline."""
    day = DUE.label("day")
    counted = select(day, func.count().label("applications")).where(OPEN).group_by(day).order_by(day.nulls_last())
    return [DueOn(on=row["day"], applications=row["applications"]) for row in await fetch(conn, counted)]


@router.get("/applications/{application_id}", dependencies=[audited("application")])
async def application_page(
    application_id: UUID, events: ApplicationHistory, conn: Reading, response: Response
) -> CasePage:
    """One application."""
    found = await fetch(conn, queue().where(Application.application_id == application_id))
    if not found:
        raise not_found()
    objections = select(Objection.objector).where(Objection.application_id == application_id)
    objectors = [row["objector"] for row in await fetch(conn, objections.order_by(Objection.made_on))]
    entry = select(Elector.elector_id).where(
        Elector.person_id == found[0]["person_id"], Elector.application_id == application_id
    )
    entries = [row["elector_id"] for row in await fetch(conn, entry)]
    version_of(events, response)
    fields = shown(found[0]) | {
        "missing": found[0]["missing"].split(),
        "objectors": objectors,
        "elector_id": next(iter(entries), found[0]["entry_to_alter"]),
    }
    return CasePage(**fields, timeline=timeline(events))

"""One property in a canvass with all that was done about it, and what replies said of one elector."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import select

from services.registration.views.access import OFFICERS
from services.registration.views.canvass import Contact, InCanvass, Report, Switch
from services.registration.views.canvass import Response as Replied
from services.registration.views.canvass_board import CanvassLine, Filter, Of, listed, placed_lines
from services.registration.views.canvass_csv import streamed_csv
from services.registration.views.canvass_electors import residents
from shared.service.auth import Authority
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found
from shared.service.read_audit import audited

router = APIRouter(tags=["canvass"], dependencies=[OFFICERS, caught_up("canvass", "properties", "electors")])


@router.get("/canvasses/{year}/properties.csv", response_class=StreamingResponse)
async def properties_csv(
    of: Of, request: Request, authority: Authority, today: Today, wanted: Filter
) -> StreamingResponse:
    """The same list as CSV, whole."""
    query = listed(of["canvass_id"], wanted, today)
    return streamed_csv(
        request.app.state.pool, authority, f"canvass-{of['year']}-properties", list(CanvassLine.model_fields), query
    )


class RouteTaken(BaseModel):
    """A route with who chose it, when and why."""

    route: int
    was: int | None
    reason: str
    by_officer: bool
    actor: str
    at: datetime


class ContactLine(BaseModel):
    contact_id: UUID
    contact: str
    made_on: date
    batch: str
    recipients: int
    result: str
    posted_on: date | None


class ReplyLine(BaseModel):
    response_id: UUID
    channel: str
    received_on: date
    answers: list[str]
    noted: bool


class ResidentLine(BaseModel):
    elector_id: UUID
    name: str


class CanvassPage(CanvassLine):
    """All about one property in a canvass. `residents`: its ordinary electors now."""

    residents: list[ResidentLine]
    routes: list[RouteTaken]
    made: list[ContactLine]
    replies: list[ReplyLine]


@router.get("/canvasses/{year}/properties/{property_id}", dependencies=[audited("canvass property")])
async def canvass_property(property_id: UUID, conn: Reading, of: Of, authority: Authority, today: Today) -> CanvassPage:
    """One property: its electors, routes, contacts and replies."""
    at = InCanvass.canvass_id == of["canvass_id"], InCanvass.property_id == property_id
    found = await fetch(conn, placed_lines(InCanvass.canvass_property_id).where(*at))
    if not found:
        raise not_found()
    place = found[0]["canvass_property_id"]

    async def rows(table: Any, *order: Any) -> list[dict[str, Any]]:
        return await fetch(conn, select(table).where(table.canvass_property_id == place).order_by(*order))

    people = (await residents(conn, authority, [property_id], today)).get(property_id, [])
    return CanvassPage(
        **found[0],
        residents=[ResidentLine(elector_id=elector, name=name) for elector, name in people],
        routes=[RouteTaken(**row) for row in await rows(Switch, Switch.version)],
        made=[ContactLine(**row) for row in await rows(Contact, Contact.made_on, Contact.contact_id)],
        replies=[ReplyLine(**row) for row in await rows(Replied, Replied.received_on, Replied.response_id)],
    )


class ReportLine(BaseModel):
    """One source about an elector, as a removal wants it."""

    kind: str
    origin: str
    received_on: date
    denies: bool


@router.get("/electors/{elector_id}/canvass-reports", dependencies=[audited("elector")])
async def reports_of(elector_id: UUID, conn: Reading, authority: Authority) -> list[ReportLine]:
    """What canvass replies said of an elector. Replies of one household share an origin: together they are one source."""
    query = select(Report).where(Report.authority == authority, Report.elector_id == elector_id)
    found = await fetch(conn, query.order_by(Report.received_on, Report.response_id))
    return [ReportLine(**row) for row in found]

"""Routes of the log: an inspection at the desk, a record disclosed, and who looks the log up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import select

from services.registration.inspections.decider import LogDisclosure, LogInspection, access_log
from services.registration.views.access import OFFICERS
from services.registration.views.access_log import Disclosure as Disclosed
from services.registration.views.access_log import Inspection as Held
from shared.eventcore.recording import Receipt
from shared.events.registration import DisclosureId, Inspected, InspectionId
from shared.events.values import ElectorId, PersonId
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals
from shared.service.read_audit import audited

router = APIRouter(tags=["inspection and disclosure"])
READERS = requires("registration-officer", "ero-deputy", "dpo", "auditor")
Text = Annotated[str, Field(max_length=200)]
Needed = Annotated[str, Field(min_length=1, max_length=200)]


class Inspection(BaseModel):
    """`inspector` may stay empty: nobody has to say who they are to look at the register. Of a marked register its poll, what
    for, and why the unmarked one is not enough."""

    document: Inspected = "full-register"
    place: Needed
    began_at: AwareDatetime
    ended_at: AwareDatetime
    supervised_by: Text = Field(description="the officer who stayed with the inspector")
    inspector: Text = ""
    poll: date | None = Field(None, description="of a marked register: the day of its poll")
    purpose: Text = ""
    why_marked: Text = ""


@router.post(
    "/inspections", dependencies=[OFFICERS],
    responses=refusals(
        "why-unmarked-insufficient", "marked-register-not-open-yet", "marked-register-destroyed",
        invalid=["inspection-not-supervised", "inspection-ends-before-it-begins", "poll-not-named"],
    ),
)  # fmt: skip
async def inspect(body: Inspection, execute: Execute, officer: Officer) -> Receipt:
    """Log that somebody inspected the register under supervision (RPR r.7, r.43)."""
    identity = InspectionId(uuid4())
    command = LogInspection(
        identity, PersonId(uuid4()), body.inspector, body.document, body.place, body.began_at, body.ended_at,
        body.supervised_by, body.poll, body.purpose, body.why_marked,
    )  # fmt: skip
    return await execute(access_log, identity, command, by=officer)


class Disclosure(BaseModel):
    """`what`: kinds of data that were told; `power`: the enactment that allows it."""

    elector_ids: list[UUID] = Field(min_length=1, max_length=500)
    organisation: Needed
    power: Text
    purpose: Needed
    what: list[Needed] = Field(min_length=1, max_length=50, examples=[["address", "application form"]])
    agreement: Text = ""


@router.post("/disclosures", dependencies=[OFFICERS], responses=refusals(invalid=["disclosure-needs-a-power"]))
async def disclose(body: Disclosure, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Log that records were disclosed. Without an enactment there is no disclosure."""
    identity = DisclosureId(uuid4())
    electors = tuple(ElectorId(elector) for elector in body.elector_ids)
    command = LogDisclosure(
        identity, electors, body.organisation, body.power, body.purpose, tuple(body.what), today, officer.id,
        body.agreement,
    )  # fmt: skip
    return await execute(access_log, identity, command, by=officer)


class InspectionLine(BaseModel):
    inspection_id: UUID
    inspector: str | None
    document: str
    place: str
    began_at: datetime
    ended_at: datetime
    supervised_by: str


@router.get("/inspections", dependencies=[READERS, caught_up("access_log"), audited("inspections")])
async def inspections(
    conn: Reading, authority: Authority, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[InspectionLine]:
    """Who inspected what, newest first."""
    query = select(*(getattr(Held, name) for name in InspectionLine.model_fields)).where(Held.authority == authority)
    rows = await fetch(conn, query.order_by(Held.began_at.desc(), Held.inspection_id).limit(limit))
    return [InspectionLine(**row) for row in rows]


class DisclosureLine(BaseModel):
    disclosure_id: UUID
    elector_ids: list[UUID]
    organisation: str
    power: str
    purpose: str
    what: list[str]
    disclosed_on: date
    disclosed_by: str
    agreement: str


@router.get("/disclosures", dependencies=[READERS, caught_up("access_log"), audited("disclosures")])
async def disclosures(
    conn: Reading, authority: Authority,
    elector: Annotated[UUID | None, Query(description="only what was told of this entry")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[DisclosureLine]:  # fmt: skip
    """What was disclosed to whom, newest first."""
    columns = (getattr(Disclosed, name) for name in DisclosureLine.model_fields)
    query = select(*columns).where(Disclosed.authority == authority)
    if elector is not None:
        query = query.where(Disclosed.elector_ids.has_key(str(elector)))
    rows = await fetch(conn, query.order_by(Disclosed.disclosed_on.desc(), Disclosed.disclosure_id).limit(limit))
    return [DisclosureLine(**row) for row in rows]

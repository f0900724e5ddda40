"""Routes of visiting officers' rounds: allocate one, download it sealed, upload what was recorded, settle conflicts.

A canvasser sees only rounds of their own; another's is not found.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import ColumnElement, select, true

from services.registration.canvass.api import Reply
from services.registration.canvass.years.api import OFFICERS, Year, of_year, under_way
from services.registration.exchange.sealed_round import SealedRound, seal
from services.registration.views.canvass_electors import residents
from services.registration.views.canvass_rounds import CanvassRound, Conflict, to_canvass, to_follow_up, visits_of
from services.registration.views.invitations import Invitation
from services.registration.views.properties import Allocation
from services.registration.visits.decider import (
    AllocateRound,
    DownloadRound,
    EndRound,
    OfferEnrolment,
    Round,
    UploadRound,
    rounds,
)
from services.registration.visits.devices import CODE_GOOD_FOR, Code, may_see
from services.registration.visits.uploading import Card, Outcome, Record, Taken, Uploading, cards
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.events.registration import RoundId, RoundVisit
from shared.events.values import PotentialElectorId, PropertyId
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading, fetch
from shared.service.http import IdempotencyKey, caught_up
from shared.service.now import Now, Today
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited

VISITORS = requires("canvasser", "registration-officer", "ero-deputy")
OFFICE = ("registration-officer", "ero-deputy")
LONGEST_DAYS = 7
"""For how long a device may open a round."""
MOST_CARDS = 200
router = APIRouter(tags=["visiting officers"])


class Wanted(BaseModel):
    """Which doors: of a ward or polling district, at most so many; `officer` is the id of who is to call."""

    name: str = Field(min_length=1, max_length=100, examples=["AB north, Tuesday"])
    officer: str = Field(min_length=1, max_length=64)
    ward: str | None = Field(None, max_length=9)
    district: str | None = Field(None, max_length=6)
    most: int = Field(80, ge=1, le=300)
    invitations: bool = True
    """Call on people who were invited and reminded, too."""

    @property
    def area(self) -> ColumnElement[bool]:
        found: ColumnElement[bool] = true()
        if self.ward is not None:
            found &= Allocation.ward == self.ward
        if self.district is not None:
            found &= Allocation.district == self.district
        return found


@router.post(
    "/canvasses/{year}/rounds", dependencies=[OFFICERS, caught_up("canvass", "canvass_rounds", "invitations")],
    responses=refusals("no-canvass", "canvass-closed", "nothing-to-visit"),
)  # fmt: skip
async def allocate(
    year: Year,
    body: Wanted,
    request: Request,
    key: IdempotencyKey,
    conn: Reading,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Receipt:
    """Make up a round in walk order from open properties of route 2 and due follow-ups of invitations."""
    await under_way(request, authority, year)
    canvass = of_year(authority, year)
    identity = RoundId(uuid5(canvass, f"round:{officer.id}:{key}"))
    doors = [
        (row["walk"], RoundVisit(uuid5(identity, str(row["property_id"])), PropertyId(row["property_id"])))
        for row in await fetch(conn, to_canvass(canvass, body.area, today, body.most))
    ]
    if body.invitations:
        doors += [
            (row["walk"], follow_up(identity, row))
            for row in await fetch(conn, to_follow_up(body.area, today, body.most))
        ]
    visits = tuple(visit for _, visit in sorted(doors, key=lambda door: (door[0], str(door[1].visit_id)))[: body.most])
    command = AllocateRound(identity, canvass, body.name, body.officer, visits, today)
    return await execute(rounds, identity, command, by=officer)


def follow_up(identity: RoundId, row: dict[str, Any]) -> RoundVisit:
    person = PotentialElectorId(row["potential_elector_id"])
    return RoundVisit(uuid5(identity, f"invitation:{person}"), PropertyId(row["property_id"]), "invitation", person)


async def round_of(round_id: UUID, request: Request, officer: Officer, authority: Authority) -> Round:
    """The round, for the office and for whom it is allocated to; to others there is none."""
    execute: Executor = request.app.state.execute
    state = (await execute.state(rounds, round_id, authority)).state
    if not isinstance(state, Round) or not (officer.has_any(OFFICE) or state.allocated.officer == officer.id):
        raise not_found()
    if not may_see(officer, round_id):
        raise not_found()
    return state


OwnRound = Annotated[Round, Depends(round_of)]


class RoundLine(BaseModel):
    """A round and how far it is."""

    round_id: UUID
    name: str
    officer: str
    allocated_on: date
    visits: int
    device: str
    expires_at: datetime | None
    uploaded_at: datetime | None
    ended_on: date | None


@router.get("/rounds", dependencies=[VISITORS, caught_up("canvass_rounds")])
async def list_rounds(
    conn: Reading, officer: Officer, authority: Authority, open_only: Annotated[bool, Query(alias="open")] = True
) -> list[RoundLine]:
    """The rounds of a canvasser, newest first; the office sees everybody's."""
    query = select(CanvassRound).where(CanvassRound.authority == authority)
    if not officer.has_any(OFFICE):
        query = query.where(CanvassRound.officer == officer.id)
    if open_only:
        query = query.where(CanvassRound.ended_on.is_(None))
    found = await fetch(conn, query.order_by(CanvassRound.allocated_on.desc(), CanvassRound.round_id).limit(500))
    return [RoundLine(**row) for row in found if may_see(officer, row["round_id"])]


class VisitLine(BaseModel):
    """One call to make. `calls`: how often somebody stood there on this round."""

    visit_id: UUID
    property_id: UUID
    place: int
    purpose: str
    line: str
    calls: int


@router.get("/rounds/{round_id}", dependencies=[VISITORS, caught_up("canvass_rounds", "properties")])
async def round_page(round_id: UUID, of: OwnRound, conn: Reading) -> list[VisitLine]:
    """The walk list: addresses in the order of the street, without anybody's name."""
    return [VisitLine(**row) for row in await fetch(conn, visits_of(round_id))]


class EnrolmentCode(BaseModel):
    """Shown once: who issued it reads it out, or sends it as the link `/canvass-app/index.html#<code>`. `until`: it is good so long."""

    code: str
    until: datetime


@router.post("/rounds/{round_id}/enrolment", dependencies=[OFFICERS], responses=refusals("round-ended"))
async def issue_enrolment(
    round_id: UUID, of: OwnRound, request: Request, execute: Execute, officer: Officer, authority: Authority, now: Now
) -> EnrolmentCode:
    """A code with which one device enrols for this round. It takes the place of one that nobody has used."""
    code = Code.drawn(authority, round_id)
    until = now + CODE_GOOD_FOR
    await execute(rounds, round_id, OfferEnrolment(code.digest(request.app.state.execute.blind), until), by=officer)
    return EnrolmentCode(code=str(code), until=until)


class Download(BaseModel):
    """`passphrase` opens the round on the device. It is not kept: whoever forgets it downloads again."""

    device: str = Field(min_length=1, max_length=100)
    passphrase: str = Field(min_length=12, max_length=200)
    days: int = Field(2, ge=1, le=LONGEST_DAYS)


@router.post(
    "/rounds/{round_id}/download",
    dependencies=[VISITORS, caught_up("canvass_rounds", "properties", "electors"), audited("canvass round")],
    responses=refusals("round-ended"),
)
async def download(
    round_id: UUID,
    body: Download,
    of: OwnRound,
    conn: Reading,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    now: Now,
    today: Today,
) -> SealedRound:
    """The round sealed under a passphrase: addresses, names of ordinary electors, nothing else of anybody."""
    expires_at = now + timedelta(days=body.days)
    await execute(rounds, round_id, DownloadRound(body.device, expires_at), by=officer)
    found = await fetch(conn, visits_of(round_id))
    people = await residents(conn, authority, [row["property_id"] for row in found], today)
    invited = [row["potential_elector_id"] for row in found if row["potential_elector_id"]]
    names = {
        row["potential_elector_id"]: row["name"]
        for row in await fetch(conn, select(Invitation).where(Invitation.potential_elector_id.in_(invited)))
    }
    content = {
        "round_id": str(round_id), "name": of.allocated.name, "officer": officer.id, "device": body.device,
        "expires_at": expires_at.isoformat(),
        "visits": [
            {
                "visit_id": str(row["visit_id"]), "address": row["line"], "purpose": row["purpose"], "calls": row["calls"],
                "electors": [{"elector_id": str(e), "name": name} for e, name in people.get(row["property_id"], [])],
                "invited": names.get(row["potential_elector_id"]),
            }
            for row in found
        ],
    }  # fmt: skip
    return await asyncio.to_thread(seal, content, str(round_id), expires_at, body.passphrase)


class DoorRecord(BaseModel):
    """One call at a door. Sent again with the same device, visit and time it is the same record, whatever it says."""

    visit_id: UUID
    visited_at: AwareDatetime
    outcome: Outcome
    reply: Reply | None = None
    note: str = Field("", max_length=1000)


class Upload(BaseModel):
    device: str = Field(min_length=1, max_length=100)
    records: list[DoorRecord] = Field(max_length=500)


@router.post("/rounds/{round_id}/records", dependencies=[VISITORS])
async def upload(
    round_id: UUID,
    body: Upload,
    of: OwnRound,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    now: Now,
) -> list[Taken]:
    """Take what a device recorded, each record once however often it is sent; every record is answered for by itself."""
    uploading = Uploading(request.app.state.execute, of.allocated, body.device, now, execute.metadata(officer))
    taken = [
        await uploading(
            Record(
                record.visit_id, record.visited_at, record.outcome, tuple(record.reply.answers) if record.reply else (),
                record.reply.said() if record.reply else None, record.note,
            )
        )
        for record in body.records
    ]  # fmt: skip
    new = [answer for answer in taken if answer.status in ("recorded", "conflict")]
    conflicts = sum(answer.status == "conflict" for answer in new)
    await execute(rounds, round_id, UploadRound(body.device, len(taken), len(new), conflicts), by=officer)
    return taken


@router.get(
    "/rounds/{round_id}/conflicts", dependencies=[VISITORS, caught_up("canvass_rounds"), audited("canvass round")]
)
async def conflicts(
    round_id: UUID, of: OwnRound, request: Request, conn: Reading, officer: Officer, authority: Authority
) -> list[Card]:
    """Replies that differ from what was said at the door, as cards: mine and theirs."""
    waiting = select(Conflict).where(Conflict.round_id == round_id, Conflict.kept == "").order_by(Conflict.visited_at)
    found = await fetch(conn, waiting)
    return await cards(request.app.state.execute, authority, found, may_resolve=officer.has_any(OFFICE))


@router.post("/rounds/{round_id}/end", dependencies=[OFFICERS], responses=refusals("no-round"))
async def end(round_id: UUID, of: OwnRound, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """No more calls are made on the round; doors that were not answered may go on another."""
    return await execute(rounds, round_id, EndRound(today), by=officer)


@router.get(
    "/canvasses/{year}/conflicts", dependencies=[OFFICERS, caught_up("canvass_rounds"), audited("canvass conflicts")]
)
async def all_conflicts(year: Year, request: Request, conn: Reading, authority: Authority) -> list[Card]:
    """Every conflict of a canvass that waits for an officer, the oldest first."""
    of = Conflict.canvass_id == of_year(authority, year), Conflict.kept == ""
    found = await fetch(conn, select(Conflict).where(*of).order_by(Conflict.visited_at).limit(MOST_CARDS))
    return await cards(request.app.state.execute, authority, found, may_resolve=True)

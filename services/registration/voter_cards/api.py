"""Routes of Voter Authority Certificates: applications entered and decided, what was printed, and the list."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.registration.electors.decider import electors
from services.registration.electors.entry import OnRegister
from services.registration.views.access import OFFICERS
from services.registration.views.voter_cards import VoterCard
from services.registration.voter_cards.decider import (
    Apply,
    Approve,
    Cancel,
    Issue,
    IssueTemporary,
    PutOnHold,
    Refuse,
    Stage,
    voter_cards,
)
from shared.eventcore.recording import Receipt
from shared.events.registration import (
    VoterCardCancellation,
    VoterCardChannel,
    VoterCardFormat,
    VoterCardId,
    VoterCardLanguage,
    VoterCardRefusal,
    VoterCardWaitsFor,
)
from shared.events.values import ElectorId
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited

router = APIRouter(prefix="/voter-cards", tags=["voter cards"], dependencies=[OFFICERS])
Card = Annotated[UUID, Path(description="the application for a certificate")]
Number = Annotated[str, Field(min_length=1, max_length=40, description="as printed: 20 letters and digits")]


class Application(BaseModel):
    """`reference`: the national service's number of it."""

    elector_id: UUID
    channel: VoterCardChannel
    applied_on: date | None = None
    reference: Annotated[str, Field(max_length=60)] = ""


@router.post("", responses=refusals("voter-card-entered-otherwise"))
async def apply(
    request: Request, body: Application, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """Enter that an elector applied. Whoever is registered anonymously gets an Anonymous Elector's Document instead."""
    entry = (await request.app.state.execute.state(electors, body.elector_id, authority)).state
    if not isinstance(entry, OnRegister):
        raise not_found()
    card = VoterCardId(uuid4())
    command = Apply(card, ElectorId(body.elector_id), body.applied_on or today, body.channel, body.reference)
    return await execute(voter_cards, card, command, by=officer)


class Hold(BaseModel):
    waits_for: VoterCardWaitsFor


@router.put("/{card}/hold", responses=refusals("unknown-voter-card", "voter-card-decided"))
async def hold(card: Card, body: Hold, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """It waits for somebody."""
    return await execute(voter_cards, card, PutOnHold(body.waits_for, today), by=officer)


class Refusing(BaseModel):
    reason: VoterCardRefusal


@router.post("/{card}/refusal", responses=refusals("unknown-voter-card", "voter-card-decided"))
async def refuse(card: Card, body: Refusing, execute: Execute, officer: Officer, today: Today) -> Receipt:
    return await execute(voter_cards, card, Refuse(body.reason, today), by=officer)


class Approval(BaseModel):
    format: VoterCardFormat = "standard"
    language: VoterCardLanguage = "en"


@router.post("/{card}/approval", responses=refusals("unknown-voter-card", "voter-card-decided"))
async def approve(card: Card, body: Approval, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """It goes to the national printer."""
    return await execute(voter_cards, card, Approve(today, body.format, body.language), by=officer)


class Printed(BaseModel):
    number: Number
    issued_on: date | None = None


@router.post(
    "/{card}/issue",
    responses=refusals(
        "unknown-voter-card", "voter-card-decided", "voter-card-not-approved", invalid=["voter-card-number-wrong"]
    ),
)
async def issue(card: Card, body: Printed, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The printer has sent it."""
    return await execute(voter_cards, card, Issue(body.number, body.issued_on or today), by=officer)


class Temporary(BaseModel):
    number: Number
    polling_day: date


@router.post(
    "/{card}/temporary",
    responses=refusals(
        "unknown-voter-card", "voter-card-decided", "voter-card-not-approved",
        invalid=["voter-card-number-wrong", "voter-card-poll-is-over"],
    ),
)  # fmt: skip
async def temporary(card: Card, body: Temporary, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The certificate would come too late: one for this poll is handed over."""
    return await execute(voter_cards, card, IssueTemporary(body.number, body.polling_day, today), by=officer)


class Cancelling(BaseModel):
    reason: VoterCardCancellation


@router.post("/{card}/cancellation", responses=refusals("unknown-voter-card", "voter-card-not-issued"))
async def cancel(card: Card, body: Cancelling, execute: Execute, officer: Officer, today: Today) -> Receipt:
    return await execute(voter_cards, card, Cancel(body.reason, today), by=officer)


class CardLine(BaseModel):
    """`number` is told by the page of one elector only; None when the record was destroyed. `destroyed_on`: when it is."""

    card_id: UUID
    elector_id: UUID
    stage: Stage
    waits_for: str
    reason: str
    channel: str
    reference: str
    format: str
    language: str
    applied_on: date
    decided_on: date | None
    issued_on: date | None
    renew_by: date | None
    cancelled_on: date | None
    temporary_for: date | None
    destroyed_on: date | None
    number: str | None = None
    temporary_number: str | None = None


_LISTED = [name for name in CardLine.model_fields if name not in {"number", "temporary_number"}]


@router.get("", dependencies=[caught_up("voter_cards")])
async def listed(
    conn: Reading, authority: Authority, stage: Stage | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[CardLine]:
    """Applications, the oldest first: with `stage`, only those that stand there."""
    query = select(*(getattr(VoterCard, name) for name in _LISTED)).where(VoterCard.authority == authority)
    if stage is not None:
        query = query.where(VoterCard.stage == stage)
    rows = await fetch(conn, query.order_by(VoterCard.applied_on, VoterCard.card_id).limit(limit))
    return [CardLine.model_validate(row) for row in rows]


@router.get("/of/{elector}", dependencies=[caught_up("voter_cards"), audited("voter-cards")])
async def of_elector(
    conn: Reading, authority: Authority, elector: Annotated[UUID, Path(description="the elector")]
) -> list[CardLine]:
    """What an elector applied for and holds, the latest first."""
    query = select(*(getattr(VoterCard, name) for name in CardLine.model_fields))
    query = query.where(VoterCard.authority == authority, VoterCard.elector_id == elector)
    rows = await fetch(conn, query.order_by(VoterCard.applied_on.desc(), VoterCard.card_id))
    return [CardLine.model_validate(row) for row in rows]

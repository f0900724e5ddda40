"""Routes of invitations to register, from a potential elector to a civil penalty."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, Field

from services.registration.invitations.commands import (
    AppealPenalty,
    AskForPenaltyReview,
    CancelPenalty,
    CloseInvitation,
    FindPotentialElector,
    GiveInvitation,
    GiveReminder,
    ImposePenalty,
    RecordInvitationVisit,
    RecordPenaltyAppeal,
    RecordPenaltyPaid,
    RequireApplication,
    ReviewPenalty,
)
from services.registration.invitations.decider import invitations
from services.registration.properties.decider import Known, properties
from shared.eventcore.recording import Receipt
from shared.events.registration import FoundIn, InvitationEnd, VisitOutcome
from shared.events.values import ApplicationId, ElectorId, PersonId, PersonName, PotentialElectorId, PropertyId
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import not_found, refusals

router = APIRouter(
    prefix="/potential-electors",
    tags=["invitations"],
    dependencies=[requires("registration-officer", "ero-deputy")],
)
PENALISING = requires("ero-deputy")
"""A civil penalty is the registration officer's own decision, or a deputy's."""


class Found(BaseModel):
    name: PersonName
    property_id: UUID
    found_in: FoundIn
    date_of_birth: date | None = None
    origin: str = Field("", max_length=100)


@router.post("", status_code=status.HTTP_201_CREATED, responses=refusals("already-a-potential-elector"))
async def find(
    body: Found, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """Somebody who should be registered and is not: they are invited within 28 days (RPR r.32ZC)."""
    if not isinstance((await request.app.state.execute.state(properties, body.property_id, authority)).state, Known):
        raise not_found()
    identity = PotentialElectorId(uuid4())
    command = FindPotentialElector(
        identity, PersonId(uuid4()), body.name, PropertyId(body.property_id), today, body.found_in, body.date_of_birth,
        body.origin,
    )  # fmt: skip
    return await execute(invitations, identity, command, by=officer)


@router.post("/{person}/invitation", responses=refusals("no-such-potential-elector"))
async def invite(person: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Invite the person to apply."""
    return await execute(invitations, person, GiveInvitation(today), by=officer)


class Reminder(BaseModel):
    nth: int = Field(ge=1, le=9)


@router.post("/{person}/reminder", responses=refusals("reminder-out-of-turn", "not-yet-invited"))
async def remind(person: UUID, body: Reminder, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Remind the person of the invitation. Reminders that nobody sends by hand go out by themselves."""
    return await execute(invitations, person, GiveReminder(body.nth, today), by=officer)


class Visit(BaseModel):
    visited_on: date
    outcome: VisitOutcome
    note: str = Field("", max_length=2000)


@router.post("/{person}/visit", responses=refusals("not-yet-invited"))
async def visit(person: UUID, body: Visit, execute: Execute, officer: Officer) -> Receipt:
    """Somebody called at the address."""
    command = RecordInvitationVisit(body.visited_on, body.outcome, body.note)
    return await execute(invitations, person, command, by=officer)


@router.post("/{person}/requirement", responses=refusals("invitation-steps-outstanding", "already-required-to-apply"))
async def require(person: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Give notice that the person must apply (RPR r.32ZE)."""
    return await execute(invitations, person, RequireApplication(today), by=officer)


@router.post(
    "/{person}/penalty", dependencies=[PENALISING], responses=refusals("not-required-to-apply", "penalty-stands")
)
async def impose(person: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Impose the civil penalty on who was required to apply and did not (RPR r.32ZF)."""
    return await execute(invitations, person, ImposePenalty(today), by=officer)


class Grounds(BaseModel):
    grounds: str = Field("", max_length=2000)


@router.post("/{person}/penalty/review-request", responses=refusals("penalty-review-too-late", "no-penalty"))
async def ask_for_review(person: UUID, body: Grounds, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The person asks for the penalty to be reviewed (RPR r.32ZG)."""
    return await execute(invitations, person, AskForPenaltyReview(today, body.grounds), by=officer)


class Reviewed(BaseModel):
    upheld: bool
    reason: str = Field(min_length=1, max_length=2000)


@router.post("/{person}/penalty/review", dependencies=[PENALISING], responses=refusals("no-penalty-review"))
async def review(person: UUID, body: Reviewed, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """What the review found; the person may appeal if the penalty stands."""
    return await execute(invitations, person, ReviewPenalty(body.upheld, today, body.reason), by=officer)


class Appeal(BaseModel):
    reference: str = Field("", max_length=60, examples=["GRC/2026/0417"])


@router.post("/{person}/penalty/appeal", responses=refusals("penalty-appeal-out-of-time", "no-penalty"))
async def appeal(person: UUID, body: Appeal, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The tribunal told us of an appeal."""
    return await execute(invitations, person, AppealPenalty(today, body.reference), by=officer)


class Decided(BaseModel):
    dismissed: bool
    decided_on: date


@router.post("/{person}/penalty/appeal/outcome", responses=refusals("no-penalty-appeal"))
async def appeal_decided(person: UUID, body: Decided, execute: Execute, officer: Officer) -> Receipt:
    """What the tribunal decided; a penalty whose appeal succeeded is over."""
    return await execute(invitations, person, RecordPenaltyAppeal(body.dismissed, body.decided_on), by=officer)


class Paid(BaseModel):
    receipt: str = Field("", max_length=60)


@router.post("/{person}/penalty/payment", responses=refusals("no-penalty"))
async def paid(person: UUID, body: Paid, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The penalty was paid; finance's receipt."""
    return await execute(invitations, person, RecordPenaltyPaid(today, body.receipt), by=officer)


class Because(BaseModel):
    reason: str = Field(min_length=1, max_length=2000)


@router.post("/{person}/penalty/cancellation", dependencies=[PENALISING], responses=refusals("no-penalty"))
async def cancel(person: UUID, body: Because, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The penalty is not to be paid after all."""
    return await execute(invitations, person, CancelPenalty(today, body.reason), by=officer)


class Ending(BaseModel):
    because: InvitationEnd
    application_id: UUID | None = None
    elector_id: UUID | None = None
    reason: str = Field("", max_length=2000)


@router.post("/{person}/closing", responses=refusals("no-such-potential-elector"))
async def close(person: UUID, body: Ending, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The person applied, is registered, not resident or not eligible: nothing more is asked of them."""
    command = CloseInvitation(
        today,
        body.because,
        ApplicationId(body.application_id) if body.application_id else None,
        ElectorId(body.elector_id) if body.elector_id else None,
        body.reason,
    )
    return await execute(invitations, person, command, by=officer)

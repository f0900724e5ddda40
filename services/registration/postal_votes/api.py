"""Routes of postal votes. The rest of absent voting comes with its own decisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.registration.applications.api import Poll, ahead
from services.registration.electors.decider import OnRegister, electors
from services.registration.postal_votes.decider import (
    CancelPostalVote,
    GrantPostalVote,
    RefusePostalVote,
    postal_votes,
)
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.registration import PostalVoteKind
from shared.events.values import AddressLines, ElectorId, PersonId, postal_vote_id
from shared.law.electors import NOT_ON_REGISTER
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.now import Now, Today
from shared.service.problems import refusals

router = APIRouter(
    prefix="/electors/{elector}/postal-vote",
    tags=["postal votes"],
    dependencies=[requires("registration-officer", "ero-deputy", "postal-team")],
)


class Granted(BaseModel):
    """`applied_at`: when the application arrived, if not now; it decides for which polls it is in time."""

    kind: PostalVoteKind = "maximum"
    applied_at: datetime | None = None
    poll: Poll | None = None
    asked_until: date | None = None
    polls_ahead: list[Poll] = Field(default_factory=list)
    ballot_address: AddressLines | None = None
    ballot_address_reason: str = ""
    ballot_returned: bool = False
    reference: str = ""


@router.post("", responses=refusals("too-late-for-the-poll", "ballot-address-reason-needed", "not-on-register"))
async def grant(
    elector: UUID,
    body: Granted,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    now: Now,
    today: Today,
) -> Receipt:
    """Grant a postal vote for a poll, a period, or as long as the law allows."""
    entry = await entry_of(elector, request, authority)
    command = GrantPostalVote(
        ElectorId(elector), PersonId(entry.added.person_id), body.kind, body.applied_at or now, today,
        ahead([body.poll])[0] if body.poll else None, body.asked_until, ahead(body.polls_ahead), entry.added.ends_on,
        body.ballot_address, body.ballot_address_reason, body.ballot_returned, body.reference,
    )  # fmt: skip
    return await execute(postal_votes, postal_vote_id(ElectorId(elector)), command, by=officer)


class RefusedVote(BaseModel):
    reasons: list[str] = Field(min_length=1, examples=[["identity-not-confirmed"]])
    explanation: str = ""
    reference: str = ""


@router.post("/refusal", responses=refusals("reasons-needed", "not-on-register"))
async def refuse(
    elector: UUID,
    body: RefusedVote,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Receipt:
    """Refuse an application for a postal vote, with reasons in writing."""
    entry = await entry_of(elector, request, authority)
    command = RefusePostalVote(
        ElectorId(elector),
        PersonId(entry.added.person_id),
        today,
        tuple(body.reasons),
        body.explanation,
        body.reference,
    )
    return await execute(postal_votes, postal_vote_id(ElectorId(elector)), command, by=officer)


class Cancellation(BaseModel):
    polls_ahead: list[Poll] = Field(default_factory=list)
    ballot_returned: bool = False


@router.post("/cancellation", responses=refusals("no-postal-vote", "ballot-returned"))
async def cancel(elector: UUID, body: Cancellation, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """The elector asks to vote in another way again."""
    command = CancelPostalVote(ElectorId(elector), now, ahead(body.polls_ahead), body.ballot_returned)
    return await execute(postal_votes, postal_vote_id(ElectorId(elector)), command, by=officer)


async def entry_of(elector: UUID, request: Request, authority: str) -> OnRegister:
    """A postal voter is on the register, or positively determined: the entry exists, even if it takes effect later."""
    entry = (await request.app.state.execute.state(electors, elector, authority)).state
    if not isinstance(entry, OnRegister):
        raise Refused(NOT_ON_REGISTER)
    return entry

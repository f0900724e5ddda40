"""Routes of home movers: notices from other councils, their outcomes, and what we have to tell others."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, Field

from services.registration.applications.api import Poll, ahead
from services.registration.electors.commands import RemoveElector
from services.registration.electors.decider import OnRegister, electors
from services.registration.movers.decider import (
    MatchMover,
    MovingOut,
    ReceiveMoverNotice,
    RecordConfirmationSent,
    RecordOutcomeElsewhere,
    movers,
)
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.values import (
    AddressLines,
    Authority,
    ElectorId,
    EvidenceSource,
    MoverNoticeId,
    PersonId,
    PersonName,
)
from shared.law.effect import Programme
from shared.law.electors import NOT_ALLOWED_ELSEWHERE, NOT_ON_REGISTER
from shared.law.movers import NO_SUCH_MOVER, NOT_MATCHED
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(
    prefix="/movers", tags=["home movers"], dependencies=[requires("registration-officer", "ero-deputy")]
)


class MoverNotice(BaseModel):
    """Somebody applied to the council `of` and left an address here. `reference` is theirs."""

    of: str = Field(pattern=r"^[ENSW]\d{8}$", examples=["E07000041"])
    reference: str = Field(min_length=1, max_length=50)
    name: PersonName
    left: AddressLines
    date_of_birth: date | None = None


@router.post("", status_code=status.HTTP_201_CREATED)
async def receive(body: MoverNotice, execute: Execute, officer: Officer, authority: ActingFor, today: Today) -> Receipt:
    """Another council received an application of somebody who left here. The entry stays until it was allowed there."""
    notice = MoverNoticeId(uuid5(UUID(int=0), f"mover:{authority}:{body.of}:{body.reference}"))
    command = ReceiveMoverNotice(
        notice, PersonId(uuid5(notice, "person")), Authority(body.of), today, body.name, body.left, body.date_of_birth,
        body.reference,
    )  # fmt: skip
    return await execute(movers, notice, command, by=officer)


class Match(BaseModel):
    elector: UUID


@router.post("/{notice}/match", responses=refusals("not-on-register", "no-such-mover"))
async def match(
    notice: UUID, body: Match, request: Request, execute: Execute, officer: Officer, authority: ActingFor
) -> Receipt:
    """The entry here that the notice is about."""
    if not isinstance((await request.app.state.execute.state(electors, body.elector, authority)).state, OnRegister):
        raise Refused(NOT_ON_REGISTER)
    return await execute(movers, notice, MatchMover(ElectorId(body.elector)), by=officer)


class Outcome(BaseModel):
    allowed: bool
    decided_on: date


@router.post("/{notice}/outcome", responses=refusals("no-such-mover", "mover-allowed-already"))
async def outcome(notice: UUID, body: Outcome, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """What the other council decided."""
    return await execute(movers, notice, RecordOutcomeElsewhere(body.allowed, today, body.decided_on), by=officer)


class Removal(BaseModel):
    polls: list[Poll] = Field(default_factory=list)


@router.post("/{notice}/removal", responses=refusals("no-such-mover", "mover-not-matched", "not-allowed-elsewhere"))
async def remove(
    notice: UUID,
    body: Removal,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: ActingFor,
    today: Today,
) -> Receipt:
    """Take the old entry off the register, now that the other council has allowed the application (RPR r.31C(2)(a))."""
    mover = (await request.app.state.execute.state(movers, notice, authority)).state
    if not isinstance(mover, MovingOut):
        raise Refused(NO_SUCH_MOVER)
    if mover.allowed_on is None:
        raise Refused(NOT_ALLOWED_ELSEWHERE)
    if mover.elector_id is None:
        raise Refused(NOT_MATCHED)
    source = EvidenceSource("other-ero-allowed", f"mover notice {notice}", mover.allowed_on)
    command = RemoveElector("registered-elsewhere", today, (source,), programme=Programme(polls=ahead(body.polls)))
    return await execute(electors, mover.elector_id, command, by=officer)


@router.post("/{notice}/sent", responses=refusals("no-such-mover"))
async def sent(notice: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The other registration officer has been told of an application that we allowed."""
    return await execute(movers, notice, RecordConfirmationSent(today), by=officer)

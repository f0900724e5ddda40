"""Routes of appeals to the county court against a rejection, or a removal that followed a hearing."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, Field

from services.registration.appeals.decider import DecideAppeal, ReceiveAppeal, WithdrawAppeal, appeals
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.registration import AppealAbout, ApplicationRejected, ReviewConcluded
from shared.events.values import AppealId, PersonId
from shared.law.hearings import DECIDED_BEFORE, NOTHING_TO_APPEAL
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(prefix="/appeals", tags=["appeals"], dependencies=[requires("registration-officer", "ero-deputy")])


class Appeal(BaseModel):
    """`case_id`: the rejected application, or the elector removed. `time_extended`: the court allowed it though late."""

    about: AppealAbout
    case_id: UUID
    received_on: date
    reference: str = Field("", max_length=60)
    time_extended: bool = False


@router.post("", status_code=status.HTTP_201_CREATED, responses=refusals("appeal-out-of-time", "nothing-to-appeal"))
async def receive(body: Appeal, request: Request, execute: Execute, officer: Officer, authority: Authority) -> Receipt:
    """Notice of an appeal came, within fourteen days of the decision (RPA s.56; RPR r.32)."""
    person, decided_on = await decision(body, request, authority)
    appeal = AppealId(uuid4())
    command = ReceiveAppeal(
        appeal, body.about, body.case_id, person, decided_on, body.received_on, body.reference, body.time_extended
    )
    return await execute(appeals, appeal, command, by=officer)


async def decision(body: Appeal, request: Request, authority: str) -> tuple[PersonId, date]:
    """Whom the decision is about, and its day: the last rejection, or review that a hearing ended."""
    for e in reversed(await request.app.state.history(body.case_id, authority)):
        match body.about, e.data:
            case "rejection", ApplicationRejected(person_id=person, determined_on=on):
                return person, on
            case "removal", ReviewConcluded(person_id=person, entitled=False, concluded_on=on, appeal_by=date()):
                return person, on
            case _:
                pass
    raise Refused(NOTHING_TO_APPEAL)


class Decision(BaseModel):
    """`at_once`: the court's order comes before a poll and counts on its day (RPA s.13B(3B))."""

    allowed: bool
    decided_on: date
    at_once: bool = False


@router.post("/{appeal}/decision", responses=refusals("no-such-appeal", "appeal-decided-before-it-came"))
async def decide(appeal: UUID, body: Decision, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """What the court decided; the register follows by itself."""
    if body.decided_on > today:
        raise Refused(DECIDED_BEFORE)
    return await execute(appeals, appeal, DecideAppeal(body.allowed, body.decided_on, body.at_once), by=officer)


@router.post("/{appeal}/withdrawal", responses=refusals("no-such-appeal"))
async def withdraw(appeal: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The appellant gave it up."""
    return await execute(appeals, appeal, WithdrawAppeal(today), by=officer)

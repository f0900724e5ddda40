"""Routes of entitlements: what a member holds and forgoes. News of offices comes from committees by itself; these routes are
for takeover, correction and notices of forgoing."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.finance.entitlements.decider import (
    EndEntitlement,
    EndForgoing,
    ForgoAllowance,
    StartEntitlement,
    entitlements,
)
from services.finance.inputs import Day, Text
from shared.eventcore.recording import Receipt
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import entitlements_id
from shared.law.allowances import Forgoing, Spell
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.problems import not_found, refusals

router = APIRouter(
    prefix="/members/{member}", tags=["entitlements"], dependencies=[requires("finance-clerk", "finance-approver")]
)
Office = Annotated[Text, Field(min_length=1, max_length=80, examples=["basic", "leader", "chair:0b9f…"])]


class Start(BaseModel):
    office: Office
    first_day: Day
    person_id: UUID | None = None


@router.post("/entitlements", responses=refusals("already-entitled"))
async def start(member: UUID, body: Start, execute: Execute, officer: Officer) -> Receipt:
    """A member holds an office from a day."""
    person = PersonId(body.person_id) if body.person_id else None
    command = StartEntitlement(MemberId(member), body.office, body.first_day, person)
    return await execute(entitlements, entitlements_id(MemberId(member)), command, by=officer)


class End(BaseModel):
    office: Office
    last_day: Day


@router.post("/entitlements/ending", responses=refusals("not-entitled", "ends-before-it-starts"))
async def end(member: UUID, body: End, execute: Execute, officer: Officer) -> Receipt:
    """A member holds an office no longer after a day."""
    command = EndEntitlement(MemberId(member), body.office, body.last_day)
    return await execute(entitlements, entitlements_id(MemberId(member)), command, by=officer)


class Notice(BaseModel):
    """A member's written notice; no `offices` means every allowance."""

    percent: int = Field(ge=-1000, le=1000)
    first_day: Day
    notice_on: Day
    offices: list[Text] = Field(default_factory=list, max_length=20)


@router.post("/forgoing", responses=refusals("percent-out-of-range", "forgoing-not-backdated"))
async def forgo(member: UUID, body: Notice, execute: Execute, officer: Officer) -> Receipt:
    """A member gives up part or all of what is to come."""
    command = ForgoAllowance(MemberId(member), body.percent, body.first_day, body.notice_on, tuple(body.offices))
    return await execute(entitlements, entitlements_id(MemberId(member)), command, by=officer)


class NoticeEnds(BaseModel):
    last_day: Day
    notice_on: Day


@router.post("/forgoing/ending", responses=refusals("nothing-forgone"))
async def end_forgoing(member: UUID, body: NoticeEnds, execute: Execute, officer: Officer) -> Receipt:
    """A member draws in full again after a day."""
    command = EndForgoing(MemberId(member), body.last_day, body.notice_on)
    return await execute(entitlements, entitlements_id(MemberId(member)), command, by=officer)


class Held(BaseModel):
    """What a member holds and forgoes, past and present."""

    member_id: UUID
    spells: list[Spell]
    forgoings: list[Forgoing]


@router.get("/entitlements")
async def show(member: UUID, request: Request, authority: ActingFor) -> Held:
    """One member's offices and forgoing."""
    execute = request.app.state.execute
    found = (await execute.state(entitlements, entitlements_id(MemberId(member)), authority)).state
    if not found.spells:
        raise not_found()
    return Held(member_id=member, spells=list(found.spells), forgoings=list(found.forgoings))

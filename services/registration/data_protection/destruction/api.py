"""Routes of destruction: one officer proposes what is due, another confirms it, and the run is counted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.registration.data_protection import retention
from services.registration.data_protection.access import VIEWS
from services.registration.data_protection.destruction.decider import (
    ConfirmDestruction,
    Confirmed,
    CountDestroyed,
    DeclineDestruction,
    ProposeDestruction,
    destructions,
)
from services.registration.data_protection.destruction.run import carry_out
from services.registration.views.data_requests import Destruction
from shared.eventcore.recording import Receipt
from shared.events.registration import DestructionId, DueRecord, RuleCount
from shared.law.retention import SCHEDULE, Class
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(prefix="/data-protection/destructions", tags=["data protection"])
AT_ONCE = 100
"""People of one proposal: what two officers can look through, and a request can carry out."""
OVER = [*VIEWS, caught_up("canvass")]


class Wanted(BaseModel):
    """Classes of the retention schedule; all of them when none is named."""

    classes: list[Class] = Field(default_factory=list, max_length=len(Class))


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=[requires("dpo"), *OVER], responses=refusals("nothing-due")
)
async def propose(
    body: Wanted, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """Propose to destroy what is due today, up to a hundred people, the oldest of each class first."""
    due: list[DueRecord] = []
    async with reading_on(request.app.state.pool, authority) as conn:
        for kept in dict.fromkeys(body.classes or Class):
            over = await retention.due(conn, authority, kept, today, AT_ONCE)
            known = {record.subject for record in due}
            due += [DueRecord(kept.value, one.subject) for one in over if not one.held and one.subject not in known]
    due = due[:AT_ONCE]
    basis = {rule: SCHEDULE[Class(rule)].provision(today).source for rule in dict.fromkeys(d.rule for d in due)}
    identity = DestructionId(uuid4())
    command = ProposeDestruction(identity, officer.id, today, basis, tuple(due))
    return await execute(destructions, identity, command, by=officer)


@router.post("/{run}/decline", dependencies=[requires("dpo")], responses=refusals("destruction-over"))
async def decline(run: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Nothing of it is destroyed."""
    return await execute(destructions, run, DeclineDestruction(officer.id, today), by=officer)


class Ran(BaseModel):
    """Counts for each rule."""

    counts: list[RuleCount]


@router.post(
    "/{run}/confirmation", dependencies=[requires("dpo", "ero-deputy"), *OVER],
    responses=refusals("maker-is-checker", "destruction-over", "no-such-destruction"),
)  # fmt: skip
async def confirm(
    run: UUID, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Ran:
    """Another officer agrees, and it is carried out: what is held or needed again stays. Ask again if it broke off."""
    await execute(destructions, run, ConfirmDestruction(officer.id, today), by=officer)
    state = (await request.app.state.execute.state(destructions, run, authority)).state
    if not isinstance(state, Confirmed):
        return Ran(counts=[])  # the same request, answered before: the list of runs has its counts
    state_of = request.app.state
    counts = await carry_out(state_of.pool, state_of.execute, state.proposal, execute.metadata(officer), today)
    await execute(destructions, run, CountDestroyed(counts, today), by=officer)
    return Ran(counts=list(counts))


class Run(BaseModel):
    """One proposal and what became of it. `basis`: the source of each rule; `counts`: of a run that was carried out."""

    destruction_id: UUID
    proposed_on: date
    proposed_by: str
    people: int
    basis: dict[str, str]
    state: str
    decided_by: str
    decided_on: date | None
    counts: list[RuleCount]


@router.get("", dependencies=[requires("dpo", "auditor"), caught_up("data_requests")])
async def list_destructions(conn: Reading, authority: Authority) -> list[Run]:
    """What was proposed and destroyed, newest first."""
    table: Any = Destruction
    query = select(*table.__table__.columns).where(table.authority == authority)
    rows = await fetch(conn, query.order_by(table.proposed_on.desc(), table.destruction_id).limit(200))
    return [Run(**{name: row[name] for name in Run.model_fields}) for row in rows]

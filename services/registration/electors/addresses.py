"""Routes of an elector's address: the entry goes on at the property that took the place of its own, one by one or all at once."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy import or_, select

from services.registration.applications.api import Poll, ahead
from services.registration.electors.commands import AlterAddress, Dwelling
from services.registration.electors.decider import OnRegister, electors
from services.registration.properties.decider import Known, Property, Retired, properties
from services.registration.views.electors import Elector
from services.registration.views.history import PropertyKey, stream_of
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.events.registration import AddressCause
from shared.events.values import ElectorId, PollingDistrict, PropertyId
from shared.law.effect import Programme
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(tags=["electors"], dependencies=[requires("registration-officer", "ero-deputy")])
NOT_THIS_WAY = refusals(
    "another-dwelling", "not-a-successor", "successor-not-electoral", "successor-not-allocated",
    "successor-in-another-district", "already-on-register", "not-on-register", invalid=("reason-needed",),
)  # fmt: skip


class NewAddress(BaseModel):
    """`property`: the dwelling's id or UPRN. `cause`: what happened to it; `moved` if the elector lives elsewhere now."""

    property: PropertyKey
    cause: AddressCause | Literal["moved"]
    because: str = Field(min_length=1, max_length=500)
    polls: list[Poll] = Field(default_factory=list)


@router.post("/electors/{elector}/address", responses=NOT_THIS_WAY)
async def alter_address(
    elector: UUID,
    body: NewAddress,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Receipt:
    """The same dwelling has another address: the entry goes on there with the next notice, its number kept."""
    executor: Executor = request.app.state.execute
    target = PropertyId(stream_of(body.property, authority))
    known = (await executor.state(electors, elector, authority)).state
    home = known.home if isinstance(known, OnRegister) else None
    dwelling = await dwelling_of(executor, authority, home, target)
    programme = Programme(polls=ahead(body.polls))
    command = AlterAddress(dwelling, body.cause, today, body.because, programme)
    return await execute(electors, elector, command, by=officer)


class Moving(BaseModel):
    """The same decision for everybody registered at a property that is gone."""

    into: PropertyKey
    cause: AddressCause
    because: str = Field(min_length=1, max_length=500)
    polls: list[Poll] = Field(default_factory=list)


class Left(BaseModel):
    """An elector whose entry stays where it is, and why."""

    elector_id: UUID
    number: str
    rule: str
    because: str


class Moved(BaseModel):
    moved: list[ElectorId]
    left: list[Left]


@router.post("/properties/{property}/electors/moving", dependencies=[caught_up("electors")])
async def move_all(
    property: PropertyKey,
    body: Moving,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Moved:
    """Alter the address of everybody at a property. What cannot be decided alike is left, each with its reason."""
    executor: Executor = request.app.state.execute
    home = PropertyId(stream_of(property, authority))
    dwelling = await dwelling_of(executor, authority, home, PropertyId(stream_of(body.into, authority)))
    command = AlterAddress(dwelling, body.cause, today, body.because, Programme(polls=ahead(body.polls)))
    there = (
        select(Elector.elector_id, Elector.number)
        .where(Elector.property_id == home, ~Elector.anonymous)
        .where(or_(Elector.removed_on.is_(None), Elector.removed_on > today))
        .order_by(Elector.number.collate("C"))
    )
    async with reading_on(request.app.state.pool, authority) as conn:
        living = await fetch(conn, there)
    # No command ids: who has moved is not at the property any more, and an entry that is at its dwelling gives no event.
    by = execute.metadata(officer)._replace(command_id="")
    moved, left = [], []
    for row in living:
        try:
            await executor(electors, row["elector_id"], command, by=by)
        except Refused as refused:
            left.append(Left(**row, rule=refused.rule.name, because=refused.rule.because))
        else:
            moved.append(ElectorId(row["elector_id"]))
    return Moved(moved=moved, left=left)


async def dwelling_of(execute: Executor, authority: str, home: PropertyId | None, target: PropertyId) -> Dwelling:
    """The property that an entry at `home` is to be at. An unknown one, or another council's, succeeds nothing."""

    async def state(identity: PropertyId) -> Property:
        known: Property = (await execute.state(properties, identity, authority)).state
        return known

    seen, ahead_of = set[PropertyId](), [home] if home is not None else []
    while ahead_of:
        gone = await state(ahead_of.pop())
        if isinstance(gone, Retired) and gone.succession:
            fresh = [one for one in gone.succession.successors if one not in seen]
            seen.update(fresh)
            ahead_of += fresh
    there = await state(target)
    if not isinstance(there, Known):
        return Dwelling(target, PollingDistrict(""), electoral=False, succeeds=target in seen)
    district = there.allocation.areas.district if there.allocation else PollingDistrict("")
    return Dwelling(target, district, there.electoral, target in seen)

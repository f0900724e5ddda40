"""Routes of numbering: begin or go on with it, see how far it is, and find what became of a number."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, status
from pydantic import BaseModel, Field
from sqlalchemy import func, select, tuple_

from services.registration.renumbering.decider import BeginRenumbering, Begun, renumbering_id, renumberings
from services.registration.supply.contents import frozen_now
from services.registration.views.access import OFFICERS
from services.registration.views.numbers import Renumbered
from services.registration.views.register import Entry
from services.registration.views.register_as_at import Moment, counts, in_force
from shared.eventcore.recording import Receipt
from shared.events.values import Authority, ElectorNumber, PollingDistrict
from shared.law.identifiers import ElectorNumber as Printed
from shared.law.rules import Refused
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer
from shared.service.commands import Execute
from shared.service.database import Reading, compiled, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import invalid, not_found, refusals

router = APIRouter(prefix="/renumberings", tags=["revised register"])


class Beginning(BaseModel):
    """`publish_on`: the day on which the revised register is to be published."""

    publish_on: date
    polls: list[date] = Field(
        default_factory=list, description="elections this year that may postpone it", max_length=20
    )


@router.post(
    "", status_code=status.HTTP_202_ACCEPTED, dependencies=[OFFICERS, caught_up("register")],
    responses=refusals("no-entries"),
)  # fmt: skip
async def begin(
    body: Beginning, request: Request, conn: Reading, execute: Execute, officer: Officer, authority: ActingFor
) -> Receipt:
    """Give every entry its number in the register of that day. Asked again, a run that was broken off goes on."""
    on = body.publish_on
    positions = await frozen_now(conn)
    rows = await fetch(conn, counts(authority, Moment(on, positions)))
    canvass = on.year - 1 if on.month <= 2 else on.year
    command = BeginRenumbering(on, canvass, positions, sum(row["electors"] for row in rows), tuple(body.polls))
    receipt = await execute(renumberings, renumbering_id(Authority(authority), on), command, by=officer)
    request.app.state.renumberings.start(on, execute.metadata(officer))
    return receipt


class Progress(BaseModel):
    """`waiting`: entries of that day's register that have no number of it yet."""

    publish_on: date
    electors: int
    waiting: int
    completed: bool
    moved_up: int


@router.get("/{publish_on}", dependencies=[OFFICERS, caught_up("register")])
async def progress(publish_on: date, request: Request, conn: Reading, authority: ActingFor) -> Progress:
    """How far it is."""
    stream = renumbering_id(Authority(authority), publish_on)
    state = (await request.app.state.execute.state(renumberings, stream, authority)).state
    if not isinstance(state, Begun):
        raise not_found()
    sql, arguments = compiled(
        select(func.count()).where(in_force(authority, Moment(publish_on)), Entry.numbered_in != publish_on)
    )
    return Progress(
        publish_on=publish_on, electors=state.order.electors, waiting=await conn.fetchval(sql, *arguments),
        completed=state.completed is not None, moved_up=state.completed.moved_up if state.completed else 0,
    )  # fmt: skip


class Number(BaseModel):
    """`was` is on cards and papers issued before, `number` in the register of that day."""

    elector_id: UUID
    was: str
    number: str


@router.get("/{publish_on}/numbers", dependencies=[OFFICERS, caught_up("numbers")])
async def numbers(
    publish_on: date, conn: Reading, paged: Paged, authority: ActingFor,
    was: Annotated[str | None, Query(max_length=30, description="a number as printed before, such as AB-123/1")] = None,
) -> Page[Number]:  # fmt: skip
    """What became of the numbers, in the order of the old ones."""
    old = (Renumbered.was_district, Renumbered.was_number, Renumbered.was_suffix, Renumbered.elector_id)
    query = select(*Renumbered.__table__.columns).where(
        Renumbered.authority == authority, Renumbered.numbered_in == publish_on
    )
    if was is not None:
        printed = _read(was)
        query = query.where(tuple_(*old[:3]) == (printed.district, printed.number, printed.suffix))
    if paged.after is not None:
        query = query.where(tuple_(*old) > (*paged.after[:3], UUID(paged.after[3])))
    rows = await fetch(conn, query.order_by(*old).limit(paged.limit + 1))
    page = paged.page(rows, lambda row: [*(row[c.key] for c in old[:3]), str(row["elector_id"])])
    return Page(items=[_number(row) for row in page.items], next=page.next)


def _read(text: str) -> Printed:
    try:
        return Printed.parse(text)
    except (Refused, ValueError):
        raise invalid("was", "format", "It must be a number as it is printed, such as AB-123 or AB-123/1.") from None


def _number(row: dict[str, Any]) -> Number:
    was = ElectorNumber(PollingDistrict(row["was_district"]), row["was_number"], row["was_suffix"])
    number = ElectorNumber(PollingDistrict(row["district"]), row["number"], row["suffix"])
    return Number(elector_id=row["elector_id"], was=str(was), number=str(number))

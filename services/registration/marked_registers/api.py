"""Routes of the marked papers of polls: what is held and until when, an order that keeps them, their destruction."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.registration.marked_registers.decider import Destroy, EndOrder, KeepByOrder, Receive, marked_registers
from services.registration.views.access import OFFICERS
from services.registration.views.marked_registers import MarkedPapers
from shared.eventcore.recording import Receipt
from shared.events.registration import Destruction, MarkedPaper, marked_registers_id
from shared.events.values import Authority
from shared.law.marked_registers import open_period
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(prefix="/marked-registers", tags=["marked registers"])
READERS = requires("registration-officer", "ero-deputy", "elections-officer", "ro-deputy", "dpo", "auditor")
Needed = Annotated[str, Field(min_length=1, max_length=200)]
Standing = Literal["open", "to-be-destroyed", "kept-by-order", "destroyed"]


class Delivered(BaseModel):
    """What the returning officer delivered of the polls of one day."""

    papers: list[MarkedPaper] = Field(min_length=1, max_length=5)
    held_at: Needed


@router.put(
    "/{polling_day}", dependencies=[OFFICERS],
    responses=refusals("marked-register-not-open-yet", "marked-register-destroyed"),
)  # fmt: skip
async def receive(
    polling_day: date, body: Delivered, execute: Execute, officer: Officer, authority: ActingFor, today: Today
) -> Receipt:
    """Enter what was delivered. It is open to inspection for a year after the poll."""
    command = Receive(polling_day, tuple(dict.fromkeys(body.papers)), body.held_at, today)
    return await execute(marked_registers, marked_registers_id(Authority(authority), polling_day), command, by=officer)


class Order(BaseModel):
    """Of which court or House, of which day, by what number."""

    order: Needed


@router.put(
    "/{polling_day}/order", dependencies=[OFFICERS],
    responses=refusals("marked-registers-not-held", "marked-register-destroyed"),
)  # fmt: skip
async def keep(
    polling_day: date, body: Order, execute: Execute, officer: Officer, authority: ActingFor, today: Today
) -> Receipt:
    """Enter an order that forbids their destruction."""
    stream = marked_registers_id(Authority(authority), polling_day)
    return await execute(marked_registers, stream, KeepByOrder(body.order, today), by=officer)


@router.post(
    "/{polling_day}/order/end", dependencies=[OFFICERS],
    responses=refusals("marked-registers-not-held", "marked-register-destroyed"),
)  # fmt: skip
async def free(polling_day: date, execute: Execute, officer: Officer, authority: ActingFor, today: Today) -> Receipt:
    """Enter that the order has ended."""
    stream = marked_registers_id(Authority(authority), polling_day)
    return await execute(marked_registers, stream, EndOrder(today), by=officer)


class Destroyed(BaseModel):
    """`witness`: the other officer who saw it."""

    how: Destruction
    witness: Annotated[str, Field(max_length=200)]


@router.post(
    "/{polling_day}/destruction", dependencies=[OFFICERS],
    responses=refusals(
        "marked-registers-not-held", "marked-registers-still-open", "marked-registers-kept-by-order",
        invalid=["destruction-needs-a-witness"],
    ),
)  # fmt: skip
async def destroy(
    polling_day: date, body: Destroyed, execute: Execute, officer: Officer, authority: ActingFor, today: Today
) -> Receipt:
    """Enter that they were destroyed, after their year, with nothing ordering otherwise."""
    stream = marked_registers_id(Authority(authority), polling_day)
    return await execute(marked_registers, stream, Destroy(body.how, officer.id, body.witness, today), by=officer)


class Papers(BaseModel):
    """What is held of the polls of one day. `closes`: the last day on which it is open; it is destroyed after it."""

    polling_day: date
    received_on: date
    papers: list[str]
    held_at: str
    opens: date
    closes: date
    standing: Standing
    by_order: str
    destroyed_on: date | None
    how: str
    destroyed_by: str
    witness: str


@router.get("", dependencies=[READERS, caught_up("marked_registers")])
async def held(conn: Reading, authority: ActingFor, today: Today, standing: Standing | None = None) -> list[Papers]:
    """The marked papers of each poll, the last poll first; with `standing`, only those, such as what is to be destroyed."""
    query = select(*MarkedPapers.__table__.columns).where(MarkedPapers.authority == authority)
    found = [_papers(row, today) for row in await fetch(conn, query.order_by(MarkedPapers.polling_day.desc()))]
    return [papers for papers in found if standing in (None, papers.standing)]


def _papers(row: dict[str, Any], today: date) -> Papers:
    period = open_period(row["polling_day"])
    standing: Standing
    if row["destroyed_on"]:
        standing = "destroyed"
    elif today <= period.closes:
        standing = "open"
    else:
        standing = "kept-by-order" if row["by_order"] else "to-be-destroyed"
    return Papers.model_validate({**row, "opens": period.opens, "closes": period.closes, "standing": standing})

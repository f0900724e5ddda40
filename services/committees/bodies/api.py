"""Routes of the council's bodies: created, renamed, dissolved; seats taken and left."""

from __future__ import annotations

from datetime import time
from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.committees.asking import Ask
from services.committees.bodies.decider import (
    CreateCommittee,
    DissolveCommittee,
    LeaveSeat,
    RenameCommittee,
    TakeSeat,
    committees,
)
from services.committees.inputs import Day, Number, Prose, Text
from services.committees.members.decider import members, serving
from shared.eventcore.recording import Receipt
from shared.events.values_committees import BodyKind, CommitteeId, Counting, MemberId, NoticeRule, SeatRole
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.problems import refusals

router = APIRouter(prefix="/committees", tags=["committees"], dependencies=[requires("dem-services")])


class Notice(BaseModel):
    """How a body counts the clear days of its meetings; `closed`: days on which the offices are shut."""

    days: int = Field(5, ge=0, le=60)
    counting: Counting = "working"
    closed: list[Day] = Field(default_factory=list, max_length=100)
    cutoff: time | None = None

    def rule(self) -> NoticeRule:
        return NoticeRule(
            self.days, self.counting, tuple(self.closed), self.cutoff and self.cutoff.replace(tzinfo=None)
        )


class NewCommittee(BaseModel):
    """`quorum` 0: a quarter of the seats. `notice`: how it counts the clear days of its meetings. `number`: the one it
    has in the system before this one."""

    title: Text = Field(min_length=1, max_length=200)
    kind: BodyKind
    seats: int = Field(ge=1, le=500)
    quorum: int = Field(0, ge=0, le=500)
    created_on: Day
    notice: Notice = Field(default_factory=Notice)
    parent: UUID | None = None
    category: Text = Field("", max_length=100)
    number: Number = 0


@router.post(
    "", status_code=status.HTTP_201_CREATED, responses=refusals("number-taken", invalid=["size-and-quorum", "notice-below-the-law"])
)  # fmt: skip
async def create(body: NewCommittee, execute: Execute, officer: Officer) -> Receipt:
    committee = CommitteeId(uuid4())
    command = CreateCommittee(
        committee, body.title, body.kind, body.seats, body.created_on, body.quorum, body.notice.rule(),
        CommitteeId(body.parent) if body.parent else None, body.category, body.number,
    )  # fmt: skip
    return await execute(committees, committee, command, by=officer)


class Title(BaseModel):
    title: Text = Field(min_length=1, max_length=200)


@router.put("/{committee_id}/title", responses=refusals("no-such-committee"))
async def rename(committee_id: UUID, body: Title, execute: Execute, officer: Officer) -> Receipt:
    return await execute(committees, committee_id, RenameCommittee(body.title), by=officer)


class Appointment(BaseModel):
    role: SeatRole = "member"
    from_on: Day


@router.put(
    "/{committee_id}/seats/{member_id}",
    responses=refusals(
        "no-such-committee",
        "not-in-office",
        "no-seat-free",
        "role-taken",
        "no-substitutes-on-executive",
        invalid=["executive-role"],
    ),
)
async def take_seat(
    committee_id: UUID, member_id: UUID, body: Appointment, execute: Execute, officer: Officer, ask: Ask
) -> Receipt:
    """A member in office is appointed, or takes another role: the earlier one ends the day before."""
    serving(await ask.state(members, member_id), body.from_on)
    command = TakeSeat(MemberId(member_id), body.role, body.from_on)
    return await execute(committees, committee_id, command, by=officer)


class Departure(BaseModel):
    left_on: Day
    because: Prose = Field("", max_length=500)


@router.post(
    "/{committee_id}/seats/{member_id}/departure",
    responses=refusals("no-such-committee", "not-seated", invalid=["ends-before-it-began"]),
)
async def leave_seat(
    committee_id: UUID, member_id: UUID, body: Departure, execute: Execute, officer: Officer
) -> Receipt:
    command = LeaveSeat(MemberId(member_id), body.left_on, body.because)
    return await execute(committees, committee_id, command, by=officer)


class On(BaseModel):
    on: Day


@router.post("/{committee_id}/dissolution", responses=refusals("no-such-committee"))
async def dissolve(committee_id: UUID, body: On, execute: Execute, officer: Officer) -> Receipt:
    return await execute(committees, committee_id, DissolveCommittee(body.on), by=officer)

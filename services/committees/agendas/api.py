"""Routes of a meeting's business: agenda items, publication, apologies, substitutes, interests, attendance."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.committees.asking import Ask
from services.committees.inputs import Instant, Prose, Text
from services.committees.meetings.commands import (
    AddAgendaItem,
    DeclareInterest,
    NameSubstitute,
    PublishAgenda,
    ReceiveApologies,
    RecordAttendance,
    WithdrawAgendaItem,
)
from services.committees.meetings.decider import meetings
from services.committees.members.decider import known, members
from shared.eventcore.recording import Receipt
from shared.events.values_committees import AgendaItemId, Attendance, Interest, MemberId
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Now, Today
from shared.service.problems import refusals

router = APIRouter(prefix="/meetings/{meeting_id}", tags=["agendas"], dependencies=[requires("dem-services")])
GONE = ("no-such-meeting", "meeting-cancelled")


class NewItem(BaseModel):
    """`title` is what the public reads, of an exempt item too; `full_title` what members read. `part` 2: not open to the
    public, by `paragraphs` of Schedule 12A or because it is confidential. `urgency`: the special circumstances of a late item."""

    title: Text = Field(min_length=1, max_length=500)
    heading: bool = False
    part: Literal[1, 2] = 1
    paragraphs: list[Annotated[int, Field(ge=1, le=99)]] = Field(default_factory=list, max_length=7)
    confidential: bool = False
    public_interest_reason: Prose = Field("", max_length=2000)
    full_title: Text = Field("", max_length=500)
    urgency: Prose = Field("", max_length=2000)
    for_decision: bool = False


@router.post(
    "/agenda", status_code=status.HTTP_201_CREATED,
    responses=refusals(*GONE, "late-item-without-urgency", invalid=["exempt-paragraph-needed"]),
)  # fmt: skip
async def add_item(meeting_id: UUID, body: NewItem, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """Add an item at the end of the agenda. Its id is in the meeting's page."""
    command = AddAgendaItem(
        AgendaItemId(uuid4()), body.title, now, body.heading, body.part, tuple(body.paragraphs), body.confidential,
        body.public_interest_reason, body.full_title, body.urgency, body.for_decision,
    )  # fmt: skip
    return await execute(meetings, meeting_id, command, by=officer)


class Because(BaseModel):
    reason: Prose = Field(min_length=1, max_length=500)


@router.post("/agenda/{item_id}/withdrawal", responses=refusals(*GONE, "no-such-item"))
async def withdraw_item(meeting_id: UUID, item_id: UUID, body: Because, execute: Execute, officer: Officer) -> Receipt:
    """Take an item off. In a pack that is published it stays, marked as withdrawn."""
    command = WithdrawAgendaItem(AgendaItemId(item_id), body.reason)
    return await execute(meetings, meeting_id, command, by=officer)


class Publication(BaseModel):
    """`served_at`: when members had it; now, if left out. `short_notice`: why the clear days were not left."""

    served_at: Instant | None = None
    short_notice: Prose = Field("", max_length=500)


@router.post(
    "/agenda/publication",
    responses=refusals(
        *GONE, "agenda-empty", "meeting-over", "public-interest-reason-missing", "too-few-clear-days",
        "council-needs-clear-days", "late-item-without-urgency", invalid=["members-first"],
    ),
)  # fmt: skip
async def publish(meeting_id: UUID, body: Publication, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """Open to the public what is not published yet: the agenda, then numbered supplements."""
    command = PublishAgenda(body.served_at or now, now, body.short_notice)
    return await execute(meetings, meeting_id, command, by=officer)


@router.put("/apologies/{member_id}", responses=refusals(*GONE, "not-called"))
async def apologise(meeting_id: UUID, member_id: UUID, execute: Execute, officer: Officer, now: Now) -> Receipt:
    return await execute(meetings, meeting_id, ReceiveApologies(MemberId(member_id), now), by=officer)


class Substitute(BaseModel):
    substitute: UUID


@router.put(
    "/substitutes/{member_id}",
    responses=refusals(*GONE, "not-called", "not-in-office", "substitute-sits-already", "no-substitutes-on-executive"),
)
async def substitute(
    meeting_id: UUID, member_id: UUID, body: Substitute, execute: Execute, officer: Officer, ask: Ask
) -> Receipt:
    """Name who sits in a member's place at this meeting."""
    known(await ask.state(members, body.substitute))
    command = NameSubstitute(MemberId(member_id), MemberId(body.substitute))
    return await execute(meetings, meeting_id, command, by=officer)


class DeclaredInterest(BaseModel):
    member_id: UUID
    interest: Interest
    nature: Prose = Field(min_length=1, max_length=2000)
    item_id: UUID | None = None
    left_room: bool = False
    dispensation: Text = Field("", max_length=100)


@router.post("/interests", responses=refusals(*GONE, "no-such-item", "not-in-office"))
async def declare(meeting_id: UUID, body: DeclaredInterest, execute: Execute, officer: Officer, ask: Ask) -> Receipt:
    """A member declared an interest in an item, or in the meeting."""
    member = known(await ask.state(members, body.member_id))
    command = DeclareInterest(
        member.member_id, member.person_id, body.interest, body.nature,
        AgendaItemId(body.item_id) if body.item_id else None, body.left_room, body.dispensation,
    )  # fmt: skip
    return await execute(meetings, meeting_id, command, by=officer)


class Presence(BaseModel):
    attendance: Attendance
    arrived: time | None = None
    left: time | None = None


@router.put(
    "/attendance/{member_id}",
    responses=refusals(*GONE, "not-called", "not-yet-met", "no-substitution", "one-seat-one-vote"),
)
async def attend(
    meeting_id: UUID, member_id: UUID, body: Presence, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """How a member was at the meeting. Watching online is no attendance in law."""
    command = RecordAttendance(MemberId(member_id), body.attendance, today, body.arrived, body.left)
    return await execute(meetings, meeting_id, command, by=officer)

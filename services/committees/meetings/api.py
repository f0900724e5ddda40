"""Routes of the calendar: meetings scheduled, moved, cancelled, catered for, held. Their business is in `agendas`."""

from __future__ import annotations

from datetime import time
from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.committees.asking import Ask, Streams
from services.committees.bodies.decider import committees, existing
from services.committees.inputs import Day, Instant, Number, Prose, Text
from services.committees.meetings.commands import (
    Body,
    BookRoom,
    CancelMeeting,
    MoveMeeting,
    OrderRefreshments,
    RecordHeld,
    RoomRequest,
    ScheduleMeeting,
)
from services.committees.meetings.decider import meetings
from services.committees.rooms.decider import NO_SUCH_KIT, NO_SUCH_ROOM, kits, rooms
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.values_committees import KitId, Layout, MeetingId, Refreshment, RoomId, Sitting
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Now, Today
from shared.service.problems import refusals

router = APIRouter(prefix="/meetings", tags=["meetings"], dependencies=[requires("dem-services")])
CLASHES = ("room-taken", "room-too-small", "kit-taken", "member-engaged", "no-such-room", "no-such-kit")
CLEAR_DAYS = ("too-few-clear-days", "council-needs-clear-days", "holidays-unknown")
TIMES = ("in-the-past", "implausible-times")


class When(BaseModel):
    """By the clock on the wall in London. `ends` before `starts` is the next day."""

    day: Day
    starts: time
    ends: time

    def sitting(self) -> Sitting:
        return Sitting(self.day, self.starts.replace(tzinfo=None), self.ends.replace(tzinfo=None))


class RoomWanted(BaseModel):
    room_id: UUID
    layout: Layout
    needed: int = Field(0, ge=0, le=10_000, description="seats, public included")

    async def request(self, ask: Streams) -> RoomRequest:
        """The room as it is described now. Raises `Refused`: `no-such-room`."""
        room = await ask.state(rooms, self.room_id)
        if room is None:
            raise Refused(NO_SUCH_ROOM)
        capacity = next((c.seats for c in room.capacities if c.layout == self.layout), 0)
        return RoomRequest(
            RoomId(self.room_id), room.name, self.layout, capacity, self.needed, (room.room_id, *room.parts),
            room.setup_minutes, room.teardown_minutes,
        )  # fmt: skip


class NewMeeting(When):
    """`short_notice`: why it is convened with fewer clear days (never a council's). `despite_clash`: why members are called
    although another meeting may have called them. `number`: the one it has in the system before this one."""

    committee_id: UUID
    room: RoomWanted | None = None
    kit: list[UUID] = Field(default_factory=list, max_length=20)
    venue: Text = Field("", max_length=200)
    short_notice: Prose = Field("", max_length=500)
    despite_clash: Prose = Field("", max_length=500)
    webcast: bool = False
    number: Number = 0


@router.post(
    "", status_code=status.HTTP_201_CREATED,
    responses=refusals("no-such-committee", "number-taken", *CLEAR_DAYS, *CLASHES, invalid=TIMES),
)  # fmt: skip
async def schedule(body: NewMeeting, execute: Execute, officer: Officer, ask: Ask, now: Now) -> Receipt:
    """Call a meeting of a body: counts its clear days and books room, kit and everybody with a seat."""
    committee = existing(await ask.state(committees, body.committee_id))
    for kit in body.kit:
        if await ask.state(kits, kit) is None:
            raise Refused(NO_SUCH_KIT)
    meeting = MeetingId(uuid4())
    command = ScheduleMeeting(
        meeting, Body(committee.committee_id, committee.title, committee.kind, committee.notice), body.sitting(), now,
        committee.members, await body.room.request(ask) if body.room else None,
        tuple(KitId(kit) for kit in body.kit), body.venue, body.short_notice, body.despite_clash, body.webcast, body.number,
    )  # fmt: skip
    return await execute(meetings, meeting, command, by=officer)


class Move(When):
    """`room`: another room; without one, the meeting takes its room along."""

    reason: Prose = Field(min_length=1, max_length=500)
    room: RoomWanted | None = None
    short_notice: Prose = Field("", max_length=500)
    despite_clash: Prose = Field("", max_length=500)


@router.post(
    "/{meeting_id}/move",
    responses=refusals("no-such-meeting", "meeting-cancelled", "meeting-over", *CLEAR_DAYS, *CLASHES, invalid=TIMES),
)
async def move(meeting_id: UUID, body: Move, execute: Execute, officer: Officer, ask: Ask, now: Now) -> Receipt:
    """Move a meeting to another time. Its clear days are counted again; if its agenda was out, members are summoned anew."""
    room = await body.room.request(ask) if body.room else None
    command = MoveMeeting(body.sitting(), body.reason, now, room, body.short_notice, body.despite_clash)
    return await execute(meetings, meeting_id, command, by=officer)


@router.put(
    "/{meeting_id}/room",
    responses=refusals(
        "no-such-meeting", "meeting-cancelled", "meeting-over", "no-such-room", "room-taken", "room-too-small"
    ),
)
async def book_room(meeting_id: UUID, body: RoomWanted, execute: Execute, officer: Officer, ask: Ask) -> Receipt:
    """Book a room for a meeting at the time that it has; a room that it had is given back."""
    return await execute(meetings, meeting_id, BookRoom(await body.request(ask)), by=officer)


class Because(BaseModel):
    reason: Prose = Field(min_length=1, max_length=500)


@router.post(
    "/{meeting_id}/cancellation", responses=refusals("no-such-meeting", "meeting-cancelled", "meeting-over")
)  # fmt: skip
async def cancel(meeting_id: UUID, body: Because, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Cancel a meeting and give back its room, kit and members' time."""
    return await execute(meetings, meeting_id, CancelMeeting(body.reason, today), by=officer)


class Served(BaseModel):
    item: Text = Field(min_length=1, max_length=200)
    quantity: int = Field(ge=1, le=10_000)
    dietary: Text = Field("", max_length=500)


class Order(BaseModel):
    """What is served; an empty list calls it off. Dietary needs are numbers, never names."""

    items: list[Served] = Field(max_length=50)
    serve_at: time


@router.put(
    "/{meeting_id}/refreshments", responses=refusals("no-such-meeting", "meeting-cancelled", "catering-cut-off", "holidays-unknown")
)  # fmt: skip
async def order(meeting_id: UUID, body: Order, execute: Execute, officer: Officer, today: Today) -> Receipt:
    command = OrderRefreshments(
        tuple(Refreshment(one.item, one.quantity, one.dietary) for one in body.items),
        body.serve_at.replace(tzinfo=None),
        today,
    )
    return await execute(meetings, meeting_id, command, by=officer)


class Held(BaseModel):
    started_at: Instant
    finished_at: Instant


@router.put(
    "/{meeting_id}/held", responses=refusals("no-such-meeting", "meeting-cancelled", invalid=["ends-before-it-began"])
)
async def held(meeting_id: UUID, body: Held, execute: Execute, officer: Officer) -> Receipt:
    """When the meeting began and ended."""
    return await execute(meetings, meeting_id, RecordHeld(body.started_at, body.finished_at), by=officer)

"""Asking about meetings: the calendar, one meeting with its agenda and people, and which rooms are free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Select, Uuid, cast, exists, func, literal, select, union

from services.committees.inputs import Day, Instant
from services.committees.views.access import INSIDE
from services.committees.views.bodies import Body, Seat
from services.committees.views.business import Declaration, Item, Presence, Substitution
from services.committees.views.calendar import Called, Kit, KitUse, Meeting, Room, RoomUse
from services.committees.views.members import Member
from shared.service.auth import Officer
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import invalid, not_found
from shared.service.read_audit import audited

LONGEST = timedelta(days=400)
Status = Literal["confirmed", "cancelled", "held"]


class MeetingLine(BaseModel):
    """One meeting in the calendar; times are local, in `zone`. `publish_by`: the last day for its agenda."""

    meeting_id: UUID
    number: int
    committee_id: UUID
    committee: str
    day: date
    starts: time
    ends: time
    zone: str
    status: Status
    venue: str
    room: str
    webcast: bool
    publish_by: date
    packs: int
    summons_again: bool


class ItemLine(BaseModel):
    """`full_title`: of an exempt item, for officers only. `pack` 0: not published yet."""

    item_id: UUID
    position: int
    title: str
    full_title: str | None
    heading: bool
    part: int
    paragraphs: list[int]
    confidential: bool
    public_interest_reason: str
    urgency: str
    for_decision: bool
    pack: int
    withdrawn: str


class PresenceLine(BaseModel):
    """How a member was, or is expected to be, at the meeting. `attendance` is absent until something is known."""

    member_id: UUID
    name: str | None
    attendance: str | None
    arrived: time | None
    departed: time | None
    in_place_of: UUID | None
    despite_clash: str | None


class DeclarationLine(BaseModel):
    member_id: UUID
    name: str | None
    item_id: UUID | None
    interest: str
    nature: str | None
    left_room: bool
    dispensation: str


class MeetingPage(MeetingLine):
    reason: str
    short_notice: str
    agenda_published_at: datetime | None
    clear_days: int | None
    started_at: datetime | None
    finished_at: datetime | None
    layout: str
    kit: list[str]
    refreshments: dict[str, Any] | None
    agenda: list[ItemLine]
    members: list[PresenceLine]
    substitutes: dict[UUID, UUID]
    declarations: list[DeclarationLine]


class ClashLine(BaseModel):
    """A meeting that has a room or a member already; `what` names it, or is absent for an erased person."""

    kind: Literal["room", "member"]
    what: str | None
    meeting_id: UUID
    committee: str
    day: date
    starts: time
    ends: time


class RoomLine(BaseModel):
    """A room; `capacities` are seats by layout. `free`: in the time asked about, setting up and clearing away aside."""

    room_id: UUID
    name: str
    venue: str
    capacities: dict[str, int]
    setup_minutes: int
    teardown_minutes: int
    parts: list[UUID]
    equipment: list[str]
    access: str
    free: bool | None = None


class BookingLine(BaseModel):
    """A room that a meeting has, with the time to set up before and to clear away after. `part`: as a part of a hall that it has."""

    room_id: UUID
    room: str
    venue: str
    meeting_id: UUID
    committee: str
    day: date
    starts: time
    ends: time
    setup_from: datetime
    clear_to: datetime
    part: bool


def meetings_listed(*more: Any) -> Select[Any]:
    """Meetings with the title of their body as it is now."""
    return (
        select(*Meeting.__table__.columns, Body.title.label("committee"), *more)
        .join_from(Meeting, Body, Body.committee_id == Meeting.committee_id)
        .order_by(Meeting.starts_at, Meeting.meeting_id)
    )


router = APIRouter(tags=["meetings"], dependencies=[INSIDE])
_CALENDAR = caught_up("calendar", "bodies", "business", "members")


@router.get("/meetings", dependencies=[_CALENDAR])
async def calendar(
    conn: Reading,
    today: Today,
    start: Annotated[Day | None, Query(alias="from", description="first day; today by default")] = None,
    until: Annotated[Day | None, Query(description="last day; 90 days on by default")] = None,
    committee_id: UUID | None = None,
    member_id: UUID | None = None,
) -> list[MeetingLine]:
    """Meetings of some days, in order; cancelled ones say so."""
    first = start or today
    last = until or first + timedelta(days=90)
    if last - first > LONGEST:
        raise invalid("until", "too-long", f"Ask for at most {LONGEST.days} days at once.")
    query = meetings_listed().where(Meeting.day >= first, Meeting.day <= last)
    if committee_id is not None:
        query = query.where(Meeting.committee_id == committee_id)
    if member_id is not None:
        called = exists().where(Called.meeting_id == Meeting.meeting_id, Called.member_id == member_id, Called.standing)
        query = query.where(called)
    return [MeetingLine(**row) for row in await fetch(conn, query)]


@router.get("/agendas/due", dependencies=[_CALENDAR])
async def agendas_due(conn: Reading, today: Today) -> list[MeetingLine]:
    """Meetings to come whose agenda is not out, or whose members are to be summoned again, the most pressing first."""
    waiting = (Meeting.packs == 0) | Meeting.summons_again
    query = meetings_listed().where(Meeting.status == "confirmed", Meeting.day >= today, waiting)
    rows = await fetch(conn, query.order_by(None).order_by(Meeting.publish_by, Meeting.meeting_id))
    return [MeetingLine(**row) for row in rows]


@router.get("/clashes", dependencies=[_CALENDAR])
async def clashes(
    conn: Reading,
    start: Annotated[Instant, Query(alias="from")],
    until: Instant,
    committee_id: UUID | None = None,
    room_id: UUID | None = None,
) -> list[ClashLine]:
    """What stands in the way of a meeting of a body, or in a room, in some time: which meetings, and who or what they have.
    Whether a meeting may be booked is decided when it is."""
    standing = Meeting.status == "confirmed"
    seated = select(Seat.member_id).where(Seat.committee_id == committee_id, Seat.left_on.is_(None))
    engaged = (
        meetings_listed(Member.name.label("what"), literal("member").label("kind"))
        .join(Called, Called.meeting_id == Meeting.meeting_id)
        .outerjoin(Member, Member.member_id == Called.member_id)
        .where(
            standing, Called.standing, Called.member_id.in_(seated), Meeting.starts_at < until, Meeting.ends_at > start
        )
    )
    parts = func.jsonb_array_elements_text(Room.parts)
    of_room = Room.room_id == room_id
    asked_for = union(select(Room.room_id).where(of_room), select(cast(parts, Uuid)).where(of_room))
    taken = (
        meetings_listed(Room.name.label("what"), literal("room").label("kind"))
        .join(RoomUse, RoomUse.meeting_id == Meeting.meeting_id)
        .outerjoin(Room, Room.room_id == RoomUse.room_id)
        .where(
            standing,
            RoomUse.standing,
            RoomUse.room_id.in_(asked_for),
            RoomUse.setup_from < until,
            RoomUse.clear_to > start,
        )
    )
    return [ClashLine(**row) for query in (taken, engaged) for row in await fetch(conn, query)]


@router.get("/meetings/{meeting_id}", dependencies=[_CALENDAR, audited("meeting")])
async def meeting_page(meeting_id: UUID, conn: Reading, officer: Officer) -> MeetingPage:
    """One meeting. Exempt titles are shown to democratic services only."""
    found = await fetch(conn, meetings_listed().where(Meeting.meeting_id == meeting_id))
    if not found:
        raise not_found()
    kit = (
        select(Kit.name)
        .join_from(KitUse, Kit, Kit.kit_id == KitUse.kit_id)
        .where(KitUse.meeting_id == meeting_id, KitUse.standing)
        .order_by(Kit.name)
    )
    items = select(*Item.__table__.columns).where(Item.meeting_id == meeting_id).order_by(Item.position)
    sees_exempt = officer.has_any({"dem-services"})
    agenda = [
        ItemLine(**{**row, "full_title": (row["full_title"] or row["title"]) if sees_exempt else None})
        for row in await fetch(conn, items)
    ]
    substitutes = select(Substitution.member_id, Substitution.substitute).where(Substitution.meeting_id == meeting_id)
    declarations = (
        select(*Declaration.__table__.columns, Member.name)
        .outerjoin_from(Declaration, Member, Member.member_id == Declaration.member_id)
        .where(Declaration.meeting_id == meeting_id)
        .order_by(Declaration.ordinal)
    )
    return MeetingPage(
        **found[0],
        kit=[row["name"] for row in await fetch(conn, kit)],
        agenda=agenda,
        members=[PresenceLine(**row) for row in await fetch(conn, presence(meeting_id))],
        substitutes={row["member_id"]: row["substitute"] for row in await fetch(conn, substitutes)},
        declarations=[DeclarationLine(**row) for row in await fetch(conn, declarations)],
    )


def presence(meeting_id: UUID) -> Select[Any]:
    """Everybody called to a meeting, or recorded at it, by surname."""
    people = (
        select(Called.member_id)
        .where(Called.meeting_id == meeting_id, Called.standing)
        .union(select(Presence.member_id).where(Presence.meeting_id == meeting_id))
        .subquery()
    )
    return (
        select(
            people.c.member_id, Member.name, Presence.attendance, Presence.arrived, Presence.departed,
            Presence.in_place_of, Called.despite_clash,
            Member.number, Member.party, Member.ward_title, Member.title,
        )
        .outerjoin_from(people, Member, Member.member_id == people.c.member_id)
        .outerjoin(Presence, (Presence.member_id == people.c.member_id) & (Presence.meeting_id == meeting_id))
        .outerjoin(Called, (Called.member_id == people.c.member_id) & (Called.meeting_id == meeting_id))
        .order_by(Member.surname, people.c.member_id)
    )  # fmt: skip


@router.get("/rooms", dependencies=[caught_up("calendar")])
async def rooms(
    conn: Reading,
    start: Annotated[Instant | None, Query(alias="from")] = None,
    until: Instant | None = None,
) -> list[RoomLine]:
    """Rooms that can be booked; with `from` and `until`, whether each is free then."""
    query = (
        select(*Room.__table__.columns).where(Room.withdrawn.is_(False)).order_by(Room.venue, Room.name, Room.room_id)
    )
    listed = await fetch(conn, query)
    taken: set[UUID] | None = None
    if start is not None and until is not None:
        used = select(RoomUse.room_id).where(RoomUse.standing, RoomUse.setup_from < until, RoomUse.clear_to > start)
        taken = {row["room_id"] for row in await fetch(conn, used)}
    return [
        RoomLine(
            **row,
            free=None if taken is None else taken.isdisjoint({row["room_id"], *(UUID(part) for part in row["parts"])}),
        )
        for row in listed
    ]


@router.get("/rooms/bookings", dependencies=[caught_up("calendar", "bodies")])
async def bookings(
    conn: Reading,
    start: Annotated[Instant, Query(alias="from")],
    until: Instant,
) -> list[BookingLine]:
    """What every room is booked for in some time, room by room: a hall's meeting has its parts as well."""
    if until - start > LONGEST:
        raise invalid("until", "too-long", f"Ask for at most {LONGEST.days} days at once.")
    query = (
        meetings_listed(RoomUse.room_id, RoomUse.setup_from, RoomUse.clear_to, Room.name, Room.venue.label("at"))
        .join(RoomUse, RoomUse.meeting_id == Meeting.meeting_id)
        .join(Room, Room.room_id == RoomUse.room_id)
        .where(Meeting.status != "cancelled", RoomUse.standing, RoomUse.setup_from < until, RoomUse.clear_to > start)
        .order_by(None)
        .order_by(Room.venue, Room.name, RoomUse.room_id, RoomUse.setup_from)
    )
    return [
        BookingLine(**{**row, "part": row["room"] != row["name"], "room": row["name"], "venue": row["at"]})
        for row in await fetch(conn, query)
    ]

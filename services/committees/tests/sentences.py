"""People, bodies and days that the tests speak of."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from services.committees.meetings.commands import Body, RoomRequest, ScheduleMeeting
from shared.events.committees import MemberTookOffice
from shared.events.values import PersonId, PersonName, Ward
from shared.events.values_committees import (
    AgendaItemId,
    CommitteeId,
    GroupId,
    KitId,
    MeetingId,
    MemberId,
    NoticeRule,
    RoomId,
    Sitting,
    public_number,
)


def _id(name: str) -> Any:
    return uuid5(NAMESPACE_DNS, name)


ADA, BEA, CAL, DOT = (MemberId(_id(n)) for n in ("ada", "bea", "cal", "dot"))
PLANNING, COUNCIL = CommitteeId(_id("planning")), CommitteeId(_id("council"))
INDEPENDENTS = GroupId(_id("independents"))
MEETING = MeetingId(_id("meeting"))
HALL, EAST, WEST = (RoomId(_id(n)) for n in ("hall", "east", "west"))
HYBRID_KIT = KitId(_id("hybrid kit"))
FIRST, SECOND, THIRD = (AgendaItemId(_id(f"item {n}")) for n in (1, 2, 3))

WEDNESDAY = date(2026, 9, 23)
"""The meeting of most tests; its agenda is out by Tuesday 15 September."""
LAST_DAY = date(2026, 9, 15)
EVENING = Sitting(WEDNESDAY, time(19), time(21))


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


IN_AUGUST = at(date(2026, 8, 10))


def person(member: MemberId) -> PersonId:
    return PersonId(uuid5(member, "person"))


def took_office(member: MemberId = ADA, on: date = date(2023, 5, 8), **kw: Any) -> MemberTookOffice:
    return MemberTookOffice(
        member, person(member), public_number(member), PersonName("Ada", "Marsh"), "Independent", on,
        ward=Ward("E05999001"), ward_title="Lantern", **kw,
    )  # fmt: skip


def body(kind: Any = "ordinary", **notice: Any) -> Body:
    return Body(PLANNING, "Planning Committee", kind, NoticeRule(**notice))


def room(*rooms: RoomId, needed: int = 12, capacity: int = 40) -> RoomRequest:
    return RoomRequest(rooms[0], "Room", "boardroom", capacity, needed, rooms, setup_minutes=30, teardown_minutes=15)


def schedule(meeting: MeetingId = MEETING, sitting: Sitting = EVENING, **kw: Any) -> ScheduleMeeting:
    return ScheduleMeeting(meeting, kw.pop("body", body()), sitting, kw.pop("at", IN_AUGUST), **kw)

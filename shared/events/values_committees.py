"""The values that the events of committees are made of. Fields are only ever added, and only with a default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, NewType
from uuid import UUID
from zoneinfo import ZoneInfo

MemberId = NewType("MemberId", UUID)
"""A member of the council, or of one of its bodies, for life: a re-elected member keeps it."""
GroupId = NewType("GroupId", UUID)
"""A political group (SI 1990/1553)."""
CommitteeId = NewType("CommitteeId", UUID)
"""A body that meets: the council itself, its executive, a committee."""
MeetingId = NewType("MeetingId", UUID)
AgendaItemId = NewType("AgendaItemId", UUID)
RoomId = NewType("RoomId", UUID)
KitId = NewType("KitId", UUID)
"""One thing that can be in one place at a time: a hybrid kit, a webcaster, an interpreter's booth."""

BodyKind = Literal[
    "council", "executive", "ordinary", "scrutiny", "sub-committee", "licensing-act", "joint", "advisory"
]
SeatRole = Literal[
    "member", "chair", "vice-chair", "substitute", "leader", "deputy-leader", "cabinet-member", "spokesperson",
    "co-optee",
]  # fmt: skip
Layout = Literal["theatre", "boardroom", "chamber", "hybrid"]
Counting = Literal["working", "calendar", "s243"]
Attendance = Literal["present", "apologies", "absent", "substitute", "in-attendance", "online"]
"""`online`: watched from elsewhere, which is no attendance in law; `substitute`: sits in another member's place."""
Interest = Literal["disclosable-pecuniary", "other-registrable", "non-registrable"]
DepartureReason = Literal["term-ended", "not-re-elected", "resigned", "died", "disqualified", "non-attendance"]
AbsenceStage = Literal["4-months", "5-months", "5.5-months", "lapsed"]


def public_number(identity: UUID) -> int:
    """The number by which the public finds a member, body or meeting: of 31 bits, made from its id and so the same
    for ever. A council that moves from another system gives the numbers it had instead."""
    return int.from_bytes(identity.bytes[:4]) % (2**31 - 1) + 1


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """How a body counts the clear days of its meetings. `cutoff`: a later publication counts as the next day's."""

    days: int = 5
    counting: Counting = "working"
    closed: tuple[date, ...] = ()
    cutoff: time | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """When a meeting sits, by the clock on the wall: local times and their zone. `ends` before `starts` is the next day."""

    day: date
    starts: time
    ends: time
    zone: str = "Europe/London"

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.day, self.starts, ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        day = self.day if self.ends > self.starts else date.fromordinal(self.day.toordinal() + 1)
        return datetime.combine(day, self.ends, ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Summons:
    """Who is called to which meeting, where, and to what business, by its public titles: what each of them is told in writing
    (LGA 1972 Sch 12 para 4(2)(b)). Also whom a notice about that meeting is for."""

    members: tuple[MemberId, ...]
    committee_title: str
    sitting: Sitting
    venue: str = ""
    business: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capacity:
    layout: Layout
    seats: int


@dataclass(frozen=True, slots=True)
class RoomBooking:
    """A room for a meeting. `rooms` are all that it takes: a hall takes the parts it can be divided into. From
    `setup_from` until `clear_to` (not included), both UTC, nobody else has them."""

    room_id: RoomId
    name: str
    layout: Layout
    rooms: tuple[RoomId, ...]
    setup_from: datetime
    clear_to: datetime


@dataclass(frozen=True, slots=True)
class Refreshment:
    """`dietary` says what the kitchen needs to know, as numbers: never who."""

    item: str
    quantity: int
    dietary: str = ""


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """How the public reaches a member: never the home address, which the register of interests withholds."""

    email: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()
    postcode: str = ""

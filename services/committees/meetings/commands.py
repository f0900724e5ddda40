"""What may be asked of a meeting, and the rules by which it may be refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from shared.eventcore.deciding import Rule
from shared.events.values import PersonId
from shared.events.values_committees import (
    AgendaItemId,
    Attendance,
    BodyKind,
    CommitteeId,
    Interest,
    KitId,
    Layout,
    MeetingId,
    MemberId,
    NoticeRule,
    Refreshment,
    RoomId,
    Sitting,
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class Body:
    """What a meeting needs to know of the body that meets."""

    committee_id: CommitteeId
    title: str
    kind: BodyKind
    notice: NoticeRule


@dataclass(frozen=True, slots=True)
class RoomRequest:
    """A room as its owner describes it, in one layout. `capacity` 0: it is never set out like that. `rooms`: all it takes."""

    room_id: RoomId
    name: str
    layout: Layout
    capacity: int
    needed: int
    rooms: tuple[RoomId, ...]
    setup_minutes: int = 0
    teardown_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleMeeting:
    """`short_notice`: why it is convened with fewer clear days. `despite_clash`: why members are called although another
    meeting may have called them; then their time is not held."""

    meeting_id: MeetingId
    body: Body
    sitting: Sitting
    at: datetime
    members: tuple[MemberId, ...] = ()
    room: RoomRequest | None = None
    kit: tuple[KitId, ...] = ()
    venue: str = ""
    short_notice: str = ""
    despite_clash: str = ""
    webcast: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """To another time; the room, kit and members are booked anew. `room`: another room instead of the one it had."""

    sitting: Sitting
    reason: str
    at: datetime
    room: RoomRequest | None = None
    short_notice: str = ""
    despite_clash: str = ""


@dataclass(frozen=True, slots=True)
class BookRoom:
    """A room for a meeting that has none, or another one than it has."""

    room: RoomRequest


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class CallMember:
    """A member took a seat after the meeting was called. Their time is not held: the seat is theirs whatever clashes."""

    member_id: MemberId


@dataclass(frozen=True, slots=True)
class StandMemberDown:
    """A member left their seat before the meeting."""

    member_id: MemberId


@dataclass(frozen=True, slots=True)
class OrderRefreshments:
    """`days_before`: the caterer's cut-off in working days."""

    items: tuple[Refreshment, ...]
    serve_at: time
    on: date
    days_before: int = 3


@dataclass(frozen=True, slots=True)
class AddAgendaItem:
    item_id: AgendaItemId
    title: str
    at: datetime
    heading: bool = False
    part: Literal[1, 2] = 1
    paragraphs: tuple[int, ...] = ()
    confidential: bool = False
    public_interest_reason: str = ""
    full_title: str = ""
    urgency: str = ""
    for_decision: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawAgendaItem:
    item_id: AgendaItemId
    reason: str


@dataclass(frozen=True, slots=True)
class PublishAgenda:
    """Publish what is not published yet: the agenda, or a supplement."""

    served_at: datetime
    at: datetime
    short_notice: str = ""


@dataclass(frozen=True, slots=True)
class ReceiveApologies:
    member_id: MemberId
    at: datetime


@dataclass(frozen=True, slots=True)
class NameSubstitute:
    member_id: MemberId
    substitute: MemberId


@dataclass(frozen=True, slots=True)
class DeclareInterest:
    member_id: MemberId
    person_id: PersonId
    interest: Interest
    nature: str
    item_id: AgendaItemId | None = None
    left_room: bool = False
    dispensation: str = ""


@dataclass(frozen=True, slots=True)
class RecordAttendance:
    member_id: MemberId
    attendance: Attendance
    on: date
    arrived: time | None = None
    left: time | None = None


@dataclass(frozen=True, slots=True)
class RecordHeld:
    started_at: datetime
    finished_at: datetime


Command = (
    ScheduleMeeting
    | MoveMeeting
    | BookRoom
    | CancelMeeting
    | CallMember
    | StandMemberDown
    | OrderRefreshments
    | AddAgendaItem
    | WithdrawAgendaItem
    | PublishAgenda
    | ReceiveApologies
    | NameSubstitute
    | DeclareInterest
    | RecordAttendance
    | RecordHeld
)

# --------------------------------------------------------------------- rules

NO_SUCH_MEETING = Rule("no-such-meeting", "There is no such meeting.", "LGA 1972 Sch 12 para 4", "Schedule it first.")
CANCELLED = Rule(
    "meeting-cancelled", "The meeting was cancelled.", "LGA 1972 Sch 12 para 4", "Schedule another meeting."
)
MEETING_OVER = Rule(
    "meeting-over", "The meeting has taken place.", "LGA 1972 Sch 12 para 4", "Schedule another meeting."
)
IN_THE_PAST = Rule(
    "in-the-past", "A meeting is called for a time to come.", "LGA 1972 Sch 12 para 4", "Correct the day.", invalid=True
)
IMPLAUSIBLE_TIMES = Rule(
    "implausible-times", "A meeting ends after it starts, within twelve hours.", "Council's calendar of meetings",
    "Correct the times.", invalid=True,
)  # fmt: skip
HOLIDAYS_UNKNOWN = Rule(
    "holidays-unknown", "The bank holidays of that year are not known yet, so its clear days cannot be counted.",
    "Banking and Financial Dealings Act 1971; LGA 1972 s.100A-100B",
    "Schedule the meeting once they are, or update the holiday data.",
)  # fmt: skip
TOO_FEW_CLEAR_DAYS = Rule(
    "too-few-clear-days",
    "There are not enough clear days left before the meeting.",
    "LGA 1972 s.100A(6), s.100B(3)",
    "Choose a later day, or give the reason why it is convened at shorter notice.",
)
COUNCIL_CLEAR_DAYS = Rule(
    "council-needs-clear-days",
    "Members of the council are summoned with all their clear days; no reason shortens them.",
    "LGA 1972 Sch 12 para 4(2)",
    "Choose a later day.",
)
NUMBER_TAKEN = Rule(
    "number-taken", "Another member, body or meeting has this number.", "Moothall public numbers",
    "Give another number, or leave it out.",
)  # fmt: skip
ROOM_TAKEN = Rule(
    "room-taken", "Another meeting has this room, or a part of it, at that time.", "Council's room list",
    "Choose another room or time; setting up and clearing away count.",
)  # fmt: skip
ROOM_TOO_SMALL = Rule(
    "room-too-small", "The room does not seat that many in this layout.", "Regulatory Reform (Fire Safety) Order 2005",
    "Choose another layout or a larger room.",
)  # fmt: skip
KIT_TAKEN = Rule(
    "kit-taken", "Another meeting has this kit at that time.", "Council's kit list", "Choose another kit or time."
)
MEMBER_ENGAGED = Rule(
    "member-engaged", "A member is called to another meeting at that time.", "Council's calendar of meetings",
    "Choose another time, or give the reason why both are held.",
)  # fmt: skip
CATERING_CUT_OFF = Rule(
    "catering-cut-off", "The caterer takes no more changes for that day.", "Council's catering terms",
    "Speak to the caterer.",
)  # fmt: skip
PARAGRAPH_NEEDED = Rule(
    "exempt-paragraph-needed",
    "An item is in part 2 because it is confidential, or by paragraphs 1 to 7 of Schedule 12A; one in part 1 has none.",
    "LGA 1972 s.100A(2)-(4), Sch 12A",
    "Name the paragraphs, or move the item to part 1.",
    invalid=True,
)
PUBLIC_INTEREST = Rule(
    "public-interest-reason-missing",
    "Information is exempt only while the public interest in keeping it so outweighs that in disclosing it.",
    "LGA 1972 Sch 12A para 10",
    "Withdraw the item and add it again with the reason.",
)
LATE_ITEM = Rule(
    "late-item-without-urgency",
    "An item that was not open for the clear days is taken only for special circumstances that the minutes state.",
    "LGA 1972 s.100B(4)(b)",
    "Give the special circumstances, or take the item at the next meeting.",
)
NO_SUCH_ITEM = Rule(
    "no-such-item", "This item is not on the agenda.", "LGA 1972 s.100B", "Choose an item of this meeting."
)
AGENDA_EMPTY = Rule(
    "agenda-empty", "There is nothing to publish.", "LGA 1972 s.100B; Sch 12 para 4(5)", "Add the business first."
)
MEMBERS_FIRST = Rule(
    "members-first", "The public never has an agenda before the members.", "LGA 1972 s.100B(1)",
    "Serve it on the members, then publish it.", invalid=True,
)  # fmt: skip
NO_SUBSTITUTES = Rule(
    "no-substitutes-on-executive", "The executive has no substitutes.", "LGA 2000 s.9C, Sch A1 para 4",
    "The council's constitution cannot allow it; leave the place empty.",
)  # fmt: skip
NOT_CALLED = Rule(
    "not-called", "This member does not sit at this meeting.", "LGA 1972 Sch 12 para 4", "Choose a member of the body."
)
SITS_ALREADY = Rule(
    "substitute-sits-already", "A substitute does not sit at the meeting in their own right or for another.",
    "Council's standing orders", "Name another substitute.",
)  # fmt: skip
NO_SUBSTITUTION = Rule(
    "no-substitution", "This member was not named as a substitute.", "Council's standing orders",
    "Name them as substitute first, or record them as in attendance.",
)  # fmt: skip
ONE_SEAT_ONE_VOTE = Rule(
    "one-seat-one-vote", "A member and their substitute do not both sit: one seat has one vote.",
    "LGA 1972 Sch 12 para 39", "Record one of them as in attendance.",
)  # fmt: skip
NOT_YET_MET = Rule(
    "not-yet-met", "Attendance is recorded on the day of the meeting or later.", "LGA 1972 Sch 12 para 40",
    "Record apologies instead.",
)  # fmt: skip
ENDS_BEFORE_IT_BEGAN = Rule(
    "ends-before-it-began", "A meeting cannot end before it began.", "LGA 1972 Sch 12 para 41", "Correct the times.",
    invalid=True,
)  # fmt: skip

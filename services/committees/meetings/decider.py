"""One meeting: called with its clear days, moved or cancelled, its agenda published, its members there or not.

[LGA 1972 s.100A-100B, Sch 12, Sch 12A; SI 2012/2089]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from services.committees.meetings import commands as rules
from services.committees.meetings.commands import (
    AddAgendaItem,
    BookRoom,
    CallMember,
    CancelMeeting,
    Command,
    DeclareInterest,
    MoveMeeting,
    NameSubstitute,
    OrderRefreshments,
    PublishAgenda,
    ReceiveApologies,
    RecordAttendance,
    RecordHeld,
    RoomRequest,
    ScheduleMeeting,
    StandMemberDown,
    WithdrawAgendaItem,
)
from services.committees.meetings.meeting import Meeting, NoMeeting, State, evolve
from shared.eventcore.deciding import Boundary, Claim, Decider, Hold, Refused, Release
from shared.events.committees import (
    AgendaItemAdded,
    AgendaItemWithdrawn,
    AgendaPublished,
    ApologiesReceived,
    AttendanceRecorded,
    InterestDeclared,
    KitBooked,
    KitReleased,
    MeetingCancelled,
    MeetingEvent,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    MembersCalled,
    MembersStoodDown,
    RefreshmentsOrdered,
    RoomBooked,
    RoomReleased,
    SubstituteNamed,
)
from shared.events.values_committees import (
    BodyKind,
    KitId,
    MeetingId,
    MemberId,
    NoticeRule,
    RoomBooking,
    Sitting,
    public_number,
)
from shared.law.meetings import ClearDays
from shared.law.reckoning import LONDON, MIDNIGHT
from shared.law.working_days import HolidaysUnknown, calendar

LONGEST = timedelta(hours=12)


def decide(command: Command, state: State) -> Sequence[MeetingEvent]:
    if isinstance(command, ScheduleMeeting):
        return schedule(command) if isinstance(state, NoMeeting) else []
    meeting = going_ahead(state)
    match command:
        case MoveMeeting():
            return move(command, meeting)
        case BookRoom(room):
            return book_room(room, meeting)
        case CancelMeeting(reason, on):
            return cancel(reason, on, meeting)
        case CallMember(member):
            return call_member(member, meeting)
        case StandMemberDown(member):
            if member not in meeting.members or meeting.held:
                return []
            return [MembersStoodDown(meeting.meeting_id, (member,))]
        case OrderRefreshments():
            return order_refreshments(command, meeting)
        case AddAgendaItem():
            return add_item(command, meeting)
        case WithdrawAgendaItem(item, reason):
            if item not in meeting.items:
                raise Refused(rules.NO_SUCH_ITEM)
            return [AgendaItemWithdrawn(meeting.meeting_id, item, reason)]
        case PublishAgenda():
            return publish(command, meeting)
        case ReceiveApologies(member, at):
            if member not in meeting.members:
                raise Refused(rules.NOT_CALLED)
            return [] if member in meeting.apologies else [ApologiesReceived(meeting.meeting_id, member, at)]
        case NameSubstitute(member, substitute):
            return name_substitute(member, substitute, meeting)
        case DeclareInterest(member, person, interest, nature, item, left_room, dispensation):
            if item is not None and item not in meeting.items:
                raise Refused(rules.NO_SUCH_ITEM)
            return [
                InterestDeclared(meeting.meeting_id, member, person, interest, nature, item, left_room, dispensation)
            ]
        case RecordAttendance():
            return record_attendance(command, meeting)
        case RecordHeld(started_at, finished_at):
            if finished_at < started_at:
                raise Refused(rules.ENDS_BEFORE_IT_BEGAN)
            return [MeetingHeld(meeting.meeting_id, started_at, finished_at)]
        case _:
            assert_never(command)


# ----------------------------------------------------------------- the calendar


def schedule(command: ScheduleMeeting) -> Sequence[MeetingEvent]:
    body, sitting = command.body, command.sitting
    publish_by = called_in_time(body.kind, body.notice, sitting, command.at, command.short_notice)
    called = MeetingScheduled(
        meeting_id=command.meeting_id, number=command.number or public_number(command.meeting_id),
        committee_id=body.committee_id, committee_title=body.title, kind=body.kind, sitting=sitting,
        publish_by=publish_by, called_on=command.at.astimezone(LONDON).date(), notice=body.notice, venue=command.venue,
        short_notice=command.short_notice, webcast=command.webcast,
    )  # fmt: skip
    booked = taken(command.meeting_id, sitting, command.room, command.kit, command.members, command.despite_clash)
    return [called, *booked]


def move(command: MoveMeeting, meeting: Meeting) -> Sequence[MeetingEvent]:
    """To another time, by the same rules as a new meeting: the clear days are counted again."""
    if meeting.held:
        raise Refused(rules.MEETING_OVER)
    sitting = command.sitting
    if sitting == meeting.sitting:
        return []
    publish_by = called_in_time(meeting.kind, meeting.notice, sitting, command.at, command.short_notice)
    booking = None
    if command.room is not None:
        booking = booking_of(command.room, sitting)
    elif meeting.booking is not None:
        booking = shifted(meeting.booking, meeting.sitting, sitting)
    moved = MeetingMoved(
        meeting.meeting_id, sitting, meeting.sitting, publish_by, command.reason, summons_again=meeting.packs > 0,
        short_notice=command.short_notice, summons=replace(meeting, sitting=sitting, booking=booking).summoned(),
    )  # fmt: skip
    again = taken(meeting.meeting_id, sitting, None, meeting.kit, meeting.members, command.despite_clash)
    if booking is not None:
        again = [*again, RoomBooked(meeting.meeting_id, booking)]
    if (ordered := meeting.refreshments) is not None and sitting.day != meeting.sitting.day:
        again = [*again, replace(ordered, order_by=order_by(sitting.day))]
    return [moved, *given_back(meeting), *again]


def book_room(room: RoomRequest, meeting: Meeting) -> Sequence[MeetingEvent]:
    if meeting.held:
        raise Refused(rules.MEETING_OVER)
    booking, had = booking_of(room, meeting.sitting), meeting.booking
    if booking == had:
        return []
    given = [RoomReleased(meeting.meeting_id, had.rooms)] if had is not None else []
    return [*given, RoomBooked(meeting.meeting_id, booking)]


def cancel(reason: str, on: date, meeting: Meeting) -> Sequence[MeetingEvent]:
    if meeting.held:
        raise Refused(rules.MEETING_OVER)
    cancelled: list[MeetingEvent] = [
        MeetingCancelled(meeting.meeting_id, meeting.sitting, on, reason, meeting.summoned())
    ]
    if meeting.refreshments is not None and meeting.refreshments.items:
        cancelled.append(replace(meeting.refreshments, items=()))
    return [*cancelled, *given_back(meeting)]


def called_in_time(kind: BodyKind, notice: NoticeRule, sitting: Sitting, at: datetime, short_notice: str) -> date:
    """The last day for the agenda; refused when that has passed, unless the reason for shorter notice is given."""
    if not timedelta() < sitting.ends_at - sitting.starts_at <= LONGEST:
        raise Refused(rules.IMPLAUSIBLE_TIMES)
    if sitting.starts_at <= at:
        raise Refused(rules.IN_THE_PAST)
    rule = clear_days(notice)
    try:
        publish_by = rule.publish_by(sitting.day).date
    except HolidaysUnknown as unknown:
        raise Refused(rules.HOLIDAYS_UNKNOWN, f"Unknown: {unknown.year}.") from None
    today = rule.day_of_publication(at)
    in_time(
        kind, today <= publish_by, short_notice, f"The first day possible is {rule.earliest_meeting(today):%-d %B %Y}."
    )
    return publish_by


def in_time(kind: BodyKind, on_time: bool, short_notice: str, detail: str) -> None:
    if on_time:
        return
    if kind == "council":
        raise Refused(rules.COUNCIL_CLEAR_DAYS, detail)
    if not short_notice.strip():
        raise Refused(rules.TOO_FEW_CLEAR_DAYS, detail)


def clear_days(notice: NoticeRule) -> ClearDays:
    return ClearDays(notice.days, notice.counting, notice.closed, notice.cutoff or MIDNIGHT)


# ------------------------------------------------------------ rooms, kit, people


def taken(
    meeting: MeetingId, sitting: Sitting, room: RoomRequest | None, kit: tuple[KitId, ...],
    members: tuple[MemberId, ...], despite_clash: str,
) -> list[MeetingEvent]:  # fmt: skip
    """What the meeting takes: its room with the time to set up and clear, kit and members for as long as it sits."""
    start, end = sitting.starts_at.astimezone(UTC), sitting.ends_at.astimezone(UTC)
    events: list[MeetingEvent] = []
    if room is not None:
        events.append(RoomBooked(meeting, booking_of(room, sitting)))
    if kit:
        events.append(KitBooked(meeting, tuple(dict.fromkeys(kit)), start, end))
    if members:
        events.append(MembersCalled(meeting, tuple(dict.fromkeys(members)), start, end, despite_clash))
    return events


def call_member(member: MemberId, meeting: Meeting) -> Sequence[MeetingEvent]:
    if member in meeting.members or meeting.held:
        return []
    start, end = meeting.sitting.starts_at.astimezone(UTC), meeting.sitting.ends_at.astimezone(UTC)
    because = "Took the seat after the meeting was called."
    return [MembersCalled(meeting.meeting_id, (member,), start, end, because, meeting.summoned((member,)))]


def given_back(meeting: Meeting) -> list[MeetingEvent]:
    events: list[MeetingEvent] = []
    if meeting.booking is not None:
        events.append(RoomReleased(meeting.meeting_id, meeting.booking.rooms))
    if meeting.kit:
        events.append(KitReleased(meeting.meeting_id, meeting.kit))
    if meeting.members:
        events.append(MembersStoodDown(meeting.meeting_id, meeting.members))
    return events


def booking_of(room: RoomRequest, sitting: Sitting) -> RoomBooking:
    if room.capacity < room.needed or room.capacity == 0:
        raise Refused(rules.ROOM_TOO_SMALL)
    setup, teardown = timedelta(minutes=room.setup_minutes), timedelta(minutes=room.teardown_minutes)
    return RoomBooking(
        room.room_id, room.name, room.layout, room.rooms,
        sitting.starts_at.astimezone(UTC) - setup, sitting.ends_at.astimezone(UTC) + teardown,
    )  # fmt: skip


def shifted(booking: RoomBooking, was: Sitting, sitting: Sitting) -> RoomBooking:
    """The same room with the same time to set up and to clear, around another sitting."""
    setup, teardown = was.starts_at - booking.setup_from, booking.clear_to - was.ends_at
    return replace(
        booking,
        setup_from=sitting.starts_at.astimezone(UTC) - setup,
        clear_to=sitting.ends_at.astimezone(UTC) + teardown,
    )


def order_refreshments(command: OrderRefreshments, meeting: Meeting) -> Sequence[MeetingEvent]:
    by = order_by(meeting.sitting.day, command.days_before)
    if command.on > by:
        raise Refused(rules.CATERING_CUT_OFF, f"The last day was {by:%-d %B %Y}.")
    ordered = RefreshmentsOrdered(meeting.meeting_id, command.items, command.serve_at, by)
    return [] if ordered == meeting.refreshments else [ordered]


def order_by(day: date, days_before: int = 3) -> date:
    try:
        return calendar().back(day, days_before)
    except HolidaysUnknown as unknown:
        raise Refused(rules.HOLIDAYS_UNKNOWN, f"Unknown: {unknown.year}.") from None


# -------------------------------------------------------------------- agenda


def add_item(command: AddAgendaItem, meeting: Meeting) -> Sequence[MeetingEvent]:
    if command.item_id in meeting.items:
        return []
    in_part_two = command.confidential or bool(command.paragraphs)
    if in_part_two != (command.part == 2) or not all(1 <= paragraph <= 7 for paragraph in command.paragraphs):
        raise Refused(rules.PARAGRAPH_NEEDED)
    if late(command.at, meeting) and not command.urgency.strip() and not command.heading:
        raise Refused(rules.LATE_ITEM)
    return [
        AgendaItemAdded(
            meeting_id=meeting.meeting_id, item_id=command.item_id, position=meeting.positions + 1,
            title=command.title, added_at=command.at, heading=command.heading, part=command.part,
            paragraphs=command.paragraphs, confidential=command.confidential,
            public_interest_reason=command.public_interest_reason, full_title=command.full_title,
            urgency=command.urgency, for_decision=command.for_decision,
        )
    ]  # fmt: skip


def late(at: datetime, meeting: Meeting) -> bool:
    """Whether what is published at `at` will not have been open for the clear days. The first agenda of a meeting that
    was convened at shorter notice is in time: it is open from then. [LGA 1972 s.100B(3)-(4)]"""
    if meeting.short_notice and not meeting.packs:
        return False
    return clear_days(meeting.notice).day_of_publication(at) > meeting.publish_by


def publish(command: PublishAgenda, meeting: Meeting) -> Sequence[MeetingEvent]:
    fresh = {identity: item for identity, item in meeting.items.items() if not item.published}
    if not fresh:
        raise Refused(rules.AGENDA_EMPTY)
    if command.served_at > command.at:
        raise Refused(rules.MEMBERS_FIRST)
    if meeting.held or command.at >= meeting.sitting.ends_at:
        raise Refused(rules.MEETING_OVER)
    # Paragraph 10 weighs the public interest for exempt information; confidential information leaves no choice.
    if any(item.exempt and not item.reasoned for item in fresh.values()):
        raise Refused(rules.PUBLIC_INTEREST)
    rule = clear_days(meeting.notice)
    counted = rule.day_of_publication(command.at)
    overdue = late(command.at, meeting)
    if not meeting.packs:
        in_time(meeting.kind, not overdue, command.short_notice, f"The last day was {meeting.publish_by:%-d %B %Y}.")
    elif overdue and not all(item.urgent for item in fresh.values()):
        raise Refused(rules.LATE_ITEM)
    return [
        AgendaPublished(
            meeting.meeting_id, meeting.packs + 1, tuple(fresh), command.served_at, command.at, counted,
            rule.between(counted, meeting.sitting.day), command.short_notice, meeting.summons(*fresh.values()),
        )
    ]  # fmt: skip


# -------------------------------------------------------------------- people


def name_substitute(member: MemberId, substitute: MemberId, meeting: Meeting) -> Sequence[MeetingEvent]:
    if meeting.kind == "executive":
        raise Refused(rules.NO_SUBSTITUTES)
    if member not in meeting.members:
        raise Refused(rules.NOT_CALLED)
    if meeting.substitutes.get(member) == substitute:
        return []
    if substitute in meeting.members or substitute in meeting.substitutes.values():
        raise Refused(rules.SITS_ALREADY)
    return [SubstituteNamed(meeting.meeting_id, member, substitute)]


def record_attendance(command: RecordAttendance, meeting: Meeting) -> Sequence[MeetingEvent]:
    member, attendance = command.member_id, command.attendance
    if command.on < meeting.sitting.day:
        raise Refused(rules.NOT_YET_MET)
    in_place_of = next((absent for absent, sub in meeting.substitutes.items() if sub == member), None)
    if attendance == "substitute":
        if in_place_of is None:
            raise Refused(rules.NO_SUBSTITUTION)
        if meeting.sits(in_place_of):
            raise Refused(rules.ONE_SEAT_ONE_VOTE)
    elif attendance == "present":
        if member not in meeting.members:
            raise Refused(rules.NOT_CALLED)
        if (substitute := meeting.substitutes.get(member)) is not None and meeting.sits(substitute):
            raise Refused(rules.ONE_SEAT_ONE_VOTE)
    recorded = AttendanceRecorded(
        meeting.meeting_id, member, attendance, meeting.sitting.day, command.arrived, command.left,
        in_place_of if attendance == "substitute" else None,
    )  # fmt: skip
    return [] if meeting.attendance.get(member) == recorded else [recorded]


def going_ahead(state: State) -> Meeting:
    if isinstance(state, NoMeeting):
        raise Refused(rules.NO_SUCH_MEETING)
    if state.cancelled:
        raise Refused(rules.CANCELLED)
    return state


def boundary(event: MeetingEvent) -> Iterable[Boundary]:
    """Rooms, kit and members are in one place at a time (ADR 0005)."""
    match event:
        case MeetingScheduled(number=number):
            return [Claim(f"meeting number {number}", rules.NUMBER_TAKEN)]
        case RoomBooked(booking=b):
            return [Hold(f"room {room}", rules.ROOM_TAKEN, b.setup_from, b.clear_to) for room in b.rooms]
        case RoomReleased(rooms=freed):
            return [Release(f"room {room}") for room in freed]
        case KitBooked(kit=kit, from_at=start, until=end):
            return [Hold(f"kit {one}", rules.KIT_TAKEN, start, end) for one in kit]
        case KitReleased(kit=kit):
            return [Release(f"kit {one}") for one in kit]
        case MembersCalled(members=members, from_at=start, until=end, despite_clash=""):
            return [Hold(f"member {member}", rules.MEMBER_ENGAGED, start, end) for member in members]
        case MembersStoodDown(members=members):
            return [Release(f"member {member}") for member in members]
        case _:
            return []


meetings: Decider[Command, State, MeetingEvent] = Decider("meeting", NoMeeting(), decide, evolve, boundary)

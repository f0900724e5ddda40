"""What happens in committees: members and their groups, bodies and their seats, rooms and kit, meetings and agendas.

A member's data is sealed under `person_id`. What an exempt item is really called is sealed too, under the meeting's
id: beyond this service, in Kafka and in backups, nobody can read it.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime, time
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import PersonId, PersonName, Ward
from shared.events.values_committees import (
    AbsenceStage,
    AgendaItemId,
    Attendance,
    BodyKind,
    Capacity,
    CommitteeId,
    DepartureReason,
    GroupId,
    Interest,
    KitId,
    MeetingId,
    MemberId,
    NoticeRule,
    OfficeContact,
    Refreshment,
    RoomBooking,
    RoomId,
    SeatRole,
    Sitting,
    Summons,
)

# ------------------------------------------------------------------- members


@event("committees.member-took-office.v1", subject="person_id", effective="from_on")
class MemberTookOffice:
    """A councillor (or co-opted member, without a ward) holds office from `from_on`: the declaration of acceptance was
    made (LGA 1972 s.83). `term_ends_on`: when the term would end by itself."""

    member_id: MemberId
    person_id: PersonId
    number: int
    name: Personal[PersonName]
    party: Personal[str]
    from_on: date
    elected_on: date | None = None
    term_ends_on: date | None = None
    ward: Ward | None = None
    ward_title: str = ""
    title: str = "Councillor"
    """What stands before the name."""
    contact: Personal[OfficeContact] = field(default_factory=OfficeContact)


@event("committees.member-contact-changed.v1", subject="person_id")
class MemberContactChanged:
    """The public reaches the member in another way."""

    member_id: MemberId
    person_id: PersonId
    contact: Personal[OfficeContact]


@event("committees.member-left-office.v1", effective="left_on")
class MemberLeftOffice:
    """`left_on` is the last day in office. A resignation takes effect when it is received (LGA 1972 s.84)."""

    member_id: MemberId
    person_id: PersonId
    left_on: date
    because: DepartureReason


@event("committees.member-attended.v1", effective="attended_on")
class MemberAttended:
    """The member was at a meeting that counts for the six months (LGA 1972 s.85)."""

    member_id: MemberId
    meeting_id: MeetingId
    attended_on: date


@event("committees.absence-approved.v1", subject="person_id", effective="approved_on")
class AbsenceApproved:
    """The council approved the reason for a member's absence before the six months were over (LGA 1972 s.85(1))."""

    member_id: MemberId
    person_id: PersonId
    approved_on: date
    until: date
    reason: Personal[str] = ""


@event("committees.absence-alert-raised.v1")
class AbsenceAlertRaised:
    """A member has not attended since `last_attended`; office is lost after `lapses_after`. `lapsed`: that day has passed."""

    member_id: MemberId
    stage: AbsenceStage
    last_attended: date
    lapses_after: date


MemberEvent = (
    MemberTookOffice | MemberContactChanged | MemberLeftOffice | MemberAttended | AbsenceApproved | AbsenceAlertRaised
)

# -------------------------------------------------------------------- groups


@event("committees.group-formed.v1", effective="formed_on")
class GroupFormed:
    """Two or more members gave notice that they wish to be a political group (SI 1990/1553 reg 8)."""

    group_id: GroupId
    name: str
    leader: MemberId
    members: tuple[MemberId, ...]
    formed_on: date


@event("committees.member-joined-group.v1", effective="joined_on")
class MemberJoinedGroup:
    group_id: GroupId
    member_id: MemberId
    joined_on: date


@event("committees.member-left-group.v1", effective="left_on")
class MemberLeftGroup:
    group_id: GroupId
    member_id: MemberId
    left_on: date


@event("committees.group-leader-chosen.v1", effective="chosen_on")
class GroupLeaderChosen:
    group_id: GroupId
    leader: MemberId
    was: MemberId | None
    chosen_on: date


@event("committees.group-renamed.v1")
class GroupRenamed:
    group_id: GroupId
    name: str


@event("committees.group-ended.v1", effective="ended_on")
class GroupEnded:
    """The group has fewer than two members. `members`: those it still had; the allocation of seats falls to be reviewed
    (LGHA 1989 s.17)."""

    group_id: GroupId
    ended_on: date
    members: tuple[MemberId, ...] = ()


GroupEvent = GroupFormed | MemberJoinedGroup | MemberLeftGroup | GroupLeaderChosen | GroupRenamed | GroupEnded

# -------------------------------------------------------------------- bodies


@event("committees.committee-created.v1", effective="created_on")
class CommitteeCreated:
    """A body of the council. `seats` does not count substitutes; `quorum` is of members present."""

    committee_id: CommitteeId
    number: int
    title: str
    kind: BodyKind
    seats: int
    quorum: int
    created_on: date
    notice: NoticeRule = field(default_factory=NoticeRule)
    parent: CommitteeId | None = None
    category: str = ""


@event("committees.committee-renamed.v1")
class CommitteeRenamed:
    committee_id: CommitteeId
    title: str


@event("committees.committee-seat-taken.v1", effective="from_on")
class CommitteeSeatTaken:
    """A member sits on a body, in this role, from `from_on`. Another role of the same member is another event."""

    committee_id: CommitteeId
    member_id: MemberId
    role: SeatRole
    from_on: date


@event("committees.committee-seat-left.v1", effective="left_on")
class CommitteeSeatLeft:
    """`left_on` is the last day in the role. `because` is a sentence for the file."""

    committee_id: CommitteeId
    member_id: MemberId
    role: SeatRole
    left_on: date
    because: str = ""


@event("committees.committee-dissolved.v1", effective="dissolved_on")
class CommitteeDissolved:
    committee_id: CommitteeId
    dissolved_on: date


CommitteeEvent = CommitteeCreated | CommitteeRenamed | CommitteeSeatTaken | CommitteeSeatLeft | CommitteeDissolved

# ------------------------------------------------------------- rooms and kit


@event("committees.room-described.v1")
class RoomDescribed:
    """A room that meetings may book, as it is now. `parts`: the rooms it can be divided into."""

    room_id: RoomId
    name: str
    venue: str
    capacities: tuple[Capacity, ...]
    setup_minutes: int = 0
    teardown_minutes: int = 0
    parts: tuple[RoomId, ...] = ()
    equipment: tuple[str, ...] = ()
    access: str = ""
    """Steps, lift, hearing loop: what somebody must know before they come."""


@event("committees.room-withdrawn.v1")
class RoomWithdrawn:
    """No new meeting may book the room."""

    room_id: RoomId


@event("committees.kit-described.v1")
class KitDescribed:
    kit_id: KitId
    name: str


@event("committees.kit-withdrawn.v1")
class KitWithdrawn:
    kit_id: KitId


RoomEvent = RoomDescribed | RoomWithdrawn
KitEvent = KitDescribed | KitWithdrawn

# ------------------------------------------------------------------ meetings


@event("committees.meeting-scheduled.v1", effective="called_on")
class MeetingScheduled:
    """A meeting is called. `publish_by`: the last day for agenda and summons that leaves the clear days (LGA 1972
    s.100A-100B, Sch 12 para 4). `short_notice`: why it is convened later than that."""

    meeting_id: MeetingId
    number: int
    committee_id: CommitteeId
    committee_title: str
    kind: BodyKind
    sitting: Sitting
    publish_by: date
    called_on: date
    notice: NoticeRule = field(default_factory=NoticeRule)
    venue: str = ""
    short_notice: str = ""
    webcast: bool = False


@event("committees.meeting-moved.v1")
class MeetingMoved:
    """The meeting sits at another time. `summons_again`: its agenda was out already, so members are summoned anew, by
    `summons`."""

    meeting_id: MeetingId
    sitting: Sitting
    was: Sitting
    publish_by: date
    reason: str
    summons_again: bool = False
    short_notice: str = ""
    summons: Summons | None = None


@event("committees.meeting-cancelled.v1", effective="cancelled_on")
class MeetingCancelled:
    """The meeting will not take place. `summoned`: who had been summoned to it, and is told."""

    meeting_id: MeetingId
    sitting: Sitting
    cancelled_on: date
    reason: str
    summoned: Summons | None = None


@event("committees.room-booked.v1")
class RoomBooked:
    meeting_id: MeetingId
    booking: RoomBooking


@event("committees.room-released.v1")
class RoomReleased:
    meeting_id: MeetingId
    rooms: tuple[RoomId, ...]


@event("committees.kit-booked.v1")
class KitBooked:
    """From `from_at` until `until` (not included), both UTC, nobody else has this kit."""

    meeting_id: MeetingId
    kit: tuple[KitId, ...]
    from_at: datetime
    until: datetime


@event("committees.kit-released.v1")
class KitReleased:
    meeting_id: MeetingId
    kit: tuple[KitId, ...]


@event("committees.members-called.v1")
class MembersCalled:
    """These members sit at the meeting, so no other meeting may call them from `from_at` until `until`, both UTC; unless
    `despite_clash` says why that is accepted. `summons`: of those who took a seat when the others had been summoned."""

    meeting_id: MeetingId
    members: tuple[MemberId, ...]
    from_at: datetime
    until: datetime
    despite_clash: str = ""
    summons: Summons | None = None


@event("committees.members-stood-down.v1")
class MembersStoodDown:
    meeting_id: MeetingId
    members: tuple[MemberId, ...]


@event("committees.refreshments-ordered.v1")
class RefreshmentsOrdered:
    """What is served at the meeting, replacing an earlier order; nothing, when `items` is empty."""

    meeting_id: MeetingId
    items: tuple[Refreshment, ...]
    serve_at: time
    order_by: date


@event("committees.agenda-item-added.v1", subject="meeting_id")
class AgendaItemAdded:
    """Business for the meeting. Of an exempt item (part 2) the public reads `title`, which must say nothing it may not
    know; `full_title` is what members read. `urgency`: the special circumstances of a late item (LGA 1972 s.100B(4))."""

    meeting_id: MeetingId
    item_id: AgendaItemId
    position: int
    title: str
    added_at: datetime
    heading: bool = False
    part: Literal[1, 2] = 1
    paragraphs: tuple[int, ...] = ()
    """Of LGA 1972 Sch 12A part 1, for exempt information."""
    confidential: bool = False
    """The public must be excluded (s.100A(2)-(3)), not only may be."""
    public_interest_reason: str = ""
    full_title: Personal[str] = ""
    urgency: str = ""
    for_decision: bool = False


@event("committees.agenda-item-withdrawn.v1")
class AgendaItemWithdrawn:
    meeting_id: MeetingId
    item_id: AgendaItemId
    reason: str


@event("committees.agenda-published.v1")
class AgendaPublished:
    """The agenda (pack 1), or a supplement to it, is open to the public. A published pack never changes. `counted_on`:
    the day it counts for, after the cut-off the next; `short_notice`: why the clear days were not left. `summons`: with the
    agenda the members are summoned, with a supplement they are told of further business."""

    meeting_id: MeetingId
    pack: int
    items: tuple[AgendaItemId, ...]
    served_at: datetime
    """When the members had it, never later than the public."""
    published_at: datetime
    counted_on: date
    clear_days: int
    short_notice: str = ""
    summons: Summons | None = None


@event("committees.apologies-received.v1")
class ApologiesReceived:
    meeting_id: MeetingId
    member_id: MemberId
    received_at: datetime


@event("committees.substitute-named.v1")
class SubstituteNamed:
    """At this meeting `substitute` sits in the place of `member_id`."""

    meeting_id: MeetingId
    member_id: MemberId
    substitute: MemberId


@event("committees.interest-declared.v1", subject="person_id")
class InterestDeclared:
    """A member declared an interest in an item, or in the whole meeting (LA 2011 s.31 for a disclosable pecuniary one)."""

    meeting_id: MeetingId
    member_id: MemberId
    person_id: PersonId
    interest: Interest
    nature: Personal[str]
    item_id: AgendaItemId | None = None
    left_room: bool = False
    dispensation: str = ""


@event("committees.attendance-recorded.v1", effective="on_day")
class AttendanceRecorded:
    """How a member was, or was not, at the meeting; the last record stands."""

    meeting_id: MeetingId
    member_id: MemberId
    attendance: Attendance
    on_day: date
    arrived: time | None = None
    left: time | None = None
    in_place_of: MemberId | None = None


@event("committees.meeting-held.v1")
class MeetingHeld:
    """The meeting took place between these instants."""

    meeting_id: MeetingId
    started_at: datetime
    finished_at: datetime


MeetingEvent = (
    MeetingScheduled
    | MeetingMoved
    | MeetingCancelled
    | RoomBooked
    | RoomReleased
    | KitBooked
    | KitReleased
    | MembersCalled
    | MembersStoodDown
    | RefreshmentsOrdered
    | AgendaItemAdded
    | AgendaItemWithdrawn
    | AgendaPublished
    | ApologiesReceived
    | SubstituteNamed
    | InterestDeclared
    | AttendanceRecorded
    | MeetingHeld
)

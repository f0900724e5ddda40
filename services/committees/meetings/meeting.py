"""What is known of one meeting, and how each event changes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

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
    AgendaItemId,
    BodyKind,
    KitId,
    MeetingId,
    MemberId,
    NoticeRule,
    RoomBooking,
    Sitting,
    Summons,
)


@dataclass(frozen=True, slots=True)
class Item:
    exempt: bool
    reasoned: bool
    """The public interest reason was given."""
    urgent: bool
    published: bool = False
    title: str = ""
    """As the public reads it; empty of a heading, which is no business."""


@dataclass(frozen=True, slots=True)
class NoMeeting:
    pass


@dataclass(frozen=True, slots=True)
class Meeting:
    meeting_id: MeetingId
    kind: BodyKind
    notice: NoticeRule
    sitting: Sitting
    publish_by: date
    short_notice: bool = False
    title: str = ""
    """Of the body that meets."""
    venue: str = ""
    cancelled: bool = False
    held: bool = False
    booking: RoomBooking | None = None
    kit: tuple[KitId, ...] = ()
    members: tuple[MemberId, ...] = ()
    refreshments: RefreshmentsOrdered | None = None
    items: dict[AgendaItemId, Item] = field(default_factory=dict)
    positions: int = 0
    packs: int = 0
    apologies: frozenset[MemberId] = frozenset()
    substitutes: dict[MemberId, MemberId] = field(default_factory=dict)
    """Who sits in the place of whom: substitute by member."""
    attendance: dict[MemberId, AttendanceRecorded] = field(default_factory=dict)

    def summons(self, *items: Item, members: tuple[MemberId, ...] = ()) -> Summons | None:
        """What the members called (or these of them) are told about the meeting and this business; None where nobody is."""
        called = members or self.members
        if not called:
            return None
        place = ", ".join(part for part in (self.booking.name if self.booking else "", self.venue) if part)
        return Summons(called, self.title, self.sitting, place, tuple(item.title for item in items if item.title))

    def summoned(self, members: tuple[MemberId, ...] = ()) -> Summons | None:
        """The same of all published business; None while no agenda is out: then nobody was summoned yet."""
        if not self.packs:
            return None
        return self.summons(*(item for item in self.items.values() if item.published), members=members)

    def sits(self, member: MemberId) -> bool:
        recorded = self.attendance.get(member)
        return recorded is not None and recorded.attendance in ("present", "substitute")


State = NoMeeting | Meeting


def evolve(state: State, event: MeetingEvent) -> State:
    if isinstance(event, MeetingScheduled):
        return Meeting(
            event.meeting_id, event.kind, event.notice, event.sitting, event.publish_by, bool(event.short_notice),
            event.committee_title, event.venue,
        )  # fmt: skip
    if isinstance(state, NoMeeting):
        raise ValueError("a meeting's history begins with MeetingScheduled")
    match event:
        case MeetingMoved(sitting=sitting, publish_by=by, short_notice=short):
            return replace(state, sitting=sitting, publish_by=by, short_notice=bool(short))
        case MeetingCancelled():
            return replace(state, cancelled=True)
        case RoomBooked(booking=booking):
            return replace(state, booking=booking)
        case RoomReleased():
            return replace(state, booking=None)
        case KitBooked(kit=kit):
            return replace(state, kit=kit)
        case KitReleased():
            return replace(state, kit=())
        case MembersCalled(members=members):
            return replace(state, members=tuple(dict.fromkeys((*state.members, *members))))
        case MembersStoodDown(members=members):
            return replace(state, members=tuple(member for member in state.members if member not in members))
        case RefreshmentsOrdered():
            return replace(state, refreshments=event)
        case AgendaItemAdded(item_id=identity):
            exempt = event.part == 2 and not event.confidential
            item = Item(
                exempt, bool(event.public_interest_reason.strip()), bool(event.urgency.strip()) or event.heading,
                title="" if event.heading else event.title,
            )  # fmt: skip
            return replace(state, items={**state.items, identity: item}, positions=event.position)
        case AgendaItemWithdrawn(item_id=gone):
            return replace(state, items={identity: item for identity, item in state.items.items() if identity != gone})
        case AgendaPublished(pack=pack):
            return replace(
                state,
                packs=pack,
                items={identity: replace(item, published=True) for identity, item in state.items.items()},
            )
        case ApologiesReceived(member_id=member):
            return replace(state, apologies=state.apologies | {member})
        case SubstituteNamed(member_id=member, substitute=substitute):
            return replace(state, substitutes={**state.substitutes, member: substitute})
        case InterestDeclared():
            return state
        case AttendanceRecorded(member_id=member):
            return replace(state, attendance={**state.attendance, member: event})
        case MeetingHeld():
            return replace(state, held=True)
        case _:
            assert_never(event)

"""One body of the council: its seats, who sits on them in which role, and from when. [LGA 1972 s.101-102; LGHA 1989 s.15-17]"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Boundary, Claim, Decider, Refused, Rule
from shared.events.committees import (
    CommitteeCreated,
    CommitteeDissolved,
    CommitteeEvent,
    CommitteeRenamed,
    CommitteeSeatLeft,
    CommitteeSeatTaken,
)
from shared.events.values_committees import BodyKind, CommitteeId, MemberId, NoticeRule, SeatRole, public_number
from shared.law.meetings import PARISH_NOTICE, SINCE

# --------------------------------------------------------------------- rules

NO_SUCH_COMMITTEE = Rule(
    "no-such-committee", "There is no such body, or it was dissolved.", "LGA 1972 s.101-102", "Create it first."
)
SEATS_FULL = Rule(
    "no-seat-free", "All seats of this body are taken.", "LGHA 1989 s.15-16",
    "Record who leaves a seat, or have the council change the size.",
)  # fmt: skip
ROLE_TAKEN = Rule(
    "role-taken", "A body has one member in this role.", "LGA 1972 s.3, s.102; LGA 2000 s.9C",
    "Record the end of the earlier appointment first.",
)  # fmt: skip
NOT_SEATED = Rule(
    "not-seated",
    "This member does not sit on this body in that role.",
    "LGHA 1989 s.16",
    "Choose a seat that is taken.",
)
NO_SUBSTITUTES = Rule(
    "no-substitutes-on-executive", "The executive has no substitutes.", "LGA 2000 s.9C, Sch A1 para 4",
    "The council's constitution cannot allow it; leave the place empty.",
)  # fmt: skip
EXECUTIVE_ROLE = Rule(
    "executive-role", "Leader, deputy leader and cabinet member are roles of the executive alone.", "LGA 2000 s.9C",
    "Choose chair, vice-chair or member.", invalid=True,
)  # fmt: skip
SIZE = Rule(
    "size-and-quorum", "A body has at least one seat, and a quorum it can reach.", "LGA 1972 Sch 12 para 6, 45",
    "Correct seats or quorum.", invalid=True,
)  # fmt: skip
NOTICE_TOO_SHORT = Rule(
    "notice-below-the-law", "No body may give less notice of its meetings than the law asks: three clear days of a parish, "
    "five of a principal council.", "LGA 1972 s.100A(6), Sch 12 para 4(2), 10(2)", "Give the days of your kind of council.",
    invalid=True,
)  # fmt: skip
LEFT_BEFORE = Rule(
    "ends-before-it-began",
    "A seat cannot be left before it was taken.",
    "LGHA 1989 s.16",
    "Correct the day.",
    invalid=True,
)
NUMBER_TAKEN = Rule(
    "number-taken", "Another member, body or meeting has this number.", "Moothall public numbers",
    "Give another number, or leave it out.",
)  # fmt: skip

EXECUTIVE_ROLES: frozenset[SeatRole] = frozenset({"leader", "deputy-leader", "cabinet-member"})
ONE_EACH: frozenset[SeatRole] = frozenset({"chair", "vice-chair", "leader", "deputy-leader"})
OUTSIDE_THE_SEATS: frozenset[SeatRole] = frozenset({"substitute", "co-optee", "spokesperson"})

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class CreateCommittee:
    """`quorum` 0: a quarter of the seats rounded up, at least three where there are three. [LGA 1972 Sch 12 para 6]"""

    committee_id: CommitteeId
    title: str
    kind: BodyKind
    seats: int
    created_on: date
    quorum: int = 0
    notice: NoticeRule = field(default_factory=NoticeRule)
    parent: CommitteeId | None = None
    category: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class RenameCommittee:
    title: str


@dataclass(frozen=True, slots=True)
class TakeSeat:
    """A member is appointed, or takes another role: the seat in the earlier role is left the day before."""

    member_id: MemberId
    role: SeatRole
    from_on: date


@dataclass(frozen=True, slots=True)
class LeaveSeat:
    member_id: MemberId
    left_on: date
    because: str = ""


@dataclass(frozen=True, slots=True)
class DissolveCommittee:
    on: date


Command = CreateCommittee | RenameCommittee | TakeSeat | LeaveSeat | DissolveCommittee

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NoCommittee:
    pass


@dataclass(frozen=True, slots=True)
class Seat:
    role: SeatRole
    since: date


@dataclass(frozen=True, slots=True)
class Committee:
    committee_id: CommitteeId
    title: str
    kind: BodyKind
    seats: int
    notice: NoticeRule
    sitting: dict[MemberId, Seat] = field(default_factory=dict)

    @property
    def members(self) -> tuple[MemberId, ...]:
        """Who is called to its meetings: everybody but substitutes."""
        return tuple(member for member, seat in self.sitting.items() if seat.role != "substitute")


State = NoCommittee | Committee


def decide(command: Command, state: State) -> Sequence[CommitteeEvent]:
    match command:
        case CreateCommittee():
            return create(command, state)
        case RenameCommittee(title):
            body = existing(state)
            return [] if title == body.title else [CommitteeRenamed(body.committee_id, title)]
        case TakeSeat(member, role, from_on):
            return take_seat(member, role, from_on, existing(state))
        case LeaveSeat(member, left_on, because):
            return leave_seat(member, left_on, because, existing(state))
        case DissolveCommittee(on):
            body = existing(state)
            left: list[CommitteeEvent] = [
                CommitteeSeatLeft(body.committee_id, member, seat.role, on, "The body was dissolved.")
                for member, seat in body.sitting.items()
            ]
            return [*left, CommitteeDissolved(body.committee_id, on)]
        case _:
            assert_never(command)


def create(command: CreateCommittee, state: State) -> Sequence[CommitteeEvent]:
    if isinstance(state, Committee):
        return []
    quorum = command.quorum or quorum_of(command.seats)
    if command.seats < 1 or not 1 <= quorum <= command.seats:
        raise Refused(SIZE)
    if command.notice.days < PARISH_NOTICE.on(max(command.created_on, SINCE)):
        raise Refused(NOTICE_TOO_SHORT)
    return [
        CommitteeCreated(
            committee_id=command.committee_id, number=command.number or public_number(command.committee_id),
            title=command.title, kind=command.kind, seats=command.seats, quorum=quorum, created_on=command.created_on,
            notice=command.notice, parent=command.parent, category=command.category,
        )
    ]  # fmt: skip


def quorum_of(seats: int) -> int:
    """A quarter of the whole number of seats, rounded up; at least three, or all of a smaller body."""
    return max(-(-seats // 4), min(3, seats))


def take_seat(member: MemberId, role: SeatRole, from_on: date, body: Committee) -> Sequence[CommitteeEvent]:
    held = body.sitting.get(member)
    if held is not None and held.role == role:
        return []
    if role == "substitute" and body.kind == "executive":
        raise Refused(NO_SUBSTITUTES)
    if role in EXECUTIVE_ROLES and body.kind != "executive":
        raise Refused(EXECUTIVE_ROLE)
    others = {m: seat for m, seat in body.sitting.items() if m != member}
    if role in ONE_EACH and any(seat.role == role for seat in others.values()):
        raise Refused(ROLE_TAKEN)
    taken = sum(seat.role not in OUTSIDE_THE_SEATS for seat in others.values())
    if role not in OUTSIDE_THE_SEATS and taken >= body.seats:
        raise Refused(SEATS_FULL)
    if held is None:
        return [CommitteeSeatTaken(body.committee_id, member, role, from_on)]
    # The day of the change belongs to the incoming role.
    day_before = max(held.since, date.fromordinal(from_on.toordinal() - 1))
    return [
        CommitteeSeatLeft(body.committee_id, member, held.role, day_before, f"Now {role}."),
        CommitteeSeatTaken(body.committee_id, member, role, from_on),
    ]


def leave_seat(member: MemberId, left_on: date, because: str, body: Committee) -> Sequence[CommitteeEvent]:
    seat = body.sitting.get(member)
    if seat is None:
        raise Refused(NOT_SEATED)
    if left_on < seat.since:
        raise Refused(LEFT_BEFORE)
    return [CommitteeSeatLeft(body.committee_id, member, seat.role, left_on, because)]


def existing(state: State) -> Committee:
    if isinstance(state, NoCommittee):
        raise Refused(NO_SUCH_COMMITTEE)
    return state


def evolve(state: State, event: CommitteeEvent) -> State:
    match event:
        case CommitteeCreated(committee_id=identity, title=title, kind=kind, seats=seats, notice=notice):
            return Committee(identity, title, kind, seats, notice)
        case CommitteeRenamed(title=title):
            return replace(existing(state), title=title)
        case CommitteeSeatTaken(member_id=member, role=role, from_on=since):
            body = existing(state)
            return replace(body, sitting={**body.sitting, member: Seat(role, since)})
        case CommitteeSeatLeft(member_id=member):
            body = existing(state)
            return replace(body, sitting={m: seat for m, seat in body.sitting.items() if m != member})
        case CommitteeDissolved():
            return NoCommittee()
        case _:
            assert_never(event)


def boundary(event: CommitteeEvent) -> Iterable[Boundary]:
    if isinstance(event, CommitteeCreated):
        yield Claim(f"committee number {event.number}", NUMBER_TAKEN)


committees: Decider[Command, State, CommitteeEvent] = Decider("committee", NoCommittee(), decide, evolve, boundary)

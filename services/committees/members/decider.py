"""One member: in office or not, by what title reached, and how long since they last came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Boundary, Claim, Decider, Refused, Rule
from shared.events.committees import (
    AbsenceAlertRaised,
    AbsenceApproved,
    MemberAttended,
    MemberContactChanged,
    MemberEvent,
    MemberLeftOffice,
    MemberTookOffice,
)
from shared.events.values import PersonId, PersonName, Ward
from shared.events.values_committees import (
    AbsenceStage,
    DepartureReason,
    MeetingId,
    MemberId,
    OfficeContact,
    public_number,
)
from shared.law.meetings import absence

# --------------------------------------------------------------------- rules

NOT_IN_OFFICE = Rule(
    "not-in-office", "This person does not hold office on that day.", "LGA 1972 s.83-86",
    "Record the declaration of acceptance of office first.",
)  # fmt: skip
ALREADY_IN_OFFICE = Rule(
    "already-in-office",
    "This member is in office already.",
    "LGA 1972 s.83",
    "Record the end of the earlier term first.",
)
ANOTHER_PERSON = Rule(
    "another-person", "This member is another person.", "LGA 1972 s.83", "Open a new member for them.", invalid=True
)
NAME_NEEDED = Rule(
    "name-needed", "A member has a name.", "LGA 1972 s.83", "Give the name of the declaration.", invalid=True
)
ENDS_BEFORE_IT_BEGAN = Rule(
    "ends-before-it-began", "A term cannot end before it began.", "LGA 1972 s.7, s.84", "Correct the day.", invalid=True
)
APPROVED_TOO_LATE = Rule(
    "absence-approved-too-late",
    "The council approves the reason for an absence before the six months are over, or the office is lost.",
    "LGA 1972 s.85(1)",
    "Declare the office vacant (s.86).",
)
NUMBER_TAKEN = Rule(
    "number-taken", "Another member, body or meeting has this number.", "Moothall public numbers",
    "Give another number, or leave it out.",
)  # fmt: skip

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class TakeOffice:
    """Declaration of acceptance of office made. `number`: the one they had in another system, else one is made."""

    member_id: MemberId
    person_id: PersonId
    name: PersonName
    party: str
    from_on: date
    elected_on: date | None = None
    term_ends_on: date | None = None
    ward: Ward | None = None
    ward_title: str = ""
    title: str = "Councillor"
    contact: OfficeContact = field(default_factory=OfficeContact)
    number: int = 0


@dataclass(frozen=True, slots=True)
class ChangeContact:
    contact: OfficeContact


@dataclass(frozen=True, slots=True)
class LeaveOffice:
    left_on: date
    because: DepartureReason


@dataclass(frozen=True, slots=True)
class CreditAttendance:
    """The member was at a meeting that counts."""

    meeting_id: MeetingId
    on: date


@dataclass(frozen=True, slots=True)
class ApproveAbsence:
    approved_on: date
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class WarnOfAbsence:
    """Falls due: nothing was heard of the member since `last_attended`."""

    stage: AbsenceStage
    last_attended: date


Command = TakeOffice | ChangeContact | LeaveOffice | CreditAttendance | ApproveAbsence | WarnOfAbsence

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Nobody:
    pass


@dataclass(frozen=True, slots=True)
class Member:
    """`last_attended`: of this term; its first day until then. `left_on`: the last day of office, once it is known."""

    member_id: MemberId
    person_id: PersonId
    number: int
    since: date
    last_attended: date
    left_on: date | None = None
    approved_until: date | None = None
    contact: OfficeContact | None = None

    def in_office(self, on: date) -> bool:
        return self.since <= on and (self.left_on is None or on <= self.left_on)


State = Nobody | Member


def decide(command: Command, state: State) -> Sequence[MemberEvent]:
    match command:
        case TakeOffice():
            return take_office(command, state)
        case ChangeContact(contact):
            member = known(state)
            if member.contact == contact:
                return []
            return [MemberContactChanged(member.member_id, member.person_id, contact)]
        case LeaveOffice(left_on, because):
            return leave_office(left_on, because, known(state))
        case CreditAttendance(meeting_id, on):
            member = known(state)
            if not member.in_office(on):
                return []  # an advisory member, or a guest: no six months run
            return [MemberAttended(member.member_id, meeting_id, on)]
        case ApproveAbsence(approved_on, until, reason):
            member = serving(state, approved_on)
            if approved_on > absence(member.last_attended).lapses_after:
                raise Refused(
                    APPROVED_TOO_LATE, f"They were over on {absence(member.last_attended).lapses_after:%-d %B %Y}."
                )
            return [AbsenceApproved(member.member_id, member.person_id, approved_on, until, reason)]
        case WarnOfAbsence(stage, last_attended):
            return warn(stage, last_attended, state)
        case _:
            assert_never(command)


def take_office(command: TakeOffice, state: State) -> Sequence[MemberEvent]:
    if not command.name.last.strip():
        raise Refused(NAME_NEEDED)
    if command.term_ends_on is not None and command.term_ends_on < command.from_on:
        raise Refused(ENDS_BEFORE_IT_BEGAN)
    number = command.number or public_number(command.member_id)
    if isinstance(state, Member):
        if state.person_id != command.person_id:
            raise Refused(ANOTHER_PERSON)
        if state.left_on is None or command.from_on <= state.left_on:
            raise Refused(ALREADY_IN_OFFICE)
        number = state.number
    return [
        MemberTookOffice(
            member_id=command.member_id, person_id=command.person_id, number=number, name=command.name,
            party=command.party, from_on=command.from_on, elected_on=command.elected_on,
            term_ends_on=command.term_ends_on, ward=command.ward, ward_title=command.ward_title, title=command.title,
            contact=command.contact,
        )
    ]  # fmt: skip


def leave_office(left_on: date, because: DepartureReason, member: Member) -> Sequence[MemberEvent]:
    if left_on < member.since:
        raise Refused(ENDS_BEFORE_IT_BEGAN)
    if member.left_on is not None:
        if member.left_on == left_on:
            return []
        raise Refused(NOT_IN_OFFICE)
    return [MemberLeftOffice(member.member_id, member.person_id, left_on, because)]


def warn(stage: AbsenceStage, last_attended: date, state: State) -> Sequence[MemberEvent]:
    """Silent when the member has come since, has left, or the council approved the reason for a time still running."""
    match state:
        case Member(left_on=None) if state.last_attended == last_attended:
            clock = absence(last_attended)
            if state.approved_until is not None and state.approved_until >= clock.lapses_after:
                return []
            return [AbsenceAlertRaised(state.member_id, stage, last_attended, clock.lapses_after)]
        case _:
            return []


def known(state: State) -> Member:
    if isinstance(state, Nobody):
        raise Refused(NOT_IN_OFFICE)
    return state


def serving(state: State, on: date) -> Member:
    member = known(state)
    if not member.in_office(on):
        raise Refused(NOT_IN_OFFICE)
    return member


def evolve(state: State, event: MemberEvent) -> State:
    match event:
        case MemberTookOffice(member_id=identity, person_id=person, number=number, from_on=since):
            contact = event.contact if isinstance(event.contact, OfficeContact) else None
            return Member(identity, person, number, since, last_attended=since, contact=contact)
        case MemberContactChanged(contact=contact):
            return replace(existing(state), contact=contact if isinstance(contact, OfficeContact) else None)
        case MemberLeftOffice(left_on=left_on):
            return replace(existing(state), left_on=left_on)
        case MemberAttended(attended_on=on):
            member = existing(state)
            return replace(member, last_attended=max(member.last_attended, on))
        case AbsenceApproved(until=until):
            return replace(existing(state), approved_until=until)
        case AbsenceAlertRaised():
            return state
        case _:
            assert_never(event)


def existing(state: State) -> Member:
    """The member that an event of its history speaks of."""
    if isinstance(state, Nobody):
        raise ValueError("a member's history begins with MemberTookOffice")
    return state


def boundary(event: MemberEvent) -> Iterable[Boundary]:
    if isinstance(event, MemberTookOffice):
        yield Claim(f"member number {event.number}", NUMBER_TAKEN)


members: Decider[Command, State, MemberEvent] = Decider("member", Nobody(), decide, evolve, boundary)

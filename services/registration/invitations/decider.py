"""One invitation to register: given, reminded, visited, required, perhaps penalised; it ends when the person applies.

[RPA 1983 s.9E; RPR 2001 r.32ZC-32ZG] The steps follow in this order, each when the time of the one before has run out;
a visit may be made at any time after the invitation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never

from services.registration.invitations.commands import (
    AppealPenalty,
    AskForPenaltyReview,
    CancelPenalty,
    CloseInvitation,
    Command,
    FindPotentialElector,
    GiveInvitation,
    GiveReminder,
    ImposePenalty,
    RecordInvitationVisit,
    RecordPenaltyAppeal,
    RecordPenaltyPaid,
    RequireApplication,
    ReviewPenalty,
)
from shared.eventcore.deciding import Claim, Decider, Refused, Release
from shared.events.definition import known
from shared.events.registration import (
    ApplicationRequired,
    CivilPenaltyAppealDismissed,
    CivilPenaltyAppealed,
    CivilPenaltyCancelled,
    CivilPenaltyImposed,
    CivilPenaltyPaid,
    CivilPenaltyReviewAsked,
    CivilPenaltyUpheld,
    InvitationClosed,
    InvitationEvent,
    InvitationGiven,
    InvitationReminderGiven,
    InvitationVisitMade,
    PenaltyEnd,
    PotentialElectorFound,
)
from shared.events.values import PersonName, PropertyId
from shared.law import invitations as law

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotKnown:
    pass


@dataclass(frozen=True, slots=True)
class Penalty:
    """One that is to be paid. `appeal_by` once a review upheld it."""

    imposed: CivilPenaltyImposed
    review_asked: bool = False
    appeal_by: date | None = None
    appeal: Literal["none", "made", "dismissed"] = "none"


@dataclass(frozen=True, slots=True)
class Open:
    """`next_on`: the day from which the next step may follow; None until the invitation was given."""

    found: PotentialElectorFound
    reminders: int = 0
    visited: bool = False
    next_on: date | None = None
    required: ApplicationRequired | None = None
    penalty: Penalty | None = None
    penalty_over: bool = False
    """Paid or cancelled: nobody pays twice for one failure to apply."""


@dataclass(frozen=True, slots=True)
class Closed:
    because: str


Invitation = NotKnown | Open | Closed

# ----------------------------------------------------------------- decisions


def decide(command: Command, invitation: Invitation) -> Sequence[InvitationEvent]:
    match invitation:
        case NotKnown():
            if isinstance(command, FindPotentialElector):
                return [found(command)]
            raise Refused(law.NOT_INVITED)
        case Open():
            return go_on(command, invitation)
        case Closed():
            # What a clock or a second answer asks of a closed invitation comes too late and changes nothing.
            if isinstance(command, FindPotentialElector | GiveInvitation | GiveReminder | CloseInvitation):
                return []
            raise Refused(law.INVITATION_CLOSED)
        case _:
            assert_never(invitation)


def found(command: FindPotentialElector) -> PotentialElectorFound:
    return PotentialElectorFound(
        potential_elector_id=command.potential_elector_id,
        person_id=command.person_id,
        name=command.name,
        property_id=command.property_id,
        found_on=command.found_on,
        found_in=command.found_in,
        invite_by=law.invite_by(command.found_on).date,
        date_of_birth=command.date_of_birth,
        origin=command.origin,
    )


def go_on(command: Command, invitation: Open) -> Sequence[InvitationEvent]:
    identity, person = invitation.found.potential_elector_id, invitation.found.person_id
    match command:
        case FindPotentialElector():
            return []  # told of again: the first time counts
        case GiveInvitation(on):
            return [] if invitation.next_on else [InvitationGiven(identity, person, on, law.next_step(on).date)]
        case GiveReminder(nth, on):
            return remind(nth, on, invitation)
        case RecordInvitationVisit(on, outcome, note):
            given(invitation)
            return [InvitationVisitMade(identity, person, on, outcome, law.next_step(on).date, note)]
        case RequireApplication(on):
            return [require(on, invitation)]
        case CloseInvitation():
            return close(command, invitation)
        case ImposePenalty(on):
            return [impose(on, invitation)]
        case AskForPenaltyReview(on, grounds):
            standing = penalty(invitation)
            if standing.review_asked or on > standing.imposed.review_by:
                raise Refused(law.REVIEW_TOO_LATE, f"Its last day was {standing.imposed.review_by:%-d %B %Y}.")
            return [CivilPenaltyReviewAsked(identity, person, on, grounds)]
        case ReviewPenalty(upheld, on, reason):
            if not penalty(invitation).review_asked or penalty(invitation).appeal_by:
                raise Refused(law.NO_PENALTY_REVIEW)
            if upheld:
                return [CivilPenaltyUpheld(identity, person, on, law.penalty_appeal_by(on).date, reason)]
            return [cancelled(invitation, on, "review", reason)]
        case AppealPenalty(on, reference):
            until = penalty(invitation).appeal_by
            if until is None or on > until or penalty(invitation).appeal != "none":
                raise Refused(law.APPEAL_OUT_OF_TIME)
            return [CivilPenaltyAppealed(identity, person, on, reference)]
        case RecordPenaltyAppeal(dismissed, on):
            if penalty(invitation).appeal != "made":
                raise Refused(law.NO_PENALTY_APPEAL)
            if dismissed:
                return [CivilPenaltyAppealDismissed(identity, person, on)]
            return [cancelled(invitation, on, "appeal")]
        case RecordPenaltyPaid(on, receipt):
            penalty(invitation)
            return [CivilPenaltyPaid(identity, person, on, receipt)]
        case CancelPenalty(on, reason):
            penalty(invitation)
            return [cancelled(invitation, on, "cancelled", reason)]
        case _:
            assert_never(command)


def given(invitation: Open) -> date:
    """The day from which the next step may follow."""
    if invitation.next_on is None:
        raise Refused(law.NOT_YET_INVITED)
    return invitation.next_on


def remind(nth: int, on: date, invitation: Open) -> Sequence[InvitationEvent]:
    due, found = given(invitation), invitation.found
    if nth <= invitation.reminders:
        return []  # that one has been given
    if nth != invitation.reminders + 1 or nth > law.REMINDERS.on(on) or on < due:
        raise Refused(law.REMINDER_OUT_OF_TURN, f"Not before {due:%-d %B %Y}.")
    return [InvitationReminderGiven(found.potential_elector_id, found.person_id, nth, on, law.next_step(on).date)]


def require(on: date, invitation: Open) -> ApplicationRequired:
    due, found = given(invitation), invitation.found
    if invitation.required:
        raise Refused(law.ALREADY_REQUIRED, f"By {invitation.required.apply_by:%-d %B %Y}.")
    outstanding = [
        *(["a reminder"] if invitation.reminders < law.REMINDERS.on(on) else []),
        *([] if invitation.visited else ["a visit"]),
        *([f"time to answer until {due:%-d %B %Y}"] if on < due else []),
    ]
    if outstanding:
        raise Refused(law.STEPS_OUTSTANDING, f"Outstanding: {', '.join(outstanding)}.")
    return ApplicationRequired(found.potential_elector_id, found.person_id, on, law.apply_by(on).date)


def impose(on: date, invitation: Open) -> CivilPenaltyImposed:
    required, found = invitation.required, invitation.found
    if invitation.penalty or invitation.penalty_over:
        raise Refused(law.PENALTY_STANDS)
    if required is None or on <= required.apply_by:
        raise Refused(law.NOT_REQUIRED)
    return CivilPenaltyImposed(
        found.potential_elector_id,
        found.person_id,
        on,
        law.PENALTY_PENCE.on(on),
        law.pay_by(on).date,
        law.penalty_review_by(on).date,
    )


def penalty(invitation: Open) -> Penalty:
    if invitation.penalty is None:
        raise Refused(law.NO_PENALTY)
    return invitation.penalty


def cancelled(invitation: Open, on: date, because: PenaltyEnd, reason: str = "") -> CivilPenaltyCancelled:
    found = invitation.found
    return CivilPenaltyCancelled(found.potential_elector_id, found.person_id, on, because, reason)


def close(command: CloseInvitation, invitation: Open) -> Sequence[InvitationEvent]:
    """The end of the invitation; a penalty that is still to be paid goes with it when the person applied."""
    found, on = invitation.found, command.closed_on
    events: list[InvitationEvent] = []
    if invitation.penalty and command.because == "applied":
        events.append(cancelled(invitation, on, "applied"))
    elif invitation.penalty:
        events.append(cancelled(invitation, on, "cancelled", command.reason))
    closed = InvitationClosed(
        potential_elector_id=found.potential_elector_id,
        person_id=found.person_id,
        closed_on=on,
        because=command.because,
        name=known(found.name),
        date_of_birth=known(found.date_of_birth),
        property_id=found.property_id,
        application_id=command.application_id,
        elector_id=command.elector_id,
        reason=command.reason,
    )
    return [*events, closed]


# -------------------------------------------------------------------- history


def evolve(invitation: Invitation, event: InvitationEvent) -> Invitation:
    if isinstance(event, PotentialElectorFound):
        return Open(event)
    if not isinstance(invitation, Open):
        raise ValueError("an invitation's history begins with PotentialElectorFound and ends with InvitationClosed")
    standing = invitation.penalty
    match event:
        case InvitationGiven(next_on=on):
            return replace(invitation, next_on=on)
        case InvitationReminderGiven(nth=nth, next_on=on):
            return replace(invitation, reminders=nth, next_on=on)
        case InvitationVisitMade(next_on=on):
            later = max(on, invitation.next_on or on)
            return replace(invitation, visited=True, next_on=later)
        case ApplicationRequired():
            return replace(invitation, required=event)
        case CivilPenaltyImposed():
            return replace(invitation, penalty=Penalty(event))
        case CivilPenaltyReviewAsked() if standing:
            return replace(invitation, penalty=replace(standing, review_asked=True))
        case CivilPenaltyUpheld(appeal_by=until) if standing:
            return replace(invitation, penalty=replace(standing, appeal_by=until))
        case CivilPenaltyAppealed() if standing:
            return replace(invitation, penalty=replace(standing, appeal="made"))
        case CivilPenaltyAppealDismissed() if standing:
            return replace(invitation, penalty=replace(standing, appeal="dismissed"))
        case CivilPenaltyPaid() | CivilPenaltyCancelled():
            return replace(invitation, penalty=None, penalty_over=True)
        case InvitationClosed(because=because):
            return Closed(because)
        case CivilPenaltyReviewAsked() | CivilPenaltyUpheld() | CivilPenaltyAppealed() | CivilPenaltyAppealDismissed():
            raise ValueError("a penalty is reviewed and appealed against while it stands")
        case _:
            assert_never(event)


def boundary(event: InvitationEvent) -> Iterable[Claim | Release]:
    """One open invitation for a name and birth at an address: whoever tells of the same person again starts no second."""
    if isinstance(event, PotentialElectorFound | InvitationClosed):
        name, birth = known(event.name), known(event.date_of_birth)
        if name is not None:
            place = place_of(name, birth, event.property_id)
            yield Claim(place, law.ALREADY_INVITED) if isinstance(event, PotentialElectorFound) else Release(place)


def place_of(name: PersonName, birth: date | None, home: PropertyId) -> str:
    """The tag under which an invitation holds its place; father and son of one name differ by their birth, if it is known."""
    letters = "".join(c for c in str(name).casefold() if c.isalpha())
    return f"invited:{letters}:{birth or ''}:{home}"


invitations: Decider[Command, Invitation, InvitationEvent] = Decider("invitation", NotKnown(), decide, evolve, boundary)

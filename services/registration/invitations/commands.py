"""What may be asked about one invitation to register, in the officer's words. Pure: see `decider`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.events.registration import FoundIn, InvitationEnd, VisitOutcome
from shared.events.values import ApplicationId, ElectorId, PersonId, PersonName, PotentialElectorId, PropertyId


@dataclass(frozen=True, slots=True)
class FindPotentialElector:
    """`person_id` is a new person. `origin`: the case or answer that told of them."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    name: PersonName
    property_id: PropertyId
    found_on: date
    found_in: FoundIn
    date_of_birth: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class GiveInvitation:
    given_on: date


@dataclass(frozen=True, slots=True)
class GiveReminder:
    nth: int
    given_on: date


@dataclass(frozen=True, slots=True)
class RecordInvitationVisit:
    visited_on: date
    outcome: VisitOutcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class RequireApplication:
    required_on: date


@dataclass(frozen=True, slots=True)
class ImposePenalty:
    imposed_on: date


@dataclass(frozen=True, slots=True)
class AskForPenaltyReview:
    asked_on: date
    grounds: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPenalty:
    """What the registration officer found on looking again."""

    upheld: bool
    reviewed_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AppealPenalty:
    """`reference` is the tribunal's."""

    appealed_on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RecordPenaltyAppeal:
    """What the tribunal decided."""

    dismissed: bool
    decided_on: date


@dataclass(frozen=True, slots=True)
class RecordPenaltyPaid:
    paid_on: date
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class CancelPenalty:
    cancelled_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CloseInvitation:
    closed_on: date
    because: InvitationEnd
    application_id: ApplicationId | None = None
    elector_id: ElectorId | None = None
    reason: str = ""


Command = (
    FindPotentialElector
    | GiveInvitation
    | GiveReminder
    | RecordInvitationVisit
    | RequireApplication
    | ImposePenalty
    | AskForPenaltyReview
    | ReviewPenalty
    | AppealPenalty
    | RecordPenaltyAppeal
    | RecordPenaltyPaid
    | CancelPenalty
    | CloseInvitation
)

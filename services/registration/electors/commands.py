"""What may be asked about one entry on the register, in the officer's words. Pure: see `decider`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shared.events.registration import AddressCause, RemovalGround, ReviewType
from shared.events.values import (
    ApplicationId,
    ContactDetails,
    ElectorId,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
)
from shared.law.effect import NO_PROGRAMME, PollAhead, Programme


@dataclass(frozen=True, slots=True)
class AddElector:
    """Follows an allowed application. `numbered_in`: publication day of the revised register the number belongs to.
    `ends_on` is given for an entry whose declaration another system knows; else it follows from the law."""

    elector_id: ElectorId
    person_id: PersonId
    name: PersonName
    franchise: FranchiseFacts
    property_id: PropertyId
    number: ElectorNumber
    numbered_in: date
    effective_on: date
    notice: str
    opted_out: bool = True
    anonymous: bool = False
    ends_on: date | None = None
    application_id: ApplicationId | None = None
    contact: ContactDetails = field(default_factory=ContactDetails)


@dataclass(frozen=True, slots=True)
class AmendElector:
    """A new name, after an allowed application to alter the entry. `effective_on` and `notice` are those of its allowance;
    without them, those of the next publication."""

    name: PersonName
    determined_on: date
    application_id: ApplicationId | None = None
    programme: Programme = NO_PROGRAMME
    effective_on: date | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ChangeFranchise:
    franchise: FranchiseFacts
    determined_on: date
    evidence: str = ""
    programme: Programme = NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class ChangeTerm:
    """The declaration that the entry rests on was renewed, or cancelled: its last day is another."""

    ends_on: date
    changed_on: date


@dataclass(frozen=True, slots=True)
class RenumberElector:
    number: ElectorNumber
    numbered_in: date
    effective_on: date


@dataclass(frozen=True, slots=True)
class Dwelling:
    """The property that an entry is to be at, as it stands when the decision is made. `succeeds`: it took the place of the
    property that the entry is at, directly or through others."""

    property_id: PropertyId
    district: PollingDistrict
    electoral: bool
    succeeds: bool


@dataclass(frozen=True, slots=True)
class AlterAddress:
    """The elector lives where they lived; the dwelling has another address. `moved`: they live elsewhere."""

    dwelling: Dwelling
    cause: AddressCause | Literal["moved"]
    determined_on: date
    because: str
    programme: Programme = NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class ChangeOpenRegisterPreference:
    opted_out: bool
    requested_on: date


@dataclass(frozen=True, slots=True)
class ChangeContactDetails:
    contact: ContactDetails


@dataclass(frozen=True, slots=True)
class CorrectClericalError:
    """`poll` is the poll of that day, if there is one; its presiding officer must have been told."""

    name: PersonName
    corrected_at: datetime
    own_mistake: bool
    poll: PollAhead | None = None
    told_presiding_officer: bool = False


@dataclass(frozen=True, slots=True)
class OpenReview:
    """`hearing_on` for a review of type C only."""

    review: ReviewType
    notice_on: date
    reason: str = ""
    hearing_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConcludeReview:
    entitled: bool
    concluded_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RemoveElector:
    ground: RemovalGround
    determined_on: date
    sources: tuple[EvidenceSource, ...] = ()
    reason: str = ""
    programme: Programme = NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class AnswerReview:
    answered_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class AskForReviewHearing:
    asked_on: date


@dataclass(frozen=True, slots=True)
class CallReviewHearing:
    notice_on: date
    hearing_on: date


@dataclass(frozen=True, slots=True)
class ReinstateElector:
    """The entry is in force again. `at_once`: a court's order counts on its day, until 9pm of a polling day."""

    determined_on: date
    at_once: bool = False
    programme: Programme = NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class MergeElector:
    """This record is one with `into`. `asked_by` found it, `officer` merges: two people."""

    into: ElectorId
    merged_on: date
    asked_by: str
    officer: str
    programme: Programme = NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class UndoMerge:
    undone_on: date
    reason: str = ""
    programme: Programme = NO_PROGRAMME


Review = OpenReview | AnswerReview | AskForReviewHearing | CallReviewHearing | ConcludeReview
"""What concerns a review: see `reviews`."""
Command = (
    AddElector
    | AmendElector
    | ChangeFranchise
    | ChangeTerm
    | RenumberElector
    | AlterAddress
    | ChangeOpenRegisterPreference
    | ChangeContactDetails
    | CorrectClericalError
    | Review
    | RemoveElector
    | ReinstateElector
    | MergeElector
    | UndoMerge
)

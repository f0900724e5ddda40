"""What happens to one entry on the register: added, amended, renumbered, reviewed, corrected, removed."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import (
    ApplicationId,
    ContactDetails,
    ElectorId,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    PersonId,
    PersonName,
    PropertyId,
)

RemovalGround = Literal[
    "registered-elsewhere", "two-sources", "death-certificate", "registrar-notice", "satisfied-of-death",
    "review", "expired", "moved-within-area", "duplicate-entry",
]  # fmt: skip
"""Why an entry was removed (RPA 1983 s.10ZE, RPR r.31C)."""
ReviewType = Literal["A", "B", "C"]
AddressCause = Literal["renumbered", "renamed", "split", "merged"]
"""What happened to a dwelling in which the elector still lives."""


@event("registration.elector-added.v1", subject="person_id", effective="effective_on")
class ElectorAdded:
    """A person is on the register from `effective_on`. `anonymous`: name and address are never printed."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    franchise: Personal[FranchiseFacts]
    property_id: PropertyId
    number: ElectorNumber
    numbered_in: date
    """The revised register whose numbering this number belongs to: its publication day."""
    effective_on: date
    notice: str
    """`monthly`, `interim`, `final` or `revised-register`."""
    opted_out: bool = True
    """Of the open register."""
    anonymous: bool = False
    ends_on: date | None = None
    """The last day, where the law limits the entry: overseas, service, anonymous, local connection."""
    application_id: ApplicationId | None = None
    contact: Personal[ContactDetails] = field(default_factory=ContactDetails)
    votes_in: tuple[str, ...] = ()
    """The registers (`parliamentary`, `local`) on which the elector may vote from that day: all that other services learn
    of the franchise (ADR 0006). Empty for an attainer, and in events from before this field."""
    reinstated: bool = False
    """The entry stood before, under this id and number, and is in force again: a merge was undone, an appeal succeeded."""
    in_force_since: date | None = None
    """Of a reinstated entry whose end had not come about: since when it has stood without a gap."""


@event("registration.elector-amended.v1", subject="person_id", effective="effective_on")
class ElectorAmended:
    """The printed name changes from `effective_on`; until then the elector votes under the old one."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    effective_on: date
    notice: str
    application_id: ApplicationId | None = None
    was: Personal[PersonName | None] = None
    date_of_birth: Personal[date | None] = None
    property_id: PropertyId | None = None


@event("registration.elector-franchise-changed.v1", subject="person_id", effective="effective_on")
class ElectorFranchiseChanged:
    """Other facts about where the elector may vote, hence perhaps another marker, from `effective_on`."""

    elector_id: ElectorId
    person_id: PersonId
    franchise: Personal[FranchiseFacts]
    effective_on: date
    notice: str
    evidence: Personal[str] = ""
    votes_in: tuple[str, ...] = ()
    """As in `ElectorAdded`."""


@event("registration.elector-renumbered.v1", effective="effective_on")
class ElectorRenumbered:
    """The elector's number is another from `effective_on`, by a revised register or a change of polling district."""

    elector_id: ElectorId
    number: ElectorNumber
    was: ElectorNumber
    numbered_in: date
    effective_on: date


@event("registration.elector-readdressed.v1", subject="person_id", effective="effective_on")
class ElectorReaddressed:
    """The same dwelling stands under another address from `effective_on`: the entry, its number and its absent votes go on.
    Name and birth are repeated, as in `ElectorRemoved`, to give back the place it held."""

    elector_id: ElectorId
    person_id: PersonId
    property_id: PropertyId
    was: PropertyId
    cause: AddressCause
    effective_on: date
    determined_on: date
    notice: str
    name: Personal[PersonName]
    date_of_birth: Personal[date | None] = None
    because: Personal[str] = ""


@event("registration.open-register-preference-changed.v1", effective="effective_on")
class OpenRegisterPreferenceChanged:
    """The elector opted out of the open register, or back in."""

    elector_id: ElectorId
    opted_out: bool
    effective_on: date


@event("registration.contact-details-changed.v1", subject="person_id")
class ContactDetailsChanged:
    """The elector may be reached in another way. Never printed in any register."""

    elector_id: ElectorId
    person_id: PersonId
    contact: Personal[ContactDetails]


@event("registration.clerical-error-corrected.v1", subject="person_id", effective="effective_on")
class ClericalErrorCorrected:
    """A mistake of the registration officer's own in recording a name was put right (RPA 1983 s.13B(3B)-(3D))."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    corrected_at: datetime
    effective_on: date
    told_presiding_officer: bool = False
    was: Personal[PersonName | None] = None
    date_of_birth: Personal[date | None] = None
    property_id: PropertyId | None = None


@event("registration.review-opened.v1", subject="person_id", effective="notice_on")
class ReviewOpened:
    """An elector's entitlement is under review and notice was given. Replaces an earlier review left unanswered."""

    elector_id: ElectorId
    person_id: PersonId
    review: ReviewType
    notice_on: date
    answer_by: date
    reason: Personal[str] = ""
    listed: bool = True
    """On the public list of reviews; never for an anonymous elector."""


@event("registration.review-answered.v1", subject="person_id", effective="answered_on")
class ReviewAnswered:
    """The elector answered a request for evidence (type B); an officer decides what follows."""

    elector_id: ElectorId
    person_id: PersonId
    answered_on: date
    note: Personal[str] = ""


@event("registration.review-hearing-asked.v1", effective="asked_on")
class ReviewHearingAsked:
    """The elector asked for a hearing of the review (type A), in time."""

    elector_id: ElectorId
    person_id: PersonId
    asked_on: date


@event("registration.review-hearing-called.v1", effective="notice_on")
class ReviewHearingCalled:
    """The elector was told of the hearing that they asked for."""

    elector_id: ElectorId
    person_id: PersonId
    notice_on: date
    hearing_on: date


@event("registration.review-concluded.v1", subject="person_id", effective="concluded_on")
class ReviewConcluded:
    """The review is over: the elector is entitled and stays, or is not and is then removed."""

    elector_id: ElectorId
    person_id: PersonId
    entitled: bool
    concluded_on: date
    reason: Personal[str] = ""
    appeal_by: date | None = None
    """After a hearing that found no entitlement: the last day to appeal to the county court."""


@event("registration.elector-removed.v1", subject="person_id", effective="effective_on")
class ElectorRemoved:
    """The entry is off the register from `effective_on`. Name and birth are repeated to give back the place it held."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    date_of_birth: Personal[date | None]
    property_id: PropertyId
    ground: RemovalGround
    effective_on: date
    determined_on: date
    notice: str
    sources: tuple[EvidenceSource, ...] = ()
    reason: Personal[str] = ""

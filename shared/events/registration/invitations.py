"""What happens to one invitation to register, from the day a potential elector becomes known to its end."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import (
    ApplicationId,
    ElectorId,
    PersonId,
    PersonName,
    PotentialElectorId,
    PropertyId,
)

FoundIn = Literal["canvass", "council-tax", "other-ero", "school", "care-home", "own-enquiry", "elsewhere"]
"""Who told us of the potential elector."""
VisitOutcome = Literal["seen", "not-seen", "told-by-another"]
InvitationEnd = Literal["applied", "registered", "not-resident", "not-eligible", "deceased", "in-error"]
PenaltyEnd = Literal["applied", "review", "appeal", "cancelled"]


@event("registration.potential-elector-found.v1", subject="person_id", effective="found_on")
class PotentialElectorFound:
    """Somebody who is likely entitled to be registered, and is not, became known. They are invited by `invite_by`."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    name: Personal[PersonName]
    property_id: PropertyId
    found_on: date
    found_in: FoundIn
    invite_by: date
    date_of_birth: Personal[date | None] = None
    origin: str = ""
    """The case or answer that told of them, e.g. the id of a canvass response."""


@event("registration.invitation-given.v1", subject="person_id", effective="given_on")
class InvitationGiven:
    """The person was invited to apply; the first reminder follows on `next_on`."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    given_on: date
    next_on: date


@event("registration.invitation-reminder-given.v1", subject="person_id", effective="given_on")
class InvitationReminderGiven:
    """The person was reminded of the invitation, for the `nth` time; the next step follows on `next_on`."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    nth: int
    given_on: date
    next_on: date


@event("registration.invitation-visit-made.v1", subject="person_id", effective="visited_on")
class InvitationVisitMade:
    """Somebody called at the address, whether or not the person was seen; `next_on`: the next step not before."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    visited_on: date
    outcome: VisitOutcome
    next_on: date
    note: Personal[str] = ""


@event("registration.application-required.v1", subject="person_id", effective="required_on")
class ApplicationRequired:
    """The person was given notice that they must apply by `apply_by`, or may have to pay a civil penalty."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    required_on: date
    apply_by: date


@event("registration.civil-penalty-imposed.v1", subject="person_id", effective="imposed_on")
class CivilPenaltyImposed:
    """The person did not apply though required to, and is to pay `pence` by `pay_by`."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    imposed_on: date
    pence: int
    pay_by: date
    review_by: date
    """Until then they may ask for a review."""


@event("registration.civil-penalty-review-asked.v1", subject="person_id", effective="asked_on")
class CivilPenaltyReviewAsked:
    """The person asked the registration officer to look at the penalty again."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    asked_on: date
    grounds: Personal[str] = ""


@event("registration.civil-penalty-upheld.v1", subject="person_id", effective="reviewed_on")
class CivilPenaltyUpheld:
    """The registration officer reviewed the penalty and it stands; an appeal lies to the tribunal until `appeal_by`."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    reviewed_on: date
    appeal_by: date
    reason: Personal[str] = ""


@event("registration.civil-penalty-appealed.v1", subject="person_id", effective="appealed_on")
class CivilPenaltyAppealed:
    """The person appealed to the First-tier Tribunal, under the tribunal's `reference`."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    appealed_on: date
    reference: str = ""


@event("registration.civil-penalty-appeal-dismissed.v1", subject="person_id", effective="decided_on")
class CivilPenaltyAppealDismissed:
    """The tribunal left the penalty as it was."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    decided_on: date


@event("registration.civil-penalty-paid.v1", subject="person_id", effective="paid_on")
class CivilPenaltyPaid:
    """The penalty was paid. `receipt` is finance's reference."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    paid_on: date
    receipt: str = ""


@event("registration.civil-penalty-cancelled.v1", subject="person_id", effective="cancelled_on")
class CivilPenaltyCancelled:
    """The penalty is no longer to be paid."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    cancelled_on: date
    because: PenaltyEnd
    reason: Personal[str] = ""


@event("registration.invitation-closed.v1", subject="person_id", effective="closed_on")
class InvitationClosed:
    """The person applied, is registered, or is not to be invited any more. Name, birth and property are repeated to give
    back the place the invitation held."""

    potential_elector_id: PotentialElectorId
    person_id: PersonId
    closed_on: date
    because: InvitationEnd
    name: Personal[PersonName | None]
    date_of_birth: Personal[date | None]
    property_id: PropertyId
    application_id: ApplicationId | None = None
    elector_id: ElectorId | None = None
    reason: Personal[str] = ""


InvitationEvent = (
    PotentialElectorFound
    | InvitationGiven
    | InvitationReminderGiven
    | InvitationVisitMade
    | ApplicationRequired
    | CivilPenaltyImposed
    | CivilPenaltyReviewAsked
    | CivilPenaltyUpheld
    | CivilPenaltyAppealed
    | CivilPenaltyAppealDismissed
    | CivilPenaltyPaid
    | CivilPenaltyCancelled
    | InvitationClosed
)
"""All that can happen in the stream of one invitation."""

"""Facts the event core itself records about a person's data, in whichever service owns that person."""

from __future__ import annotations

from datetime import date

from shared.events.definition import event
from shared.events.values import PersonId


@event("core.subject-erased.v1")
class SubjectErased:
    """The key of this person was destroyed: every personal field of theirs now reads as erased, everywhere."""

    subject_id: PersonId
    legal_basis: str
    asked_by: str = ""
    approved_by: str = ""


@event("core.legal-hold-placed.v1")
class LegalHoldPlaced:
    """This person's data must be kept, whatever retention says: a petition, a police request, a claim."""

    subject_id: PersonId
    reason: str
    review_on: date | None = None


@event("core.legal-hold-lifted.v1")
class LegalHoldLifted:
    """The reason to keep this person's data has gone."""

    subject_id: PersonId
    reason: str

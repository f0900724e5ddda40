"""Personal identifiers: the date of birth and signature by which returned postal votes and proxies' votes are checked.

The signature's image never travels in an event: it lies sealed in a table of this service (ADR 0011).
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from shared.events.definition import Personal, event
from shared.events.values import ElectorId, PersonId

IdentifierSource = Literal["application", "refresh", "portal"]
Signer = Literal["elector", "proxy"]
"""Whether a person signs as the elector or as the elector's proxy."""
SignatureFault = Literal["does-not-match", "unreadable", "incomplete", "too-small", "not-a-signature"]
"""Why no postal vote could be checked against a signature: for the letter that asks for another."""


@event("registration.identifiers-recorded.v1", subject="person_id", effective="signed_on")
class IdentifiersRecorded:
    """A person signed and gave a date of birth, for the absent vote of `elector_id`: the elector, or the elector's proxy."""

    elector_id: ElectorId
    person_id: PersonId
    image_id: UUID
    signed_on: date
    date_of_birth: Personal[date | None]
    source: IdentifierSource = "application"
    reference: str = ""


@event("registration.signature-waived.v1", subject="person_id", effective="waived_on")
class SignatureWaived:
    """A person who cannot sign, or not in the same way twice, need not: the reason may tell of their health."""

    elector_id: ElectorId
    person_id: PersonId
    waived_on: date
    date_of_birth: Personal[date | None]
    reason: Personal[str]
    helped_by: Personal[str] = ""
    """Who helped with the application, and their address."""
    source: IdentifierSource = "application"
    reference: str = ""
    whose: Signer = "elector"


@event("registration.signature-accepted.v1", effective="checked_on")
class SignatureAccepted:
    """An officer looked at the picture of a signature: postal votes can be checked against it."""

    elector_id: ElectorId
    person_id: PersonId
    image_id: UUID
    checked_on: date


@event("registration.fresh-signature-requested.v1", effective="asked_on")
class FreshSignatureRequested:
    """An officer looked at the picture of a signature and asks for a better one; the one that is held counts until it comes."""

    elector_id: ElectorId
    person_id: PersonId
    image_id: UUID
    whose: Literal["elector", "proxy"]
    fault: SignatureFault
    asked_on: date

"""Voter Authority Certificates: applied for, waiting, refused, approved, printed; a temporary one for a poll; cancelled.

The national service decides on most and prints all. The council holds this record, and no photograph. What names the
certificate is sealed under `holder_id`, a subject of this record alone, so that it can be destroyed when the law says.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NewType
from uuid import UUID, uuid5

from shared.events.definition import Personal, event
from shared.events.values import ElectorId, PersonId

VoterCardId = NewType("VoterCardId", UUID)
VoterCardChannel = Literal["online", "paper", "in-person"]
VoterCardWaitsFor = Literal["photograph", "identity", "evidence", "registration"]
VoterCardRefusal = Literal[
    "photograph-unsuitable", "identity-not-confirmed", "not-registered", "not-answered", "withdrawn"
]
VoterCardFormat = Literal["standard", "braille", "large-print", "easy-read"]
VoterCardLanguage = Literal["en", "cy"]
VoterCardCancellation = Literal["likeness-no-longer-good", "lost", "error", "not-entitled"]


def voter_card_holder(card: VoterCardId) -> PersonId:
    """Whose key seals what this record says of somebody."""
    return PersonId(uuid5(card, "holder"))


@event("registration.voter-card-applied-for.v1", effective="applied_on")
class VoterCardAppliedFor:
    """Somebody on the register, or who has applied to be, asks for a certificate. `reference`: the national service's."""

    card_id: VoterCardId
    elector_id: ElectorId
    applied_on: date
    channel: VoterCardChannel
    reference: str = ""


@event("registration.voter-card-put-on-hold.v1", effective="held_on")
class VoterCardPutOnHold:
    """It cannot be decided before the applicant, or the office, has done something."""

    card_id: VoterCardId
    held_on: date
    waits_for: VoterCardWaitsFor


@event("registration.voter-card-refused.v1", effective="refused_on")
class VoterCardRefused:
    card_id: VoterCardId
    refused_on: date
    reason: VoterCardRefusal


@event("registration.voter-card-approved.v1", effective="approved_on")
class VoterCardApproved:
    """It goes to the national printer."""

    card_id: VoterCardId
    approved_on: date
    format: VoterCardFormat = "standard"
    language: VoterCardLanguage = "en"


@event("registration.voter-card-issued.v1", subject="holder_id", effective="issued_on")
class VoterCardIssued:
    """Printed and sent. `destroyed_on`: the 1 July on which this record goes."""

    card_id: VoterCardId
    holder_id: PersonId
    number: Personal[str]
    issued_on: date
    renew_by: date
    destroyed_on: date


@event("registration.temporary-voter-card-issued.v1", subject="holder_id", effective="issued_on")
class TemporaryVoterCardIssued:
    """Good at one poll: the application came in time, and the certificate would not."""

    card_id: VoterCardId
    holder_id: PersonId
    number: Personal[str]
    issued_on: date
    polling_day: date
    destroyed_on: date


@event("registration.voter-card-cancelled.v1", effective="cancelled_on")
class VoterCardCancelled:
    card_id: VoterCardId
    cancelled_on: date
    reason: VoterCardCancellation

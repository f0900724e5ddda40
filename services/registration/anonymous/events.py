"""The language of the closed store, which nobody outside it hears (ADR 0015). Not part of the published language.

A case begins with an application and ends with its refusal or with the entry. Whatever says who, where or why is sealed
under `person_id`, with keys of the closed store's own ring. `officer` is an id that says nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args
from uuid import UUID

from services.registration.absent_votes.arrangements import Event as AbsentVoteEvent
from services.registration.identifiers.decider import Event as IdentifiersEvent
from shared.events.core import SubjectErased
from shared.events.definition import REGISTRY, Personal, Registry, event
from shared.events.values import (
    AddressLines,
    ContactDetails,
    ElectoralAreas,
    ElectorId,
    ElectorNumber,
    FranchiseFacts,
    PersonId,
    PersonName,
    PropertyId,
)
from shared.law.effect import PollAhead

HandedOver = Literal["collected", "delivered"]
CLOSED = Registry()
"""Every event that the closed store may hold."""
for kind in REGISTRY.context("core").values():
    CLOSED.by_wire[kind.wire] = CLOSED.by_class[kind.cls] = kind
assert SubjectErased in CLOSED.by_class
# An anonymous elector's absent votes, and what is signed for them, are decided as anybody's, and kept here.
for alike in (*get_args(AbsentVoteEvent), *get_args(IdentifiersEvent)):
    kind = REGISTRY.by_class[alike]
    CLOSED.by_wire[kind.wire] = CLOSED.by_class[kind.cls] = kind


@event("anonymous.application-taken.v1", subject="person_id", effective="received_on", registry=CLOSED)
class ApplicationTaken:
    """Somebody asked to be registered anonymously. `form` is the IER map as it came."""

    person_id: PersonId
    reference: Personal[str]
    channel: str
    received_on: date
    form: Personal[dict[str, str]]
    name: Personal[PersonName]
    franchise: Personal[FranchiseFacts]
    address: Personal[AddressLines]
    contact: Personal[ContactDetails]


@event("anonymous.home-identified.v1", subject="person_id", registry=CLOSED)
class HomeIdentified:
    """The address is this property, in this polling district and these areas."""

    person_id: PersonId
    property_id: Personal[PropertyId]
    areas: Personal[ElectoralAreas]


@event("anonymous.identity-confirmed.v1", subject="person_id", registry=CLOSED)
class IdentityConfirmed:
    """The applicant is who they say they are; `route` as for ordinary applications."""

    person_id: PersonId
    route: str
    note: Personal[str] = ""


@event("anonymous.evidence-taken.v1", subject="person_id", registry=CLOSED)
class EvidenceTaken:
    """A court order or an attestation was shown. `of_household`: it names another of the same household, whose case that is."""

    person_id: PersonId
    kind: Personal[str]
    made_on: Personal[date]
    valid_until: Personal[date | None]
    detail: Personal[str] = ""
    of_household: Personal[UUID | None] = None


@event("anonymous.grant-proposed.v1", subject="person_id", effective="proposed_on", registry=CLOSED)
class GrantProposed:
    """An officer is satisfied; another must be too. `earlier_entry`: the person's ordinary entry, if they have one."""

    person_id: PersonId
    officer: str
    proposed_on: date
    earlier_entry: Personal[ElectorId | None] = None
    differs: Personal[str] = ""
    """Why that entry is theirs though it reads like another's; the second officer weighs it."""


@event("anonymous.anonymity-granted.v1", subject="person_id", effective="determined_on", registry=CLOSED)
class AnonymityGranted:
    """The entry holds, or is renewed, from `effective_on` to `ends_on`."""

    person_id: PersonId
    officer: str
    determined_on: date
    effective_on: date
    notice: str
    ends_on: date
    polls: tuple[PollAhead, ...] = ()
    """The polls at the address then, by whose notices an earlier entry goes, too."""


@event("anonymous.application-turned-down.v1", subject="person_id", effective="determined_on", registry=CLOSED)
class ApplicationTurnedDown:
    """The application was rejected, or taken back by the applicant (`withdrawn`)."""

    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: Personal[str] = ""


@event("anonymous.number-given.v1", effective="given_on", registry=CLOSED)
class NumberGiven:
    """The entry has this number on the register, by its listing or a renumbering."""

    number: ElectorNumber
    numbered_in: date
    given_on: date


@event("anonymous.document-issued.v1", effective="issued_on", registry=CLOSED)
class DocumentIssued:
    """An anonymous elector's document was issued: a photograph and the number, no name (RPA 1983 s.13BE). The photograph
    is not kept here; `issue` counts from 1."""

    number: ElectorNumber
    issue: int
    issued_on: date


@event("anonymous.document-handed-over.v1", effective="handed_over_on", registry=CLOSED)
class DocumentHandedOver:
    """The elector has it. Nothing is kept of where it went or who took it, which would have to go after 15 months."""

    issue: int
    how: HandedOver
    handed_over_on: date


@event("anonymous.reminder-written.v1", effective="written_on", registry=CLOSED)
class ReminderWritten:
    """The elector was reminded, by a letter that an officer sent by hand, that the entry ends."""

    written_on: date
    ends_on: date


@event("anonymous.earlier-entry-closed.v1", subject="person_id", effective="closed_on", registry=CLOSED)
class EarlierEntryClosed:
    """What the ordinary register's store knew of the person can no longer be opened there."""

    person_id: PersonId
    earlier_entry: Personal[ElectorId | None]
    closed_on: date


@event("anonymous.record-disclosed.v1", subject="person_id", effective="disclosed_on", registry=CLOSED)
class RecordDisclosed:
    """The record was opened to one who has a right to it."""

    person_id: PersonId
    recipient: str
    to: Personal[str]
    officer: str
    disclosed_on: date


@event("anonymous.entry-ended.v1", effective="determined_on", registry=CLOSED)
class EntryEnded:
    """The entry comes off the register on `effective_on`: `expired`, or `ended` at the elector's wish or by a review."""

    determined_on: date
    effective_on: date
    notice: str
    because: str


ClosedEvent = (
    ApplicationTaken
    | HomeIdentified
    | IdentityConfirmed
    | EvidenceTaken
    | GrantProposed
    | AnonymityGranted
    | ApplicationTurnedDown
    | NumberGiven
    | DocumentIssued
    | DocumentHandedOver
    | ReminderWritten
    | EarlierEntryClosed
    | RecordDisclosed
    | EntryEnded
)

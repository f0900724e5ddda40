"""What may be asked about one anonymous case. Pure: see `decider`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.registration.anonymous.events import HandedOver
from shared.events.values import Category, ElectoralAreas, ElectorId, ElectorNumber, PersonId, PropertyId
from shared.law.effect import NO_PROGRAMME, Programme


@dataclass(frozen=True, slots=True)
class TakeApplication:
    """`form`: the IER map, of paper or a call too."""

    person_id: PersonId
    reference: str
    channel: str
    kind: Category
    received_on: date
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IdentifyHome:
    property_id: PropertyId
    areas: ElectoralAreas


@dataclass(frozen=True, slots=True)
class ConfirmIdentity:
    route: Literal["dwp", "local-data", "documents", "attestation"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class TakeEvidence:
    kind: str
    made_on: date
    valid_until: date | None = None
    detail: str = ""
    of_household: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProposeGrant:
    officer: str
    proposed_on: date
    earlier_entry: ElectorId | None = None
    differs: str = ""
    """Why the entry is theirs though name or birth differ."""


@dataclass(frozen=True, slots=True)
class GrantAnonymity:
    officer: str
    determined_on: date
    programme: Programme = NO_PROGRAMME
    earlier_entry: ElectorId | None = None
    """As proposed: both officers name the ordinary entry that goes."""


@dataclass(frozen=True, slots=True)
class TurnDown:
    determined_on: date
    reasons: tuple[str, ...]
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class GiveNumber:
    number: ElectorNumber
    numbered_in: date
    given_on: date


@dataclass(frozen=True, slots=True)
class IssueDocument:
    issued_on: date


@dataclass(frozen=True, slots=True)
class HandOverDocument:
    how: HandedOver
    handed_over_on: date


@dataclass(frozen=True, slots=True)
class WriteReminder:
    written_on: date


@dataclass(frozen=True, slots=True)
class CloseEarlierEntry:
    closed_on: date


@dataclass(frozen=True, slots=True)
class DiscloseRecord:
    recipient: str
    to: str
    officer: str
    disclosed_on: date


@dataclass(frozen=True, slots=True)
class EndEntry:
    because: Literal["expired", "ended"]
    determined_on: date
    programme: Programme = NO_PROGRAMME


Command = (
    TakeApplication
    | IdentifyHome
    | ConfirmIdentity
    | TakeEvidence
    | ProposeGrant
    | GrantAnonymity
    | TurnDown
    | GiveNumber
    | IssueDocument
    | HandOverDocument
    | WriteReminder
    | CloseEarlierEntry
    | DiscloseRecord
    | EndEntry
)

"""What may be asked about one application to register, in the officer's words. Pure: see `decider`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.events.registration import Channel, Match, Verdict
from shared.events.values import (
    ApplicationId,
    Authority,
    Category,
    ElectorId,
    FranchiseFacts,
    PersonId,
    PropertyId,
    Uprn,
)
from shared.law.effect import NO_PROGRAMME, Programme
from shared.law.evidence import Document, Relationship


@dataclass(frozen=True, slots=True)
class ReceiveApplication:
    """`form` is the IER map as received. `person_id` is a new person, or one already known by name, birth and NINO."""

    application_id: ApplicationId
    person_id: PersonId
    reference: str
    channel: Channel
    kind: Category
    received_at: datetime
    gss_code: Authority
    form: Mapping[str, str]
    property_id: PropertyId | None = None
    previous_gss_code: Authority | None = None
    entry_to_alter: ElectorId | None = None


@dataclass(frozen=True, slots=True)
class SupplyInformation:
    supplied: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class IdentifyProperty:
    property_id: PropertyId
    uprn: Uprn | None = None


@dataclass(frozen=True, slots=True)
class EstablishFranchise:
    franchise: FranchiseFacts
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class RequestIdentityCheck:
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class RecordDwpResult:
    verdict: Verdict
    fields: Mapping[str, Match]
    deceased: bool = False
    nino_uses: int = 1


@dataclass(frozen=True, slots=True)
class RecordLocalMatch:
    source: str
    matched: bool


@dataclass(frozen=True, slots=True)
class ReleaseApplication:
    """An officer looked into what holds the application and lets it go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class RequestEvidence:
    requested_on: date


@dataclass(frozen=True, slots=True)
class AcceptDocuments:
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class AcceptAttestation:
    """`attestor_added_on` is the day the attestor's own entry took effect. Earlier attestations are counted by the store."""

    attestor: ElectorId
    attested_on: date
    relationship: Relationship
    last_revised_register: date
    attestor_added_on: date
    registered_in_england_or_wales: bool = True
    of_good_standing: bool = True
    complete: bool = True


@dataclass(frozen=True, slots=True)
class MakeObjection:
    objector: ElectorId
    grounds: str
    made_on: date


@dataclass(frozen=True, slots=True)
class DisallowObjection:
    objector: ElectorId
    reason: str
    disallowed_on: date


@dataclass(frozen=True, slots=True)
class CallHearing:
    notice_on: date
    hearing_on: date


@dataclass(frozen=True, slots=True)
class RecordHearing:
    held_on: date
    upheld: bool
    findings: str = ""


@dataclass(frozen=True, slots=True)
class AllowApplication:
    """`programme`: the polls in whose area the address lies, and other publications the officer has announced."""

    determined_on: date
    programme: Programme = NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class RejectApplication:
    determined_on: date
    reasons: tuple[str, ...]
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawApplication:
    withdrawn_on: date


@dataclass(frozen=True, slots=True)
class AllowOnAppeal:
    """The county court allowed the appeal against a rejection. `at_once`: its order counts on its day."""

    determined_on: date
    at_once: bool = False
    programme: Programme = NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class TreatAsAlteration:
    """The applicant is on the register at that address already, under another name: the entry is altered, none is added."""

    entry: ElectorId


@dataclass(frozen=True, slots=True)
class FindDuplicate:
    found_on: date
    elector: ElectorId | None = None
    application: ApplicationId | None = None


@dataclass(frozen=True, slots=True)
class ForwardApplication:
    to: Authority
    forwarded_on: date


Command = (
    ReceiveApplication
    | SupplyInformation
    | IdentifyProperty
    | EstablishFranchise
    | RequestIdentityCheck
    | RecordDwpResult
    | RecordLocalMatch
    | ReleaseApplication
    | RequestEvidence
    | AcceptDocuments
    | AcceptAttestation
    | MakeObjection
    | DisallowObjection
    | CallHearing
    | RecordHearing
    | AllowApplication
    | RejectApplication
    | WithdrawApplication
    | AllowOnAppeal
    | TreatAsAlteration
    | FindDuplicate
    | ForwardApplication
)

"""What people ask about their own data, and what is destroyed when its time is over (ADR 0017)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from shared.events.definition import Personal, event
from shared.events.values import PersonId

SubjectRequestId = NewType("SubjectRequestId", UUID)
DestructionId = NewType("DestructionId", UUID)
Right = Literal["access", "rectification"]


@event("registration.subject-request-received.v1", subject="person_id", effective="received_on")
class SubjectRequestReceived:
    """Somebody asks what is held of them, or that it be put right. `said`: in their words."""

    request_id: SubjectRequestId
    person_id: PersonId
    right: Right
    channel: str
    received_on: date
    answer_by: date
    said: Personal[str] = ""


@event("registration.subject-identity-asked.v1", effective="asked_on")
class SubjectIdentityAsked:
    """There is doubt who asks: the time stands still until they have shown it (UK GDPR article 12(6))."""

    request_id: SubjectRequestId
    asked_on: date


@event("registration.subject-identity-proved.v1", effective="proved_on")
class SubjectIdentityProved:
    """They are who they say. `answer_by`: counted from this day where proof was asked for, else as before."""

    request_id: SubjectRequestId
    proved_on: date
    route: str
    answer_by: date


@event("registration.subject-request-extended.v1", effective="extended_on")
class SubjectRequestExtended:
    """The person was told that it takes longer, and why: a name in `shared.law.subject_rights.EXTENDED_FOR`."""

    request_id: SubjectRequestId
    extended_on: date
    because: str
    answer_by: date


@event("registration.subject-request-refused.v1", subject="person_id", effective="refused_on")
class SubjectRequestRefused:
    """Refused as a whole: a name in `shared.law.subject_rights.REFUSED_FOR`. The person is told why, and of the ICO."""

    request_id: SubjectRequestId
    person_id: PersonId
    refused_on: date
    ground: str
    explanation: Personal[str] = ""


@event("registration.subject-request-withdrawn.v1", effective="withdrawn_on")
class SubjectRequestWithdrawn:
    """The person asks no more."""

    request_id: SubjectRequestId
    withdrawn_on: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One fact of a record that is kept from the person: a name in `shared.law.subject_rights.EXEMPTIONS`."""

    record: UUID
    version: int
    exemption: str


@event("registration.subject-pack-prepared.v1")
class SubjectPackPrepared:
    """An officer made the pack of what was recorded by `as_at`. `digest`: SHA-256 (hex) over its canonical JSON."""

    request_id: SubjectRequestId
    officer: str
    as_at: datetime
    digest: str
    facts: int
    left_out: tuple[LeftOut, ...] = ()


@event("registration.subject-pack-checked.v1")
class SubjectPackChecked:
    """Another officer looked through that pack: it may go, or it is sent back."""

    request_id: SubjectRequestId
    officer: str
    digest: str
    passed: bool


@event("registration.subject-pack-disclosed.v1", effective="disclosed_on")
class SubjectPackDisclosed:
    """The person has it. `how`: by which way it went."""

    request_id: SubjectRequestId
    officer: str
    digest: str
    disclosed_on: date
    how: str


@dataclass(frozen=True, slots=True)
class CorrectingEvent:
    """By which fact of which record the data was put right."""

    record: UUID
    version: int
    type: str


@event("registration.rectification-decided.v1", subject="person_id", effective="decided_on")
class RectificationDecided:
    """What was said to be wrong is corrected (`upheld`), by these events, or is right as it stands."""

    request_id: SubjectRequestId
    person_id: PersonId
    decided_on: date
    officer: str
    upheld: bool
    decision: Personal[str] = ""
    corrected: tuple[CorrectingEvent, ...] = ()


@event("registration.rectification-recipients-told.v1", effective="told_on")
class RectificationRecipientsTold:
    """Those to whom the wrong data was given (supplies and disclosures, by id) were told. `others`: why some were not."""

    request_id: SubjectRequestId
    told_on: date
    told: tuple[UUID, ...]
    others: str = ""


@dataclass(frozen=True, slots=True)
class DueRecord:
    """Whose key is to be destroyed, under which rule: a class of the retention schedule, or `erasure`."""

    rule: str
    subject: UUID


@event("registration.destruction-proposed.v1", effective="proposed_on")
class DestructionProposed:
    """An officer proposes to destroy these people's keys. `basis`: source of each rule, in the order in which they come up."""

    destruction_id: DestructionId
    officer: str
    proposed_on: date
    basis: dict[str, str]
    due: tuple[DueRecord, ...]


@event("registration.destruction-declined.v1", effective="declined_on")
class DestructionDeclined:
    """Nothing of it is destroyed: the second officer does not agree, or the first takes it back."""

    destruction_id: DestructionId
    officer: str
    declined_on: date


@event("registration.destruction-confirmed.v1", effective="confirmed_on")
class DestructionConfirmed:
    """Another officer agreed. What is held by then, or needed again, stays."""

    destruction_id: DestructionId
    officer: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What a run did under one rule: destroyed, kept by a legal hold, kept because the person's data is needed again."""

    rule: str
    destroyed: int
    held: int
    needed: int


@event("registration.retention-run.v1", effective="ran_on")
class RetentionRun:
    """A confirmed destruction was carried out: counts for each rule."""

    destruction_id: DestructionId
    ran_on: date
    counts: tuple[RuleCount, ...]

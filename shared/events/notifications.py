"""What happens in correspondence: messages queued, composed, sent and delivered, and enquiries from receipt to answer.

A message holds no name and no address: they are asked of their owner at the moment of use. Fields are only ever added,
and only with a default.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.events.definition import Personal, event
from shared.events.values import PersonId
from shared.events.values_notifications import (
    DeliveryProblem,
    EnquiryChannel,
    EnquiryId,
    EnquiryKind,
    EnquiryOutcome,
    Household,
    Language,
    LinkKind,
    MessageChannel,
    MessageId,
    PreferenceSource,
    PrintedLetter,
    PrintJobId,
    PrintReportLine,
    Recipient,
    ScanType,
)

# ------------------------------------------------------------------ messages


@event("notifications.message-queued.v1")
class MessageQueued:
    """Somebody is to be told something. `data`: what the template asks for, nothing personal. `source_event`: the id of the
    event it follows from. `due_at`: not to be sent before."""

    message_id: MessageId
    recipient: Recipient
    template: str
    template_version: int
    channel: MessageChannel
    data: dict[str, str]
    source_event: str
    due_at: datetime
    language: Language = "en"
    large_print: bool = False


@event("notifications.household-letter-queued.v1")
class HouseholdLetterQueued:
    """A household is to be written to. Its address, the names on it and its security code are asked of registration when the
    letter is written, and are in no event. `batch`: with which others it goes, once somebody else than `asked_by` has released
    them; empty for a letter of its own."""

    message_id: MessageId
    household: Household
    template: str
    template_version: int
    data: dict[str, str]
    source_event: str
    due_at: datetime
    language: Language = "en"
    large_print: bool = False
    batch: str = ""
    asked_by: str = ""

    @property
    def channel(self) -> MessageChannel:
        return "letter"


@event("notifications.letter-composed.v1")
class LetterComposed:
    """The letter was written out for its addressee. The paper itself is not kept: its hash proves which it was."""

    message_id: MessageId
    attempt: int
    content_sha256: str
    composed_at: datetime


@event("notifications.message-sent.v1")
class MessageSent:
    """The message left the council: posted, or taken by a provider, who calls it `provider_reference`. `household`: to whom a
    letter of a canvass went."""

    message_id: MessageId
    attempt: int
    sent_at: datetime
    provider_reference: str = ""
    household: Household | None = None


@event("notifications.message-delivered.v1")
class MessageDelivered:
    message_id: MessageId
    attempt: int
    delivered_at: datetime


@event("notifications.message-failed.v1")
class MessageFailed:
    """An attempt failed. The next may be made at `retry_at`; without it there is none. `household`: as in `MessageSent`."""

    message_id: MessageId
    attempt: int
    failed_at: datetime
    problem: DeliveryProblem
    retry_at: datetime | None = None
    household: Household | None = None


@event("notifications.message-called-off.v1")
class MessageCalledOff:
    """What was still waiting is not sent any more: what it says is no longer so."""

    message_id: MessageId
    called_off_at: datetime
    reason: str


Queueing = MessageQueued | HouseholdLetterQueued
"""What a message begins with."""
MessageEvent = (
    MessageQueued
    | HouseholdLetterQueued
    | LetterComposed
    | MessageSent
    | MessageDelivered
    | MessageFailed
    | MessageCalledOff
)

# ---------------------------------------------------------------- print jobs


@event("notifications.print-job-frozen.v1")
class PrintJobFrozen:
    """Letters were put together for the print house; from here on the job is what it is. `sha256`: of its file of addresses.
    `batch`: of which batch its letters are; then it waits until somebody else than `asked_by`, who asked for them, releases it."""

    job_id: PrintJobId
    letters: tuple[PrintedLetter, ...]
    sha256: str
    frozen_at: datetime
    batch: str = ""
    asked_by: str = ""


@event("notifications.print-job-released.v1")
class PrintJobReleased:
    """A second officer looked at the job and let it go to the print house."""

    job_id: PrintJobId
    released_by: str
    released_at: datetime


@event("notifications.print-job-handed-over.v1")
class PrintJobHandedOver:
    """The job lies where the print house fetches it."""

    job_id: PrintJobId
    handed_over_at: datetime


@event("notifications.print-job-withdrawn.v1")
class PrintJobWithdrawn:
    """The job was never handed over and could not be made again as it was frozen: its letters go with another."""

    job_id: PrintJobId
    withdrawn_at: datetime


@event("notifications.print-job-reported.v1")
class PrintJobReported:
    """The print house said what became of these letters. `report_sha256`: of the file in which it did."""

    job_id: PrintJobId
    lines: tuple[PrintReportLine, ...]
    report_sha256: str
    reported_at: datetime


@event("notifications.print-job-reprint-asked.v1")
class PrintJobReprintAsked:
    job_id: PrintJobId
    number: int
    asked_at: datetime


@event("notifications.print-job-reprinted.v1")
class PrintJobReprinted:
    """The job was made again, byte for byte; or it was not, since these letters (by `seq`) would not be the same: an address was
    changed, a person erased."""

    job_id: PrintJobId
    number: int
    changed: tuple[int, ...]
    reprinted_at: datetime


PrintJobEvent = (
    PrintJobFrozen
    | PrintJobReleased
    | PrintJobHandedOver
    | PrintJobWithdrawn
    | PrintJobReported
    | PrintJobReprintAsked
    | PrintJobReprinted
)

# --------------------------------------------------------------- preferences


@event("notifications.preferences-recorded.v1")
class PreferencesRecorded:
    """How somebody wants to be written to, in place of what was known before. `correspondent_id`: see the function of that
    name.

    Not sealed: the same stands in every message that is shaped by it (`MessageQueued`), under ids and beside no name. Why
    anybody wants large print is neither asked nor kept; many without a disability do."""

    correspondent_id: UUID
    channel: MessageChannel
    language: Language
    large_print: bool
    source: PreferenceSource


PreferencesEvent = PreferencesRecorded

# ----------------------------------------------------------------- enquiries


@event("notifications.enquiry-logged.v1", subject="enquirer_id", effective="received_on")
class EnquiryLogged:
    """Somebody called, wrote or came. `due_on`: the last day for an answer, by authority of `due_by`. `scan_sha256`: of the
    scanned letter."""

    enquiry_id: EnquiryId
    enquirer_id: PersonId
    channel: EnquiryChannel
    kind: EnquiryKind
    received_on: date
    due_on: date
    due_by: str
    enquirer: Personal[str]
    contact: Personal[str]
    summary: Personal[str]
    scan_sha256: str = ""


@event("notifications.enquiry-scan-kept.v1")
class EnquiryScanKept:
    """The scan of what was received is kept, sealed, beside the events. `size`: in bytes."""

    enquiry_id: EnquiryId
    sha256: str
    media_type: ScanType
    size: int


@event("notifications.enquiry-linked.v1")
class EnquiryLinked:
    """The enquiry is about this application, elector, member or meeting."""

    enquiry_id: EnquiryId
    to: LinkKind
    target_id: UUID


@event("notifications.enquiry-answered.v1", subject="enquirer_id", effective="answered_on")
class EnquiryAnswered:
    enquiry_id: EnquiryId
    enquirer_id: PersonId
    answered_on: date
    answer: Personal[str]


@event("notifications.enquiry-closed.v1", effective="closed_on")
class EnquiryClosed:
    enquiry_id: EnquiryId
    closed_on: date
    outcome: EnquiryOutcome


EnquiryEvent = EnquiryLogged | EnquiryScanKept | EnquiryLinked | EnquiryAnswered | EnquiryClosed

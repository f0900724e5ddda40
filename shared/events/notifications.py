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
    Language,
    LinkKind,
    MessageChannel,
    MessageId,
    Recipient,
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


@event("notifications.letter-composed.v1")
class LetterComposed:
    """The letter was written out for its addressee. The paper itself is not kept: its hash proves which it was."""

    message_id: MessageId
    attempt: int
    content_sha256: str
    composed_at: datetime


@event("notifications.message-sent.v1")
class MessageSent:
    """The message left the council: posted, or taken by a provider, who calls it `provider_reference`."""

    message_id: MessageId
    attempt: int
    sent_at: datetime
    provider_reference: str = ""


@event("notifications.message-delivered.v1")
class MessageDelivered:
    message_id: MessageId
    attempt: int
    delivered_at: datetime


@event("notifications.message-failed.v1")
class MessageFailed:
    """An attempt failed. The next may be made at `retry_at`; without it there is none."""

    message_id: MessageId
    attempt: int
    failed_at: datetime
    problem: DeliveryProblem
    retry_at: datetime | None = None


MessageEvent = MessageQueued | LetterComposed | MessageSent | MessageDelivered | MessageFailed

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


EnquiryEvent = EnquiryLogged | EnquiryLinked | EnquiryAnswered | EnquiryClosed

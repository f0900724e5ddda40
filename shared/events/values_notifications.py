"""The values that the events of notifications are made of. Fields are only ever added, and only with a default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NewType
from uuid import UUID, uuid5

from shared.events.values import PersonId

MessageId = NewType("MessageId", UUID)
EnquiryId = NewType("EnquiryId", UUID)
PrintJobId = NewType("PrintJobId", UUID)

MessageChannel = Literal["letter", "email", "sms"]
Language = Literal["en", "cy"]
RecipientKind = Literal["applicant", "elector", "member", "customer"]
DeliveryProblem = Literal[
    "permanent-failure", "temporary-failure", "technical-failure", "returned", "rate-limit", "daily-limit"
]
"""What a provider answers (GOV.UK Notify's words); `returned`: the post brought a letter back; the limits are ours to wait for."""

PrintOutcome = Literal["posted", "spoiled", "returned"]
"""What a print house says of a letter: it went to the post; it was not made and goes again; the post brought it back."""

PageForm = Literal["html", "pdf"]
"""Letters went to the print house as HTML once; now as PDF/UA."""

EnquiryChannel = Literal["phone", "email", "letter", "in-person"]
EnquiryKind = Literal["general", "foi", "eir"]
"""`foi`: a request under the Freedom of Information Act 2000, `eir`: under the Environmental Information Regulations 2004."""
EnquiryOutcome = Literal["answered", "withdrawn", "no-reply-needed", "passed-on"]
PreferenceSource = Literal["asked", "application-form"]
"""Who told us: the person, or the language of the form in which they applied."""
ScanType = Literal["application/pdf", "image/png", "image/jpeg", "image/tiff"]
LinkKind = Literal["application", "elector", "member", "meeting"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for, by the id under which the owner of their name and address knows them: an application or
    elector of registration, a member of committees, a sale of finance. `person_id`: the human being, where one is named.
    `as_proxy`: not the elector is written to but the person who votes for them, or did; `person_id` says who that is."""

    kind: RecipientKind
    id: UUID
    person_id: PersonId | None = None
    as_proxy: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """Whoever lives at a property, as one contact of a canvass addresses them: nobody by name. The three ids are registration's,
    and lead it to the record that the letter is about."""

    property_id: UUID
    canvass_property_id: UUID
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """One letter of a print job, the `seq`-th from 1: an attempt of a message, the words it was written with, the day it
    bears, the hash of its page, and as what that was made. Name and address are in no event."""

    seq: int
    message_id: MessageId
    attempt: int
    template: str
    template_version: int
    dated: date
    content_sha256: str
    form: PageForm = "html"


@dataclass(frozen=True, slots=True)
class PrintReportLine:
    """What the print house says of the `seq`-th letter."""

    seq: int
    message_id: MessageId
    attempt: int
    outcome: PrintOutcome


def printed_as(job: PrintJobId, seq: int) -> str:
    """What stands in the barcode of a letter, and what the print house calls it: the job's first eight digits, the place in it."""
    return f"{job.hex[:8].upper()}-{seq:06}"


def message_id(source_event: str, template: str, to: UUID | None = None) -> MessageId:
    """The stream of the message that follows from an event by a template: however often it is delivered, there is one; or
    one for each of those whom it is to, by their ids."""
    each = "" if to is None else f":{to}"
    return MessageId(uuid5(UUID(int=0), f"message:{source_event}:{template}{each}"))


def correspondent_id(recipient: Recipient) -> UUID:
    """The human being behind a recipient, as far as the owner tells: an applicant and the elector they become are one. A
    member is told by the id as a member, which every event has."""
    return recipient.id if recipient.kind == "member" or recipient.person_id is None else recipient.person_id


def preferences_stream(correspondent: UUID) -> UUID:
    return uuid5(UUID(int=0), f"preferences:{correspondent}")


def enquiry_of_email(authority: str, message: str) -> EnquiryId:
    """The stream of an enquiry by the Message-ID of its e-mail, so that an e-mail fetched twice meets itself."""
    return EnquiryId(uuid5(UUID(int=0), f"enquiry:{authority}:{message.strip()}"))

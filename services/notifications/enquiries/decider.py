"""One enquiry: logged with the day by which it is answered, linked to what it is about, answered, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.notifications import (
    EnquiryAnswered,
    EnquiryClosed,
    EnquiryEvent,
    EnquiryLinked,
    EnquiryLogged,
    EnquiryScanKept,
)
from shared.events.values import PersonId
from shared.events.values_notifications import (
    EnquiryChannel,
    EnquiryId,
    EnquiryKind,
    EnquiryOutcome,
    LinkKind,
    ScanType,
)
from shared.law.enquiries import answer_due

# --------------------------------------------------------------------- rules

PROCEDURE: Final = "Council's procedure for incoming correspondence"
SUMMARY_NEEDED = Rule(
    "summary-needed",
    "An enquiry says what it is about.",
    PROCEDURE,
    "Write down in a sentence what was asked.",
    invalid=True,
)
RECEIVED_LATER = Rule(
    "received-in-the-future",
    "An enquiry cannot be received after today.",
    PROCEDURE,
    "Correct the day of receipt.",
    invalid=True,
)
NO_CALENDAR = Rule(
    "due-day-unknown",
    "No last day for an answer can be reckoned from that day: its bank holidays are not known.",
    "FOIA 2000 s.10(6)",
    "Check the day of receipt.",
    invalid=True,
)
ALREADY_LOGGED = Rule(
    "already-logged",
    "This enquiry was logged with other facts.",
    PROCEDURE,
    "Look at the enquiry; log what is new as another.",
)
UNKNOWN_ENQUIRY = Rule("unknown-enquiry", "There is no such enquiry.", PROCEDURE, "Log it first.")
ENQUIRY_CLOSED = Rule(
    "enquiry-closed", "This enquiry is closed.", PROCEDURE, "Log what came since as a new enquiry, and link both."
)
ANSWER_NEEDED = Rule("answer-needed", "An answer says something.", PROCEDURE, "Write down the answer.", invalid=True)
NOT_ANSWERED = Rule(
    "enquiry-not-answered",
    "An enquiry is closed as answered once it has an answer.",
    "FOIA 2000 s.1(1), s.10(1); Council's procedure for incoming correspondence",
    "Record the answer, or close it for another reason.",
)
REQUEST_OPEN = Rule(
    "request-needs-answer",
    "A request for information is answered, even if only with a refusal and its grounds.",
    "FOIA 2000 s.1(1), s.17(1); SI 2004/3391 reg 14",
    "Record the answer, or that the request was withdrawn.",
)

SCAN_TYPE_UNKNOWN = Rule(
    "scan-type-unknown",
    "A scan is a PDF, PNG, JPEG or TIFF file.",
    PROCEDURE,
    "Scan it again as PDF/A.",
    invalid=True,
)
SCAN_DIFFERS = Rule(
    "scan-differs",
    "This enquiry was logged with another scan, which is evidence of what was received.",
    PROCEDURE,
    "Log what came besides as another enquiry, and link both.",
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class LogEnquiry:
    """`on`: today."""

    enquiry_id: EnquiryId
    enquirer_id: PersonId
    channel: EnquiryChannel
    kind: EnquiryKind
    received_on: date
    enquirer: str
    contact: str
    summary: str
    on: date
    scan_sha256: str = ""


@dataclass(frozen=True, slots=True)
class KeepScan:
    """The file itself is kept beside the events, by its hash."""

    sha256: str
    media_type: ScanType
    size: int


@dataclass(frozen=True, slots=True)
class LinkEnquiry:
    to: LinkKind
    target_id: UUID


@dataclass(frozen=True, slots=True)
class AnswerEnquiry:
    answer: str
    on: date


@dataclass(frozen=True, slots=True)
class CloseEnquiry:
    outcome: EnquiryOutcome
    on: date


Command = LogEnquiry | KeepScan | LinkEnquiry | AnswerEnquiry | CloseEnquiry

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Unlogged:
    pass


@dataclass(frozen=True, slots=True)
class Logged:
    """`scan`: the SHA-256 of the scan that is kept, empty while there is none."""

    enquiry: EnquiryLogged
    links: frozenset[tuple[LinkKind, UUID]] = frozenset()
    answered: bool = False
    closed: EnquiryOutcome | None = None
    scan: str = ""


Enquiry = Unlogged | Logged


def decide(command: Command, enquiry: Enquiry) -> Sequence[EnquiryEvent]:
    match command:
        case LogEnquiry():
            return log(command, enquiry)
        case KeepScan(content, media_type, size):
            known = existing(enquiry)
            if known.scan == content:
                return []
            if known.scan or known.enquiry.scan_sha256 not in ("", content):
                raise Refused(SCAN_DIFFERS)
            return [EnquiryScanKept(known.enquiry.enquiry_id, content, media_type, size)]
        case LinkEnquiry(to, target):
            known = existing(enquiry)
            if (to, target) in known.links:
                return []
            return [EnquiryLinked(known.enquiry.enquiry_id, to, target)]
        case AnswerEnquiry(answer, on):
            known = existing(enquiry)
            if known.closed is not None:
                raise Refused(ENQUIRY_CLOSED)
            if not answer.strip():
                raise Refused(ANSWER_NEEDED)
            return [EnquiryAnswered(known.enquiry.enquiry_id, known.enquiry.enquirer_id, on, answer.strip())]
        case CloseEnquiry(outcome, on):
            return close(existing(enquiry), outcome, on)
        case _:
            assert_never(command)


def log(command: LogEnquiry, enquiry: Enquiry) -> Sequence[EnquiryEvent]:
    if isinstance(enquiry, Logged):
        was = enquiry.enquiry
        if (was.channel, was.kind, was.received_on) != (command.channel, command.kind, command.received_on):
            raise Refused(ALREADY_LOGGED)
        return []
    if not command.summary.strip():
        raise Refused(SUMMARY_NEEDED)
    if command.received_on > command.on:
        raise Refused(RECEIVED_LATER)
    try:
        due_on, source = answer_due(command.kind, command.received_on)
    except LookupError:
        raise Refused(NO_CALENDAR) from None
    return [
        EnquiryLogged(
            command.enquiry_id, command.enquirer_id, command.channel, command.kind, command.received_on, due_on, source,
            command.enquirer.strip(), command.contact.strip(), command.summary.strip(), command.scan_sha256,
        )
    ]  # fmt: skip


def close(enquiry: Logged, outcome: EnquiryOutcome, on: date) -> Sequence[EnquiryEvent]:
    if enquiry.closed == outcome:
        return []
    if enquiry.closed is not None:
        raise Refused(ENQUIRY_CLOSED)
    if outcome == "answered" and not enquiry.answered:
        raise Refused(NOT_ANSWERED)
    if outcome == "no-reply-needed" and enquiry.enquiry.kind != "general":
        raise Refused(REQUEST_OPEN)
    return [EnquiryClosed(enquiry.enquiry.enquiry_id, on, outcome)]


def existing(enquiry: Enquiry) -> Logged:
    match enquiry:
        case Logged():
            return enquiry
        case Unlogged():
            raise Refused(UNKNOWN_ENQUIRY)
        case _:
            assert_never(enquiry)


def evolve(enquiry: Enquiry, event: EnquiryEvent) -> Enquiry:
    match event:
        case EnquiryLogged():
            return Logged(event)
        case EnquiryScanKept():
            return replace(existing(enquiry), scan=event.sha256)
        case EnquiryLinked():
            known = existing(enquiry)
            return replace(known, links=known.links | {(event.to, event.target_id)})
        case EnquiryAnswered():
            return replace(existing(enquiry), answered=True)
        case EnquiryClosed():
            return replace(existing(enquiry), closed=event.outcome)
        case _:
            assert_never(event)


enquiries: Decider[Command, Enquiry, EnquiryEvent] = Decider("enquiry", Unlogged(), decide, evolve)

"""One message to one person: queued once, written out, sent, delivered; or tried again by a schedule until it has failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.notifications import (
    LetterComposed,
    MessageDelivered,
    MessageEvent,
    MessageFailed,
    MessageQueued,
    MessageSent,
)
from shared.events.values_notifications import DeliveryProblem, Language, MessageChannel, MessageId, Recipient

# --------------------------------------------------------------------- rules

PROCEDURE: Final = "Council's procedure for outgoing correspondence"
UNKNOWN_MESSAGE = Rule("unknown-message", "There is no such message.", PROCEDURE, "Look it up in the list of messages.")
NOT_A_LETTER = Rule(
    "not-a-letter", "Only a letter is written out on paper.", PROCEDURE, "Let its channel send it.", invalid=True
)
NOT_WAITING = Rule(
    "message-not-waiting",
    "This message is not waiting to be sent: it was, or has failed.",
    PROCEDURE,
    "Look at its attempts.",
)
NOT_YET_DUE = Rule(
    "message-not-yet-due", "The next attempt is not due yet.", PROCEDURE, "Wait until the time that its schedule names."
)
NOT_COMPOSED = Rule(
    "letter-not-composed",
    "A letter is written out before it is posted, and anew for each attempt, since addresses change.",
    PROCEDURE,
    "Compose the letter first.",
)
NOT_SENT = Rule(
    "message-not-sent",
    "What was not sent can be neither delivered nor returned.",
    PROCEDURE,
    "Record first that it was sent.",
)

# ------------------------------------------------------------------ schedule

RETRIES: Final[dict[MessageChannel, tuple[timedelta, ...]]] = {
    "letter": (timedelta(days=1), timedelta(days=3)),
    "email": (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4), timedelta(days=1)),
    "sms": (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4)),
}
"""How long to wait after the first, second, … failure that may pass. After the last there is no more attempt."""
FOR_GOOD: Final[frozenset[DeliveryProblem]] = frozenset({"permanent-failure", "returned"})
"""Trying again would fail again: the address has to be put right."""
LIMITS: Final[frozenset[DeliveryProblem]] = frozenset({"rate-limit", "daily-limit"})
"""Waiting for a provider's limit is no failure of the message: it never uses up an attempt of the schedule."""
RATE_LIMIT_WAIT: Final = timedelta(minutes=1)


def retry_at(channel: MessageChannel, problem: DeliveryProblem, failures: int, at: datetime) -> datetime | None:
    """When to try again after a failure at `at` with `failures` before it; None for never.

    GOV.UK Notify counts per minute, and per day from 00:00 UTC."""
    if problem == "rate-limit":
        return at + RATE_LIMIT_WAIT
    if problem == "daily-limit":
        return datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    waits = RETRIES[channel]
    return None if problem in FOR_GOOD or failures >= len(waits) else at + waits[failures]


# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class QueueMessage:
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


@dataclass(frozen=True, slots=True)
class ComposeLetter:
    content_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordSent:
    """`content_sha256`: of a letter that was written out and handed over in one step."""

    at: datetime
    provider_reference: str = ""
    content_sha256: str = ""


@dataclass(frozen=True, slots=True)
class RecordDelivered:
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordFailure:
    problem: DeliveryProblem
    at: datetime


FinalWord = DeliveryProblem | Literal["delivered"]


@dataclass(frozen=True, slots=True)
class RecordReceipt:
    """What the provider says has become of what it calls `provider_reference`. It says so early, twice, or late."""

    provider_reference: str
    outcome: FinalWord
    at: datetime


Command = QueueMessage | ComposeLetter | RecordSent | RecordDelivered | RecordFailure | RecordReceipt

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Unqueued:
    pass


@dataclass(frozen=True, slots=True)
class Queued:
    """`attempt` is the one under way or due, from 1; `failures` count against the schedule, waits for a limit do not.
    `reference`: what the provider calls this attempt; `references`: it and those of attempts that are over."""

    message: MessageQueued
    due_at: datetime
    stage: Literal["waiting", "composed", "sent", "delivered", "failed"] = "waiting"
    attempt: int = 1
    failures: int = 0
    content_sha256: str = ""
    reference: str = ""
    references: frozenset[str] = frozenset()


Message = Unqueued | Queued


def decide(command: Command, message: Message) -> Sequence[MessageEvent]:
    if isinstance(command, QueueMessage):
        return [queued(command)] if isinstance(message, Unqueued) else []
    known = existing(message)
    identity, attempt = known.message.message_id, known.attempt
    match command:
        case ComposeLetter(content, at):
            if known.message.channel != "letter":
                raise Refused(NOT_A_LETTER)
            must_be_due(known, at)
            if known.content_sha256 == content:
                return []
            return [LetterComposed(identity, attempt, content, at)]
        case RecordSent():
            return sent(known, command)
        case RecordDelivered(at):
            if known.stage == "delivered":
                return []
            if known.stage != "sent":
                raise Refused(NOT_SENT)
            return [MessageDelivered(identity, attempt, at)]
        case RecordFailure(problem, at):
            return failed(known, problem, at)
        case RecordReceipt():
            return receipt(known, command)
        case _:
            assert_never(command)


def queued(command: QueueMessage) -> MessageQueued:
    return MessageQueued(
        command.message_id, command.recipient, command.template, command.template_version, command.channel,
        command.data, command.source_event, command.due_at, command.language, command.large_print,
    )  # fmt: skip


def sent(message: Queued, command: RecordSent) -> Sequence[MessageEvent]:
    if message.stage == "sent" or command.provider_reference in message.references:
        return []  # a receipt may have been faster than our own record
    must_be_due(message, command.at)
    identity, attempt, composed = message.message.message_id, message.attempt, command.content_sha256
    if message.message.channel == "letter":
        if message.stage != "composed" and not composed:
            raise Refused(NOT_COMPOSED)
    elif composed:
        raise Refused(NOT_A_LETTER)
    written = [LetterComposed(identity, attempt, composed, command.at)] if composed else []
    return [*written, MessageSent(identity, attempt, command.at, command.provider_reference)]


def receipt(message: Queued, command: RecordReceipt) -> Sequence[MessageEvent]:
    """The first final word on an attempt stands; only a letter may still come back. [GOV.UK Notify: callbacks]"""
    reference, at = command.provider_reference, command.at
    if message.stage in ("waiting", "composed") and reference not in message.references:
        taken = MessageSent(message.message.message_id, message.attempt, at, reference)
        return [taken, *outcome(replace(message, stage="sent"), command)]
    return outcome(message, command) if reference == message.reference else []


def outcome(message: Queued, command: RecordReceipt) -> Sequence[MessageEvent]:
    if message.stage == "sent" and command.outcome == "delivered":
        return [MessageDelivered(message.message.message_id, message.attempt, command.at)]
    if command.outcome == "delivered" or (message.stage == "delivered" and command.outcome != "returned"):
        return []
    return failed(message, command.outcome, command.at)


def failed(message: Queued, problem: DeliveryProblem, at: datetime) -> Sequence[MessageEvent]:
    """A letter may come back although it was thought to have arrived; nothing else fails after it was delivered."""
    if message.stage == "failed":
        return []
    if message.stage == "delivered" and problem != "returned":
        raise Refused(NOT_WAITING)
    if problem == "returned" and message.stage not in ("sent", "delivered"):
        raise Refused(NOT_SENT)
    again = retry_at(message.message.channel, problem, message.failures, at)
    return [MessageFailed(message.message.message_id, message.attempt, at, problem, again)]


def existing(message: Message) -> Queued:
    match message:
        case Queued():
            return message
        case Unqueued():
            raise Refused(UNKNOWN_MESSAGE)
        case _:
            assert_never(message)


def must_be_due(message: Queued, at: datetime) -> None:
    if message.stage not in ("waiting", "composed"):
        raise Refused(NOT_WAITING)
    if at < message.due_at:
        raise Refused(NOT_YET_DUE, f"It is due at {message.due_at:%H:%M UTC on %-d %B %Y}.")


def evolve(message: Message, event: MessageEvent) -> Message:
    match event:
        case MessageQueued():
            return Queued(event, event.due_at)
        case LetterComposed():
            return replace(existing(message), stage="composed", content_sha256=event.content_sha256)
        case MessageSent():
            known, reference = existing(message), event.provider_reference
            return replace(known, stage="sent", reference=reference, references=known.references | ({reference} - {""}))
        case MessageDelivered():
            return replace(existing(message), stage="delivered")
        case MessageFailed():
            known = existing(message)
            failures = known.failures + (event.problem not in LIMITS)
            if event.retry_at is None:
                return replace(known, stage="failed", failures=failures)
            return Queued(
                known.message, event.retry_at, "waiting", event.attempt + 1, failures, references=known.references
            )
        case _:
            assert_never(event)


messages: Decider[Command, Message, MessageEvent] = Decider("message", Unqueued(), decide, evolve)

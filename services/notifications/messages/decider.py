"""One message to one person: queued once, written out, sent, delivered; or tried again by a schedule until it has failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.notifications import (
    HouseholdLetterQueued,
    LetterComposed,
    MessageCalledOff,
    MessageDelivered,
    MessageEvent,
    MessageFailed,
    MessageQueued,
    MessageSent,
    Queueing,
)
from shared.events.values_notifications import (
    DeliveryProblem,
    Household,
    Language,
    MessageChannel,
    MessageId,
    Recipient,
)

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

ANOTHER_ATTEMPT = Rule(
    "another-attempt",
    "This was said of an attempt that is over: another is under way or due.",
    PROCEDURE,
    "Look at the message's attempts, and say of which one it is.",
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
WITH_AN_OFFICER: Final = timedelta(days=3)
"""How long a letter that an officer wrote out is theirs to post. After that it goes as every other does."""


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
class QueueHouseholdLetter:
    """`batch` and `asked_by` as in `HouseholdLetterQueued`."""

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


@dataclass(frozen=True, slots=True)
class ComposeLetter:
    content_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordSent:
    """`content_sha256`: of a letter that was written out and handed over in one step. `attempt`: which one was sent; without it
    the one under way."""

    at: datetime
    provider_reference: str = ""
    content_sha256: str = ""
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class RecordDelivered:
    at: datetime
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class RecordFailure:
    problem: DeliveryProblem
    at: datetime
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class CallOff:
    """What the message says is no longer so. One that has left, or failed, is left as it is."""

    reason: str
    at: datetime


FinalWord = DeliveryProblem | Literal["delivered"]


@dataclass(frozen=True, slots=True)
class RecordReceipt:
    """What the provider says has become of what it calls `provider_reference`. It says so early, twice, or late. `attempt`:
    which one it speaks of, where it can tell."""

    provider_reference: str
    outcome: FinalWord
    at: datetime
    attempt: int | None = None


Command = (
    QueueMessage
    | QueueHouseholdLetter
    | ComposeLetter
    | RecordSent
    | RecordDelivered
    | RecordFailure
    | RecordReceipt
    | CallOff
)

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Unqueued:
    pass


@dataclass(frozen=True, slots=True)
class Queued:
    """`attempt` is the one under way or due, from 1; `failures` count against the schedule, waits for a limit do not.
    `reference`: what the provider calls this attempt; `references`: it and those of attempts that are over."""

    message: Queueing
    due_at: datetime
    stage: Literal["waiting", "composed", "sent", "delivered", "failed", "called-off"] = "waiting"
    attempt: int = 1
    failures: int = 0
    content_sha256: str = ""
    composed_at: datetime | None = None
    reference: str = ""
    references: frozenset[str] = frozenset()

    @property
    def household(self) -> Household | None:
        return self.message.household if isinstance(self.message, HouseholdLetterQueued) else None

    def goes_out(self, at: datetime) -> bool:
        """Whether a sender takes it up at `at`: it is due, and no officer has it in hand."""
        if self.composed_at is not None and self.stage == "composed":
            return at >= self.composed_at + WITH_AN_OFFICER
        return self.stage == "waiting" and at >= self.due_at


Message = Unqueued | Queued


def decide(command: Command, message: Message) -> Sequence[MessageEvent]:
    if isinstance(command, QueueMessage | QueueHouseholdLetter):
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
        case RecordDelivered(at, of):
            must_be_of(known, of)
            if known.stage == "delivered":
                return []
            if known.stage != "sent":
                raise Refused(NOT_SENT)
            return [MessageDelivered(identity, attempt, at)]
        case RecordFailure(problem, at, of):
            must_be_of(known, of)
            return failed(known, problem, at)
        case RecordReceipt():
            return receipt(known, command)
        case CallOff(reason, at):
            waits = known.stage in ("waiting", "composed")
            return [MessageCalledOff(identity, at, reason)] if waits else []
        case _:
            assert_never(command)


def queued(command: QueueMessage | QueueHouseholdLetter) -> Queueing:
    if isinstance(command, QueueHouseholdLetter):
        return HouseholdLetterQueued(
            command.message_id, command.household, command.template, command.template_version, command.data,
            command.source_event, command.due_at, command.language, command.large_print, command.batch, command.asked_by,
        )  # fmt: skip
    return MessageQueued(
        command.message_id, command.recipient, command.template, command.template_version, command.channel,
        command.data, command.source_event, command.due_at, command.language, command.large_print,
    )  # fmt: skip


def sent(message: Queued, command: RecordSent) -> Sequence[MessageEvent]:
    if message.stage == "sent" or command.provider_reference in message.references:
        return []  # a receipt may have been faster than our own record
    identity, composed = message.message.message_id, command.content_sha256
    attempt = message.attempt if command.attempt is None else command.attempt
    if command.attempt is not None and was_given_up(message, attempt):
        return [MessageSent(identity, attempt, command.at, command.provider_reference, message.household)]
    must_be_of(message, attempt)
    must_be_due(message, command.at)
    if message.message.channel == "letter":
        if message.stage != "composed" and not composed:
            raise Refused(NOT_COMPOSED)
    elif composed:
        raise Refused(NOT_A_LETTER)
    written = [LetterComposed(identity, attempt, composed, command.at)] if composed else []
    return [*written, MessageSent(identity, attempt, command.at, command.provider_reference, message.household)]


def was_given_up(message: Queued, attempt: int) -> bool:
    """Whether this attempt was recorded as failed, or the message called off, while it lay with a print house. It has gone out
    for all that: no other may follow it."""
    return message.stage in ("failed", "called-off") or (
        attempt < message.attempt and message.stage in ("waiting", "composed")
    )


def must_be_of(message: Queued, attempt: int | None) -> None:
    if attempt is not None and attempt != message.attempt:
        raise Refused(ANOTHER_ATTEMPT, f"Attempt {message.attempt} is the present one.")


def receipt(message: Queued, command: RecordReceipt) -> Sequence[MessageEvent]:
    """The first final word on an attempt stands; only a letter may still come back. [GOV.UK Notify: callbacks]"""
    reference, at = command.provider_reference, command.at
    if message.stage in ("waiting", "composed") and reference not in message.references:
        if command.attempt is not None and command.attempt != message.attempt:
            return late(message, command, command.attempt)
        taken = MessageSent(message.message.message_id, message.attempt, at, reference, message.household)
        return [taken, *outcome(replace(message, stage="sent"), command)]
    return outcome(message, command) if reference == message.reference else []


def late(message: Queued, command: RecordReceipt, attempt: int) -> Sequence[MessageEvent]:
    """Word of an attempt that was given up before anybody knew that it had been taken. Had it arrived, no other follows;
    that it failed was known."""
    if command.outcome != "delivered" or attempt > message.attempt:
        return []
    identity = message.message.message_id
    taken = MessageSent(identity, attempt, command.at, command.provider_reference, message.household)
    return [taken, MessageDelivered(identity, attempt, command.at)]


def outcome(message: Queued, command: RecordReceipt) -> Sequence[MessageEvent]:
    if message.stage == "sent" and command.outcome == "delivered":
        return [MessageDelivered(message.message.message_id, message.attempt, command.at)]
    if command.outcome == "delivered" or (message.stage == "delivered" and command.outcome != "returned"):
        return []
    return failed(message, command.outcome, command.at)


def failed(message: Queued, problem: DeliveryProblem, at: datetime) -> Sequence[MessageEvent]:
    """A letter may come back although it was thought to have arrived; nothing else fails after it was delivered."""
    if message.stage in ("failed", "called-off"):
        return []
    if message.stage == "delivered" and problem != "returned":
        raise Refused(NOT_WAITING)
    if problem == "returned" and message.stage not in ("sent", "delivered"):
        raise Refused(NOT_SENT)
    again = retry_at(message.message.channel, problem, message.failures, at)
    return [MessageFailed(message.message.message_id, message.attempt, at, problem, again, message.household)]


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
        case MessageQueued() | HouseholdLetterQueued():
            return Queued(event, event.due_at)
        case LetterComposed():
            known, content = existing(message), event.content_sha256
            return replace(known, stage="composed", content_sha256=content, composed_at=event.composed_at)
        case MessageSent():
            known, reference = existing(message), event.provider_reference
            references = known.references | ({reference} - {""})
            return replace(known, stage="sent", attempt=event.attempt, reference=reference, references=references)
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
        case MessageCalledOff():
            return replace(existing(message), stage="called-off")
        case _:
            assert_never(event)


messages: Decider[Command, Message, MessageEvent] = Decider("message", Unqueued(), decide, evolve)

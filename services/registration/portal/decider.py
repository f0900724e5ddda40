"""One item of the portal's queues: received, carried out or not, acknowledged; and one question: answered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    PortalDecisionAcknowledged,
    PortalDecisionApplied,
    PortalDecisionFailed,
    PortalDecisionPutRight,
    PortalDecisionReceived,
    PortalQueue,
    PortalStatus,
    RegisterCheckAnswered,
    RegisterCheckId,
)
from shared.events.values import ElectorId, PersonId

NO_SUCH_DECISION = Rule(
    "no-such-portal-decision",
    "Nothing of that kind came from the ERO Portal.",
    "ERO Portal, EMS API",
    "Check the list.",
)
NOTHING_TO_PUT_RIGHT = Rule(
    "nothing-to-put-right",
    "The decision was carried out, or is already put right.",
    "ERO Portal, EMS API",
    "Change the elector's arrangement itself.",
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class ReceiveDecision:
    item: str
    queue: PortalQueue
    person_id: PersonId
    record: str
    received_at: datetime
    approved: bool
    elector_id: ElectorId | None = None
    authorised_at: datetime | None = None
    signature_image: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordApplied:
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordFailed:
    """`message`: what the portal's officer reads."""

    rule: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordAcknowledged:
    at: datetime


@dataclass(frozen=True, slots=True)
class PutRight:
    how: str
    at: datetime


Command = ReceiveDecision | RecordApplied | RecordFailed | RecordAcknowledged | PutRight
Event = (
    PortalDecisionReceived
    | PortalDecisionApplied
    | PortalDecisionFailed
    | PortalDecisionAcknowledged
    | PortalDecisionPutRight
)

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotReceived:
    pass


@dataclass(frozen=True, slots=True)
class Received:
    """`status` is None until it was tried; the first word counts, there as here."""

    person_id: PersonId
    status: PortalStatus | None = None
    message: str = ""
    rule: str = ""
    acknowledged: bool = False
    put_right: bool = False


Decision = NotReceived | Received


def decide(command: Command, decision: Decision) -> Sequence[Event]:
    match command, decision:
        case ReceiveDecision() as came, NotReceived():
            return [
                PortalDecisionReceived(
                    came.item, came.queue, came.person_id, came.record, came.received_at, came.approved,
                    came.elector_id, came.authorised_at, came.signature_image,
                )
            ]  # fmt: skip
        case ReceiveDecision(), Received():
            return []  # it stays in the queue until it is acknowledged
        case _, NotReceived():
            raise Refused(NO_SUCH_DECISION)
        case RecordApplied(at), Received(status=status):
            return [] if status else [PortalDecisionApplied(at)]
        case RecordFailed(rule, message, at), Received(status=status):
            return [] if status else [PortalDecisionFailed(rule, message, at)]
        case RecordAcknowledged(at), Received(status=status, acknowledged=known):
            return [] if known or status is None else [PortalDecisionAcknowledged(status, at)]
        case PutRight(how, at), Received() as failed:
            if failed.status != "failure" or failed.put_right:
                raise Refused(NOTHING_TO_PUT_RIGHT)
            return [PortalDecisionPutRight(failed.person_id, how, at)]
        case _:
            raise AssertionError("unreachable")


def evolve(decision: Decision, event: Event) -> Decision:
    if isinstance(event, PortalDecisionReceived):
        return Received(event.person_id)
    if not isinstance(decision, Received):
        raise ValueError("what came from the portal begins with its receipt")
    match event:
        case PortalDecisionApplied():
            return replace(decision, status="success")
        case PortalDecisionFailed(rule=rule, message=message):
            return replace(decision, status="failure", message=message, rule=rule)
        case PortalDecisionAcknowledged():
            return replace(decision, acknowledged=True)
        case PortalDecisionPutRight():
            return replace(decision, put_right=True)
        case _:
            assert_never(event)


decisions: Decider[Command, Decision, Event] = Decider("portal-decision", NotReceived(), decide, evolve)


# ------------------------------------------------------------------ questions


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    check_id: RegisterCheckId
    asked_at: datetime
    answered_at: datetime
    matches: int
    electors: tuple[ElectorId, ...]
    historical: bool = False
    by_hand: bool = False


def note(command: RecordAnswer, answered: bool) -> Sequence[RegisterCheckAnswered]:
    """Asked again, because our answer was lost on its way, it counts once."""
    if answered:
        return []
    return [
        RegisterCheckAnswered(
            command.check_id, command.asked_at, command.answered_at, command.matches, command.electors,
            command.historical, command.by_hand,
        )
    ]  # fmt: skip


checks: Decider[RecordAnswer, bool, RegisterCheckAnswered] = Decider(
    "register-check", False, note, lambda _answered, _event: True
)

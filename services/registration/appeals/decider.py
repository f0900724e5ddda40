"""One appeal to the county court against a decision of the registration officer: received in time, decided, or given up.

[RPA 1983 s.56; RPR 2001 r.32] Until the court has decided, the decision stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from shared.eventcore.deciding import Decider, Refused
from shared.events.registration import AppealAbout, AppealDecided, AppealReceived, AppealWithdrawn
from shared.events.values import AppealId, PersonId
from shared.law import hearings as law
from shared.law.registration import appeal_by


@dataclass(frozen=True, slots=True)
class ReceiveAppeal:
    """`decided_on`: the day of the decision appealed against."""

    appeal_id: AppealId
    about: AppealAbout
    case_id: UUID
    person_id: PersonId
    decided_on: date
    received_on: date
    reference: str = ""
    time_extended: bool = False


@dataclass(frozen=True, slots=True)
class DecideAppeal:
    """What the court decided. `at_once`: its order comes before a poll and counts on its day."""

    allowed: bool
    decided_on: date
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawAppeal:
    withdrawn_on: date


Command = ReceiveAppeal | DecideAppeal | WithdrawAppeal
Event = AppealReceived | AppealDecided | AppealWithdrawn


@dataclass(frozen=True, slots=True)
class NotReceived:
    pass


@dataclass(frozen=True, slots=True)
class Pending:
    received: AppealReceived


@dataclass(frozen=True, slots=True)
class Over:
    pass


Appeal = NotReceived | Pending | Over


def decide(command: Command, appeal: Appeal) -> Sequence[Event]:
    match command, appeal:
        case ReceiveAppeal(), NotReceived():
            return [receive(command)]
        case ReceiveAppeal(), _:
            return []
        case DecideAppeal(decided_on=on), Pending(received) if on < received.received_on:
            raise Refused(law.DECIDED_BEFORE)
        case DecideAppeal(allowed, on, at_once), Pending(received):
            return [AppealDecided(received.appeal_id, received.about, received.case_id, on, allowed, at_once)]
        case WithdrawAppeal(on), Pending(received):
            return [AppealWithdrawn(received.appeal_id, on)]
        case _:
            raise Refused(law.NO_APPEAL)


def receive(command: ReceiveAppeal) -> AppealReceived:
    last = appeal_by(command.decided_on).date
    if command.received_on > last and not command.time_extended:
        raise Refused(law.APPEAL_OUT_OF_TIME, f"The last day was {last:%-d %B %Y}.")
    return AppealReceived(
        command.appeal_id, command.about, command.case_id, command.person_id, command.decided_on, command.received_on,
        command.reference, command.time_extended,
    )  # fmt: skip


def evolve(appeal: Appeal, event: Event) -> Appeal:
    match event:
        case AppealReceived():
            return Pending(event)
        case AppealDecided() | AppealWithdrawn():
            return Over()
        case _:
            assert_never(event)


appeals: Decider[Command, Appeal, Event] = Decider("appeal", NotReceived(), decide, evolve)

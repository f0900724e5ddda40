"""The destruction of people's keys: proposed by one officer, confirmed by another, counted (ADR 0003, ADR 0017)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused
from shared.events.registration import (
    DestructionConfirmed,
    DestructionDeclined,
    DestructionId,
    DestructionProposed,
    DueRecord,
    RetentionRun,
    RuleCount,
)
from shared.law import subject_rights as law


@dataclass(frozen=True, slots=True)
class ProposeDestruction:
    """`basis`: the source of each rule that `due` names."""

    destruction_id: DestructionId
    officer: str
    proposed_on: date
    basis: Mapping[str, str]
    due: tuple[DueRecord, ...]


@dataclass(frozen=True, slots=True)
class DeclineDestruction:
    officer: str
    declined_on: date


@dataclass(frozen=True, slots=True)
class ConfirmDestruction:
    officer: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class CountDestroyed:
    counts: tuple[RuleCount, ...]
    ran_on: date


Command = ProposeDestruction | DeclineDestruction | ConfirmDestruction | CountDestroyed
Event = DestructionProposed | DestructionDeclined | DestructionConfirmed | RetentionRun


@dataclass(frozen=True, slots=True)
class NotProposed:
    pass


@dataclass(frozen=True, slots=True)
class Proposed:
    proposal: DestructionProposed


@dataclass(frozen=True, slots=True)
class Confirmed:
    """To be carried out, or under way: whoever asks again goes on."""

    proposal: DestructionProposed


@dataclass(frozen=True, slots=True)
class Over:
    pass


Destruction = NotProposed | Proposed | Confirmed | Over


def decide(command: Command, state: Destruction) -> Sequence[Event]:
    match command, state:
        case ProposeDestruction(due=()), NotProposed():
            raise Refused(law.NOTHING_DUE)
        case ProposeDestruction(identity, officer, on, basis, due), NotProposed():
            return [DestructionProposed(identity, officer, on, dict(basis), due)]
        case ProposeDestruction(), _:
            return []
        case DeclineDestruction(officer, on), Proposed(proposal):
            return [DestructionDeclined(proposal.destruction_id, officer, on)]
        case ConfirmDestruction(officer, on), Proposed(proposal):
            if officer == proposal.officer:
                raise Refused(law.SAME_OFFICER)
            return [DestructionConfirmed(proposal.destruction_id, officer, on)]
        case ConfirmDestruction(officer), Confirmed(proposal):
            if officer == proposal.officer:
                raise Refused(law.SAME_OFFICER)
            return []
        case CountDestroyed(counts, on), Confirmed(proposal):
            return [RetentionRun(proposal.destruction_id, on, counts)]
        case _, NotProposed():
            raise Refused(law.NO_DESTRUCTION)
        case _:
            raise Refused(law.DESTRUCTION_OVER)


def evolve(state: Destruction, event: Event) -> Destruction:
    match event:
        case DestructionProposed():
            return Proposed(event)
        case DestructionConfirmed():
            return Confirmed(state.proposal) if isinstance(state, Proposed) else state
        case DestructionDeclined() | RetentionRun():
            return Over()
        case _:
            assert_never(event)


destructions: Decider[Command, Destruction, Event] = Decider("destruction", NotProposed(), decide, evolve)

"""Two records that may be of one person: suspected by likeness, settled by an officer. Nothing merges by itself.

A student with a home here and one at the university is one person with two true residences (RPA 1983 s.5): the pair is
dismissed as such, and no later look at the register raises it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused
from shared.events.registration import (
    DuplicateConfirmed,
    DuplicateDismissed,
    DuplicateSuspected,
    Looked,
    NotDuplicate,
    suspicion_id,
)
from shared.events.values import ApplicationId, ElectorId
from shared.law import duplicates as law


@dataclass(frozen=True, slots=True)
class SuspectDuplicate:
    """Two records: entries, applications, or one of each."""

    electors: tuple[ElectorId, ...]
    applications: tuple[ApplicationId, ...]
    score: int
    reasons: tuple[str, ...]
    found_on: date
    looked: Looked


@dataclass(frozen=True, slots=True)
class DismissDuplicate:
    dismissed_on: date
    because: NotDuplicate


@dataclass(frozen=True, slots=True)
class ConfirmDuplicate:
    """`moved`: the applicant left the address of the entry."""

    confirmed_on: date
    officer: str
    moved: bool = False


Command = SuspectDuplicate | DismissDuplicate | ConfirmDuplicate
Event = DuplicateSuspected | DuplicateDismissed | DuplicateConfirmed


@dataclass(frozen=True, slots=True)
class Unsuspected:
    pass


@dataclass(frozen=True, slots=True)
class Suspected:
    found: DuplicateSuspected


@dataclass(frozen=True, slots=True)
class Settled:
    """`confirmed`: found to be one person, and by whom; None when they stay two."""

    found: DuplicateSuspected
    confirmed: DuplicateConfirmed | None


Suspicion = Unsuspected | Suspected | Settled


def decide(command: Command, suspicion: Suspicion) -> Sequence[Event]:
    match command, suspicion:
        case SuspectDuplicate(), Unsuspected():
            return [suspect(command)]
        case SuspectDuplicate(), _:
            return []  # found again, or settled already
        case _, Unsuspected():
            raise Refused(law.NOT_SUSPECTED)
        case _, Settled():
            raise Refused(law.SETTLED)
        case DismissDuplicate(on, because), Suspected(found):
            return [DuplicateDismissed(found.suspicion_id, on, because)]
        case ConfirmDuplicate(on, officer, moved), Suspected(found):
            if moved and not (found.electors and found.applications):
                raise Refused(law.NOBODY_MOVED)
            return [DuplicateConfirmed(found.suspicion_id, on, found.electors, found.applications, officer, moved)]
        case _:
            raise AssertionError("every command was met by every state")


def suspect(command: SuspectDuplicate) -> DuplicateSuspected:
    return DuplicateSuspected(
        suspicion_id=suspicion_id(*command.electors, *command.applications),
        electors=command.electors,
        applications=command.applications,
        score=command.score,
        reasons=command.reasons,
        found_on=command.found_on,
        looked=command.looked,
    )


def evolve(suspicion: Suspicion, event: Event) -> Suspicion:
    if isinstance(event, DuplicateSuspected):
        return Suspected(event)
    if isinstance(suspicion, Unsuspected):
        raise ValueError("what is suspected begins with DuplicateSuspected")
    match event:
        case DuplicateDismissed():
            return Settled(suspicion.found, None)
        case DuplicateConfirmed():
            return Settled(suspicion.found, event)
        case _:
            assert_never(event)


suspicions: Decider[Command, Suspicion, Event] = Decider("duplicate", Unsuspected(), decide, evolve)

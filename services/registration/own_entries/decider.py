"""What an officer says of themself: which entries are their own. [duties of separation: nobody acts on their own record]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.eventcore.deciding import Decider
from shared.events.registration import OwnEntriesDeclared
from shared.events.values import ElectorId


@dataclass(frozen=True, slots=True)
class DeclareOwnEntries:
    officer: str
    elector_ids: tuple[ElectorId, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Declared:
    elector_ids: tuple[ElectorId, ...] | None = None
    """None: nothing was said yet."""


def decide(command: DeclareOwnEntries, said: Declared) -> Sequence[OwnEntriesDeclared]:
    if said.elector_ids == command.elector_ids:
        return []
    return [OwnEntriesDeclared(command.officer, command.elector_ids, command.on)]


def evolve(_: Declared, event: OwnEntriesDeclared) -> Declared:
    return Declared(event.elector_ids)


own_entries: Decider[DeclareOwnEntries, Declared, OwnEntriesDeclared] = Decider(
    "own-entries", Declared(), decide, evolve
)

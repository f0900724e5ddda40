"""Numbering the register that is to be published on a day: begun once, with the order frozen, and completed. [RPR 2001 r.40]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import RenumberingBegun, RenumberingCompleted
from shared.events.values import Authority
from shared.law.registration import revised_register

NOT_BEGUN = Rule(
    "renumbering-not-begun",
    "Nobody has begun to number this register.",
    "RPR 2001 r.40",
    "Begin the numbering of the register of that day.",
)
NO_ENTRIES = Rule("no-entries", "The register of that day holds no entry.", "RPR 2001 r.38-40", "Look at the day.")


def renumbering_id(authority: Authority, publish_on: date) -> UUID:
    """The stream of the numbering of one revised register."""
    return uuid5(UUID(int=0), f"renumbering:{authority}:{publish_on}")


@dataclass(frozen=True, slots=True)
class BeginRenumbering:
    """`canvass`: the year whose canvass the register closes; `polls` of that year, one of which may postpone it."""

    publish_on: date
    canvass: int
    positions: tuple[int, ...]
    electors: int
    polls: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class CompleteRenumbering:
    renumbered: int
    moved_up: int


Command = BeginRenumbering | CompleteRenumbering
Event = RenumberingBegun | RenumberingCompleted


@dataclass(frozen=True, slots=True)
class NotBegun:
    pass


@dataclass(frozen=True, slots=True)
class Begun:
    order: RenumberingBegun
    completed: RenumberingCompleted | None = None


Renumbering = NotBegun | Begun


def decide(command: Command, renumbering: Renumbering) -> Sequence[Event]:
    match command, renumbering:
        case BeginRenumbering(on, canvass, positions, electors, polls), NotBegun():
            revised_register(canvass, on, polls=polls)  # refused on a day on which none may be published
            if electors == 0:
                raise Refused(NO_ENTRIES)
            return [RenumberingBegun(on, positions, electors)]
        case BeginRenumbering(), Begun():
            return []  # it goes on in the order that was frozen first
        case CompleteRenumbering(), NotBegun():
            raise Refused(NOT_BEGUN)
        case CompleteRenumbering(renumbered, moved_up), Begun(order, completed):
            if completed is not None and (completed.renumbered, completed.moved_up) == (renumbered, moved_up):
                return []
            return [RenumberingCompleted(order.publish_on, renumbered, moved_up)]
        case _:
            raise AssertionError("every command is decided above")


def evolve(renumbering: Renumbering, event: Event) -> Renumbering:
    match event:
        case RenumberingBegun():
            return Begun(event)
        case RenumberingCompleted():
            if not isinstance(renumbering, Begun):
                raise ValueError("a numbering is completed after it was begun")
            return Begun(renumbering.order, event)
        case _:
            assert_never(event)


renumberings: Decider[Command, Renumbering, Event] = Decider("renumbering", NotBegun(), decide, evolve)

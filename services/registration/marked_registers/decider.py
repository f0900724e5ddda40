"""The marked papers of the polls of one day: received, kept for a year or longer by order, then destroyed before a witness.
[RPA 1983 Sch 1 r.55-57; RPR 2001 r.117-120]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    Destruction,
    MarkedPaper,
    MarkedRegistersDestroyed,
    MarkedRegistersFreed,
    MarkedRegistersKept,
    MarkedRegistersReceived,
)
from shared.law.marked_registers import NO_LONGER_OPEN, NOT_MARKED_YET, open_period

NOT_HELD: Final = Rule(
    "marked-registers-not-held",
    "The returning officer has delivered no marked register of that poll.",
    "RPA 1983 Sch 1 r.55",
    "Enter what was delivered first.",
)
STILL_OPEN: Final = Rule(
    "marked-registers-still-open",
    "Marked registers are open to inspection for twelve months after their poll.",
    "RPA 1983 Sch 1 r.57(1); RPR 2001 r.118",
    "Destroy them after the day that `closes` names.",
)
KEPT_BY_ORDER: Final = Rule(
    "marked-registers-kept-by-order",
    "An order forbids their destruction.",
    "RPA 1983 Sch 1 r.57(1)",
    "Enter that the order has ended, then destroy them.",
)
NO_WITNESS: Final = Rule(
    "destruction-needs-a-witness",
    "Another officer sees the destruction of the papers of a poll.",
    "Moothall separation of duties: erase; RPA 1983 Sch 1 r.57(1)",
    "Name the officer who saw it.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class Receive:
    polling_day: date
    papers: tuple[MarkedPaper, ...]
    held_at: str
    on: date


@dataclass(frozen=True, slots=True)
class KeepByOrder:
    order: str
    on: date


@dataclass(frozen=True, slots=True)
class EndOrder:
    on: date


@dataclass(frozen=True, slots=True)
class Destroy:
    how: Destruction
    by: str
    witness: str
    on: date


Command = Receive | KeepByOrder | EndOrder | Destroy
Event = MarkedRegistersReceived | MarkedRegistersKept | MarkedRegistersFreed | MarkedRegistersDestroyed


@dataclass(frozen=True, slots=True)
class NotHeld:
    pass


@dataclass(frozen=True, slots=True)
class Held:
    received: MarkedRegistersReceived
    order: str = ""


@dataclass(frozen=True, slots=True)
class Destroyed:
    pass


Papers = NotHeld | Held | Destroyed


def decide(command: Command, papers: Papers) -> Sequence[Event]:
    match command, papers:
        case Destroy(), Destroyed():
            return []
        case _, Destroyed():
            raise Refused(NO_LONGER_OPEN)
        case Receive(), NotHeld() | Held():
            return received(command, papers)
        case _, NotHeld():
            raise Refused(NOT_HELD)
        case KeepByOrder(order, on), Held(known):
            return [] if papers.order == order else [MarkedRegistersKept(known.polling_day, on, order)]
        case EndOrder(on), Held(known):
            return [MarkedRegistersFreed(known.polling_day, on)] if papers.order else []
        case Destroy(), Held():
            return destroyed(command, papers)
        case _:
            raise AssertionError("every command is decided above")


def received(command: Receive, papers: NotHeld | Held) -> Sequence[Event]:
    """More may be delivered later; what was entered last is what is held."""
    if command.on < open_period(command.polling_day).opens:
        raise Refused(NOT_MARKED_YET)
    event = MarkedRegistersReceived(command.polling_day, command.on, command.papers, command.held_at)
    if isinstance(papers, Held) and replace(papers.received, received_on=command.on) == event:
        return []
    return [event]


def destroyed(command: Destroy, papers: Held) -> Sequence[Event]:
    polling_day = papers.received.polling_day
    if command.on <= open_period(polling_day).closes:
        raise Refused(STILL_OPEN)
    if papers.order:
        raise Refused(KEPT_BY_ORDER)
    if not command.witness.strip():
        raise Refused(NO_WITNESS)
    return [MarkedRegistersDestroyed(polling_day, command.on, command.how, command.by, command.witness)]


def evolve(papers: Papers, event: Event) -> Papers:
    match event, papers:
        case MarkedRegistersDestroyed(), _:
            return Destroyed()
        case MarkedRegistersReceived(), Held():
            return replace(papers, received=event)
        case MarkedRegistersReceived(), _:
            return Held(event)
        case MarkedRegistersKept(order=order), Held():
            return replace(papers, order=order)
        case MarkedRegistersFreed(), Held():
            return replace(papers, order="")
        case MarkedRegistersKept() | MarkedRegistersFreed(), _:
            raise ValueError("papers are held before they are kept by order")
        case _:
            assert_never(event)


marked_registers: Decider[Command, Papers, Event] = Decider("marked-registers", NotHeld(), decide, evolve)

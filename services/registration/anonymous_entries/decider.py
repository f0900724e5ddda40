"""One anonymous entry as the register prints it: listed under a number, altered, struck off (ADR 0015)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Claim, Decider, Refused
from shared.events.registration import (
    AnonymousEntryAltered,
    AnonymousEntryListed,
    AnonymousEntryStruckOff,
    PrintedMark,
)
from shared.events.values import ElectoralAreas, ElectorId, ElectorNumber
from shared.law.electors import NOT_ON_REGISTER, NUMBER_TAKEN

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of an entry, and the registers its elector votes on."""

    number: ElectorNumber
    numbered_in: date
    ends_on: date
    mark: PrintedMark = ""
    votes_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListEntry:
    entry_id: ElectorId
    printed: Printed
    effective_on: date
    notice: str
    areas: ElectoralAreas
    """Of the polling district."""


@dataclass(frozen=True, slots=True)
class AlterEntry:
    """`printed`: as it is to read from `effective_on`."""

    printed: Printed
    effective_on: date


@dataclass(frozen=True, slots=True)
class RenumberEntry:
    """By a revised register or a change of polling district (RPR r.40)."""

    number: ElectorNumber
    numbered_in: date
    effective_on: date


@dataclass(frozen=True, slots=True)
class StrikeOff:
    effective_on: date
    notice: str


Command = ListEntry | AlterEntry | RenumberEntry | StrikeOff
Event = AnonymousEntryListed | AnonymousEntryAltered | AnonymousEntryStruckOff

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotListed:
    pass


@dataclass(frozen=True, slots=True)
class Listed:
    entry_id: ElectorId
    printed: Printed


@dataclass(frozen=True, slots=True)
class StruckOff:
    pass


Entry = NotListed | Listed | StruckOff


def decide(command: Command, entry: Entry) -> Sequence[Event]:
    match command, entry:
        case ListEntry(entry_id, p, on, notice, areas), NotListed():
            return [
                AnonymousEntryListed(
                    entry_id, p.number, p.numbered_in, on, notice, p.ends_on, p.mark, p.votes_in, areas
                )
            ]
        case AlterEntry(printed, on), Listed(entry_id, known):
            if printed == known:
                return []
            p = printed
            return [AnonymousEntryAltered(entry_id, p.number, p.numbered_in, on, p.ends_on, p.mark, p.votes_in)]
        case RenumberEntry(number, numbered_in, on), Listed(printed=known):
            return decide(AlterEntry(replace(known, number=number, numbered_in=numbered_in), on), entry)
        case StrikeOff(on, notice), Listed(entry_id):
            return [AnonymousEntryStruckOff(entry_id, on, notice)]
        case ListEntry() | StrikeOff(), _:
            return []  # it was listed, or struck off, before
        case _:
            raise Refused(NOT_ON_REGISTER)


def evolve(_entry: Entry, event: Event) -> Entry:
    match event:
        case AnonymousEntryListed() | AnonymousEntryAltered():
            printed = Printed(event.number, event.numbered_in, event.ends_on, event.mark, event.votes_in)
            return Listed(event.entry_id, printed)
        case AnonymousEntryStruckOff():
            return StruckOff()
        case _:
            assert_never(event)


def boundary(event: Event) -> Iterable[Claim]:
    """A number is given once in a register, to whomever: the tag is that of ordinary entries."""
    match event:
        case AnonymousEntryListed() | AnonymousEntryAltered():
            yield Claim(f"number:{event.numbered_in}:{event.number}", NUMBER_TAKEN)
        case AnonymousEntryStruckOff():
            return
        case _:
            assert_never(event)


anonymous_entries: Decider[Command, Entry, Event] = Decider("anonymous-entry", NotListed(), decide, evolve, boundary)

"""A council's canvass of one year: started, its electors sent for matching, results in, routes drawn up, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    CanvassClosed,
    CanvassId,
    CanvassRoutesAssigned,
    CanvassStarted,
    ElectorsSentForMatch,
    MatchResultReceived,
    MatchSource,
)
from shared.law.canvass import check_recent_days, result_due

# --------------------------------------------------------------------- rules

CANVASS_STARTED = Rule(
    "canvass-started",
    "The canvass of this year has started already.",
    "RPA 1983 s.9D(1)",
    "Go on with it: there is one a year.",
)
NO_CANVASS = Rule("no-canvass", "The canvass of this year has not started.", "RPA 1983 s.9D(1)", "Start it.")
CANVASS_CLOSED = Rule(
    "canvass-closed",
    "The canvass of this year is closed.",
    "RPA 1983 s.9D, s.13(1)",
    "Take what you learnt as an invitation, a source for a removal, or in next year's canvass.",
)
YEAR_OF_CANVASS = Rule(
    "not-the-year-of-the-canvass",
    "A canvass starts in the year it is for.",
    "RPA 1983 s.9D(1)",
    "Start the canvass of this year.",
    invalid=True,
)
NOTHING_SENT = Rule(
    "nothing-sent-for-match",
    "The national match answers what it was sent, and nothing was sent yet.",
    "RPA 1983 s.9D(6); RPR 2001 r.32ZBA",
    "Produce the file of electors and send it first.",
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class StartCanvass:
    canvass_id: CanvassId
    year: int
    started_on: date
    recent_days: int


@dataclass(frozen=True, slots=True)
class SendElectors:
    electors: int
    file_sha256: str
    sent_on: date


@dataclass(frozen=True, slots=True)
class ReceiveMatchResult:
    source: MatchSource
    file_sha256: str
    matched: int
    unmatched: int
    unknown: int
    received_on: date


@dataclass(frozen=True, slots=True)
class DrawUpRoutes:
    """The data step went through all properties, with these counts."""

    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CloseCanvass:
    closed_on: date


Command = StartCanvass | SendElectors | ReceiveMatchResult | DrawUpRoutes | CloseCanvass
Event = CanvassStarted | ElectorsSentForMatch | MatchResultReceived | CanvassRoutesAssigned | CanvassClosed

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotStarted:
    pass


@dataclass(frozen=True, slots=True)
class Canvassing:
    """`received`: contents of match results taken in."""

    started: CanvassStarted
    sent: bool = False
    received: frozenset[str] = frozenset()
    routed: bool = False
    closed: bool = False


Canvass = NotStarted | Canvassing


def decide(command: Command, canvass: Canvass) -> Sequence[Event]:
    if isinstance(command, StartCanvass):
        return start(command, canvass)
    under_way = open_canvass(canvass)
    canvass_id = under_way.started.canvass_id
    match command:
        case SendElectors(electors, sha256, on):
            return [ElectorsSentForMatch(canvass_id, electors, sha256, on, result_due(on))]
        case ReceiveMatchResult(source=source, file_sha256=sha256):
            expect(under_way, source)
            if sha256 in under_way.received:
                return []  # the same file again says nothing new
            return [
                MatchResultReceived(
                    canvass_id, source, sha256, command.matched, command.unmatched, command.unknown, command.received_on
                )
            ]
        case DrawUpRoutes(counts):
            return [CanvassRoutesAssigned(canvass_id, dict(counts))]
        case CloseCanvass(on):
            return [CanvassClosed(canvass_id, on)]
        case _:
            assert_never(command)


def start(command: StartCanvass, canvass: Canvass) -> Sequence[Event]:
    if isinstance(canvass, Canvassing):
        raise Refused(CANVASS_STARTED)
    if command.started_on.year != command.year:
        raise Refused(YEAR_OF_CANVASS)
    check_recent_days(command.recent_days, command.started_on)
    return [CanvassStarted(command.canvass_id, command.year, command.started_on, command.recent_days)]


def open_canvass(canvass: Canvass) -> Canvassing:
    """The canvass while it goes on. Raises `Refused`: `no-canvass`, `canvass-closed`."""
    if not isinstance(canvass, Canvassing):
        raise Refused(NO_CANVASS)
    if canvass.closed:
        raise Refused(CANVASS_CLOSED)
    return canvass


def expect(canvass: Canvassing, source: MatchSource) -> None:
    """Raises `Refused` for the answer to a match that nothing was sent for."""
    if source == "national" and not canvass.sent:
        raise Refused(NOTHING_SENT)


def evolve(canvass: Canvass, event: Event) -> Canvass:
    match event, canvass:
        case CanvassStarted(), _:
            return Canvassing(event)
        case ElectorsSentForMatch(), Canvassing():
            return replace(canvass, sent=True)
        case MatchResultReceived(file_sha256=sha256), Canvassing():
            return replace(canvass, received=canvass.received | {sha256})
        case CanvassRoutesAssigned(), Canvassing():
            return replace(canvass, routed=True)
        case CanvassClosed(), Canvassing():
            return replace(canvass, closed=True)
        case _:
            return canvass


canvasses: Decider[Command, Canvass, Event] = Decider("canvass", NotStarted(), decide, evolve)

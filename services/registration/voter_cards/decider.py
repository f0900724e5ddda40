"""One application for a Voter Authority Certificate, as far as the council keeps it. [RPA 1983 s.13BD; SI 2022/1382]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    TemporaryVoterCardIssued,
    VoterCardAppliedFor,
    VoterCardApproved,
    VoterCardCancellation,
    VoterCardCancelled,
    VoterCardChannel,
    VoterCardFormat,
    VoterCardId,
    VoterCardIssued,
    VoterCardLanguage,
    VoterCardPutOnHold,
    VoterCardRefusal,
    VoterCardRefused,
    VoterCardWaitsFor,
    voter_card_holder,
)
from shared.events.values import ElectorId
from shared.law.voter_cards import checked_number, destroyed_on, renew_by

_SOURCE: Final = "RPA 1983 s.13BD; SI 2022/1382"
UNKNOWN_CARD: Final = Rule(
    "unknown-voter-card", "Nobody applied for this certificate.", _SOURCE, "Enter the application first."
)
ENTERED_OTHERWISE: Final = Rule(
    "voter-card-entered-otherwise", "This application is entered already, and says something else.", _SOURCE,
    "Look at what is entered. A second application is a new one.",
)  # fmt: skip
DECIDED: Final = Rule(
    "voter-card-decided",
    "This application is decided.",
    _SOURCE,
    "Whoever was refused, or needs another, applies anew.",
)
NOT_APPROVED: Final = Rule(
    "voter-card-not-approved",
    "Only a certificate that is approved is printed.",
    _SOURCE,
    "Decide the application first.",
)
POLL_IS_OVER: Final = Rule(
    "voter-card-poll-is-over", "A temporary certificate is good at one poll, and that poll is over.", "SI 2022/1382",
    "Check the day of the poll.", invalid=True,
)  # fmt: skip
NOT_ISSUED: Final = Rule(
    "voter-card-not-issued", "There is no certificate to cancel.", _SOURCE, "Refuse the application instead."
)


@dataclass(frozen=True, slots=True)
class Apply:
    card_id: VoterCardId
    elector_id: ElectorId
    applied_on: date
    channel: VoterCardChannel
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PutOnHold:
    waits_for: VoterCardWaitsFor
    on: date


@dataclass(frozen=True, slots=True)
class Refuse:
    reason: VoterCardRefusal
    on: date


@dataclass(frozen=True, slots=True)
class Approve:
    on: date
    format: VoterCardFormat = "standard"
    language: VoterCardLanguage = "en"


@dataclass(frozen=True, slots=True)
class Issue:
    """`number`: as printed."""

    number: str
    on: date


@dataclass(frozen=True, slots=True)
class IssueTemporary:
    number: str
    polling_day: date
    on: date


@dataclass(frozen=True, slots=True)
class Cancel:
    reason: VoterCardCancellation
    on: date


Command = Apply | PutOnHold | Refuse | Approve | Issue | IssueTemporary | Cancel
Event = (
    VoterCardAppliedFor
    | VoterCardPutOnHold
    | VoterCardRefused
    | VoterCardApproved
    | VoterCardIssued
    | TemporaryVoterCardIssued
    | VoterCardCancelled
)
Stage = Literal["received", "on-hold", "approved", "issued", "refused", "cancelled"]


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True)
class Card:
    """`temporary`: the polls that it has a temporary certificate for."""

    applied: VoterCardAppliedFor
    stage: Stage = "received"
    waits_for: str = ""
    temporary: tuple[date, ...] = ()


State = Nothing | Card


def decide(command: Command, card: State) -> Sequence[Event]:
    if isinstance(command, Apply):
        return _applied(command, card)
    if isinstance(card, Nothing):
        raise Refused(UNKNOWN_CARD)
    identity = card.applied.card_id
    match command:
        case PutOnHold(waits_for, on):
            _undecided(card)
            return [] if card.waits_for == waits_for else [VoterCardPutOnHold(identity, on, waits_for)]
        case Refuse(reason, on):
            _undecided(card)
            return [VoterCardRefused(identity, on, reason)]
        case Approve(on, form, language):
            _undecided(card)
            return [VoterCardApproved(identity, on, form, language)]
        case Issue(number, on):
            if card.stage != "approved":
                raise Refused(NOT_APPROVED if card.stage in {"received", "on-hold"} else DECIDED)
            goes = destroyed_on(on, temporary=False)
            return [
                VoterCardIssued(identity, voter_card_holder(identity), checked_number(number), on, renew_by(on), goes)
            ]
        case IssueTemporary(number, polling_day, on):
            return _temporary(card, number, polling_day, on)
        case Cancel(reason, on):
            if card.stage != "issued":
                raise Refused(NOT_ISSUED)
            return [VoterCardCancelled(identity, on, reason)]
        case _:
            assert_never(command)


def _applied(command: Apply, card: State) -> Sequence[Event]:
    event = VoterCardAppliedFor(
        command.card_id, command.elector_id, command.applied_on, command.channel, command.reference
    )
    if isinstance(card, Card):
        if card.applied == event:
            return []
        raise Refused(ENTERED_OTHERWISE)
    return [event]


def _undecided(card: Card) -> None:
    if card.stage not in {"received", "on-hold"}:
        raise Refused(DECIDED)


def _temporary(card: Card, number: str, polling_day: date, on: date) -> Sequence[Event]:
    if card.stage != "approved":
        raise Refused(NOT_APPROVED if card.stage in {"received", "on-hold"} else DECIDED)
    if polling_day < on:
        raise Refused(POLL_IS_OVER)
    if polling_day in card.temporary:
        return []
    identity = card.applied.card_id
    return [
        TemporaryVoterCardIssued(
            identity,
            voter_card_holder(identity),
            checked_number(number),
            on,
            polling_day,
            destroyed_on(on, temporary=True),
        )
    ]


def evolve(card: State, event: Event) -> State:
    if isinstance(event, VoterCardAppliedFor):
        return Card(event)
    if isinstance(card, Nothing):
        raise ValueError("a certificate is applied for before anything else")
    match event:
        case VoterCardPutOnHold(waits_for=waits_for):
            return replace(card, stage="on-hold", waits_for=waits_for)
        case VoterCardRefused():
            return replace(card, stage="refused")
        case VoterCardApproved():
            return replace(card, stage="approved")
        case VoterCardIssued():
            return replace(card, stage="issued")
        case TemporaryVoterCardIssued(polling_day=polling_day):
            return replace(card, temporary=(*card.temporary, polling_day))
        case VoterCardCancelled():
            return replace(card, stage="cancelled")
        case _:
            assert_never(event)


voter_cards: Decider[Command, State, Event] = Decider("voter-card", Nothing(), decide, evolve)

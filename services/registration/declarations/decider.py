"""The declaration that a limited entry rests on: takes effect with the entry, is reminded of, renewed, cancelled, over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused
from shared.events.registration import (
    DeclarationCancelled,
    DeclarationCategory,
    DeclarationEnded,
    DeclarationReminderGiven,
    DeclarationRenewed,
    DeclarationTookEffect,
    ServiceEndLearnt,
)
from shared.events.values import ApplicationId, ElectorId, PersonId
from shared.law import declarations as law

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class PutIntoEffect:
    """Follows the addition of the entry, whose last day is `until`."""

    elector_id: ElectorId
    person_id: PersonId
    category: DeclarationCategory
    effective_on: date
    until: date
    made_on: date | None = None
    application_id: ApplicationId | None = None


@dataclass(frozen=True, slots=True)
class RenewDeclaration:
    made_on: date
    received_on: date
    application_id: ApplicationId | None = None


@dataclass(frozen=True, slots=True)
class LearnServiceEnd:
    ends_on: date


@dataclass(frozen=True, slots=True)
class RemindOfRenewal:
    """`until`: the end of the term it is about. A term renewed meanwhile is not reminded of."""

    reminder: int
    until: date
    given_on: date


@dataclass(frozen=True, slots=True)
class CancelDeclaration:
    cancelled_on: date


@dataclass(frozen=True, slots=True)
class EndDeclaration:
    """Follows the removal of the entry."""

    ended_on: date


Command = PutIntoEffect | RenewDeclaration | LearnServiceEnd | RemindOfRenewal | CancelDeclaration | EndDeclaration
Event = (
    DeclarationTookEffect
    | DeclarationRenewed
    | ServiceEndLearnt
    | DeclarationReminderGiven
    | DeclarationCancelled
    | DeclarationEnded
)

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NoDeclaration:
    """None yet, or none any longer."""


@dataclass(frozen=True, slots=True)
class InForce:
    """`reminders`: how many were given in this term; `made_on`: the date on the newest declaration."""

    elector_id: ElectorId
    person_id: PersonId
    category: DeclarationCategory
    effective_on: date
    until: date
    made_on: date | None
    reminders: int = 0
    service_ends: date | None = None


Declaration = NoDeclaration | InForce


def decide(command: Command, declaration: Declaration) -> Sequence[Event]:
    match declaration:
        case NoDeclaration():
            return begin(command)
        case InForce():
            return go_on(command, declaration)
        case _:
            assert_never(declaration)


def begin(command: Command) -> Sequence[Event]:
    match command:
        case PutIntoEffect(elector, person, category, effective_on, until, made_on, application):
            return [DeclarationTookEffect(elector, person, category, effective_on, until, made_on, application)]
        case RemindOfRenewal() | EndDeclaration():
            return []
        case RenewDeclaration() | LearnServiceEnd() | CancelDeclaration():
            raise Refused(law.NONE_IN_FORCE)
        case _:
            assert_never(command)


def go_on(command: Command, declaration: InForce) -> Sequence[Event]:
    elector = declaration.elector_id
    match command:
        case PutIntoEffect():
            return []
        case RenewDeclaration():
            return renew(command, declaration)
        case LearnServiceEnd(ends_on):
            return [] if ends_on == declaration.service_ends else [ServiceEndLearnt(elector, ends_on)]
        case RemindOfRenewal():
            return remind(command, declaration)
        case CancelDeclaration(on):
            return [DeclarationCancelled(elector, on)]
        case EndDeclaration(on):
            return [DeclarationEnded(elector, on)]
        case _:
            assert_never(command)


def renew(command: RenewDeclaration, declaration: InForce) -> Sequence[Event]:
    if command.made_on > command.received_on:
        raise Refused(law.DATED_AHEAD)
    if not law.in_date(command.made_on, command.received_on):
        raise Refused(law.TOO_OLD)
    if command.made_on == declaration.made_on:
        return []  # the same declaration sent twice
    known, on = declaration, command.received_on
    until = law.renewed_until(known.category, on, known.until)
    return [
        DeclarationRenewed(
            known.elector_id,
            known.person_id,
            known.category,
            command.made_on,
            on,
            until,
            known.until,
            command.application_id,
        )
    ]


def remind(command: RemindOfRenewal, declaration: InForce) -> Sequence[Event]:
    known = declaration
    if command.until != known.until or known.service_ends is not None or command.reminder <= known.reminders:
        return []
    return [
        DeclarationReminderGiven(
            known.elector_id, known.person_id, known.category, command.reminder, known.until, command.given_on
        )
    ]


# -------------------------------------------------------------------- history


def evolve(declaration: Declaration, event: Event) -> Declaration:
    match event, declaration:
        case DeclarationTookEffect(elector, person, category, effective_on, until, made_on), _:
            return InForce(elector, person, category, effective_on, until, made_on)
        case DeclarationRenewed(until=until, effective_on=on, made_on=made_on), InForce():
            return replace(declaration, until=until, effective_on=on, made_on=made_on, reminders=0, service_ends=None)
        case ServiceEndLearnt(ends_on=ends_on), InForce():
            return replace(declaration, service_ends=ends_on)
        case DeclarationReminderGiven(reminder=reminder), InForce():
            return replace(declaration, reminders=reminder)
        case DeclarationCancelled() | DeclarationEnded(), _:
            return NoDeclaration()
        case _:
            raise ValueError("a declaration's history begins with DeclarationTookEffect")


declarations: Decider[Command, Declaration, Event] = Decider("declaration", NoDeclaration(), decide, evolve)

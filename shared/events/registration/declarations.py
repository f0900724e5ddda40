"""Declarations of overseas, service and local-connection voters: in effect, renewed, reminded of, over.

An entry of these categories lasts as long as its declaration. Nothing here is personal but the ids.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from shared.events.definition import event
from shared.events.values import ApplicationId, ElectorId, PersonId

DeclarationCategory = Literal["overseas", "forces", "crown", "local-connection"]


def declaration_id(elector: ElectorId) -> UUID:
    """The stream of an elector's declaration: an entry has one, renewed or not."""
    return uuid5(elector, "declaration")


@event("registration.declaration-took-effect.v1", effective="effective_on")
class DeclarationTookEffect:
    """The entry that rests on this declaration is on the register from `effective_on`, at the longest to `until`."""

    elector_id: ElectorId
    person_id: PersonId
    category: DeclarationCategory
    effective_on: date
    until: date
    made_on: date | None = None
    """The date on the declaration; None for an entry taken over from another system."""
    application_id: ApplicationId | None = None


@event("registration.declaration-renewed.v1", effective="effective_on")
class DeclarationRenewed:
    """A fresh declaration was received while one was in force: the entry now lasts to `until`."""

    elector_id: ElectorId
    person_id: PersonId
    category: DeclarationCategory
    made_on: date
    effective_on: date
    until: date
    was_until: date
    application_id: ApplicationId | None = None


@event("registration.service-end-learnt.v1")
class ServiceEndLearnt:
    """The elector leaves the service on `ends_on` (a discharge, say), so nobody reminds them to renew."""

    elector_id: ElectorId
    ends_on: date


@event("registration.declaration-reminder-given.v1", effective="given_on")
class DeclarationReminderGiven:
    """The elector is reminded that the declaration ends on `until`; `reminder` counts from 1."""

    elector_id: ElectorId
    person_id: PersonId
    category: DeclarationCategory
    reminder: int
    until: date
    given_on: date


@event("registration.declaration-cancelled.v1", effective="cancelled_on")
class DeclarationCancelled:
    """The elector took the declaration back, or it no longer holds; the entry goes with it."""

    elector_id: ElectorId
    cancelled_on: date


@event("registration.declaration-ended.v1", effective="ended_on")
class DeclarationEnded:
    """The entry that rested on it is off the register."""

    elector_id: ElectorId
    ended_on: date


@event("registration.entry-term-changed.v1", effective="changed_on")
class EntryTermChanged:
    """In the stream of an elector: the entry's last day is now `ends_on`, by a renewal or a cancellation."""

    elector_id: ElectorId
    ends_on: date
    was: date | None
    changed_on: date

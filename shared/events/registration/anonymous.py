"""What the register prints of an anonymous elector: a number, and how long. Who that is nobody learns here (ADR 0015).

None of these events has a subject: they hold no person, name, address or property, sealed or not.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import Literal

from shared.events.definition import event
from shared.events.values import ElectoralAreas, ElectorId, ElectorNumber

PrintedMark = Literal["", "F", "B", "L"]
"""The letter that may stand before the N (RPR 2001 r.41A, r.42)."""


@event("registration.anonymous-entry-listed.v1", effective="effective_on")
class AnonymousEntryListed:
    """An anonymous entry is on the register from `effective_on`. `entry_id` names it here and for no other purpose."""

    entry_id: ElectorId
    number: ElectorNumber
    numbered_in: date
    """The revised register whose numbering this number belongs to: its publication day."""
    effective_on: date
    notice: str
    ends_on: date
    mark: PrintedMark = ""
    votes_in: tuple[str, ...] = ()
    """The registers on which the elector may vote from that day (ADR 0006); empty under voting age."""
    areas: ElectoralAreas = field(default_factory=ElectoralAreas)
    """Of the polling district, as its letters tell: never of a home."""


@event("registration.anonymous-entry-altered.v1", effective="effective_on")
class AnonymousEntryAltered:
    """The entry lasts longer, by a renewal, has another number or mark, or its elector came of age."""

    entry_id: ElectorId
    number: ElectorNumber
    numbered_in: date
    effective_on: date
    ends_on: date
    mark: PrintedMark = ""
    votes_in: tuple[str, ...] = ()


@event("registration.anonymous-entry-struck-off.v1", effective="effective_on")
class AnonymousEntryStruckOff:
    """The entry is off the register from `effective_on`. Why is not said."""

    entry_id: ElectorId
    effective_on: date
    notice: str

"""From rows to properties: what one supply says of each property and street, on top of what was known.

How it works. All rows are staged first; so a file that is refused has changed nothing. Then each property's rows are
folded in the order of volume and PRO_ORDER over what was known of it: I inserts a record, U replaces the whole record,
D deletes it. In a full supply (and in GML, whose features are whole) nothing known remains but what the file repeats.
A change to a street or its name reaches every property with an address on it, also those the file does not mention.
History is not kept here: whoever stores the outcomes as events has it.

An LPI that moves to another UPRN must be deleted from the first one by a row of its own, as the formats demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from services.registration.exchange.gazetteer.property import (
    GazetteerProperty,
    GazetteerStreet,
    KnownGazetteer,
    taken_over_by,
)
from services.registration.exchange.gazetteer.records import (
    TYPES,
    Blpu,
    Classification,
    CrossReference,
    DeliveryPoint,
    Lpi,
    Organisation,
    Record,
    Street,
    StreetDescriptor,
    Successor,
    key,
)
from services.registration.exchange.gazetteer.refusals import (
    DUPLICATE_RECORD,
    DUPLICATE_UPRN,
    NO_PROPERTY,
    NOTHING_TO_DELETE,
    RowRefused,
)
from services.registration.exchange.gazetteer.staging import Staged, Staging

Refuse = Callable[[RowRefused], None]
Held = dict[tuple[int, str], Record]
"""The records of one owner by type and key."""
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class PropertySupplied:
    """The property as it now is, and the line of its own record (of its first changed record, or its street's)."""

    property: GazetteerProperty
    line: int


@dataclass(frozen=True, slots=True)
class PropertyWithdrawn:
    """The supply deletes the property. `successors`: the UPRNs that it says took its place."""

    uprn: int
    line: int
    successors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StreetSupplied:
    street: GazetteerStreet
    line: int


@dataclass(frozen=True, slots=True)
class StreetWithdrawn:
    usrn: int
    line: int


class Assembly:
    """Reads staged rows together with what was known. `whole`: properties in this supply are described in full."""

    def __init__(self, staging: Staging, known: KnownGazetteer, refuse: Refuse, whole: bool) -> None:
        self._staging = staging
        self._known = known
        self._refuse = refuse
        self._whole = whole
        self._street = lru_cache(maxsize=4096)(self._street_now)

    def streets(self) -> Iterator[StreetSupplied | StreetWithdrawn]:
        """Every street that the supply mentions, by USRN."""
        for usrn, changes in self._staging.streets():
            held = self._fold(self._held_street(usrn, changes), changes, self._refuse)
            if held:
                yield StreetSupplied(_street(usrn, held), changes[0].line)
            elif self._known.street(usrn) is not None:
                yield StreetWithdrawn(usrn, changes[0].line)

    def properties(self) -> Iterator[PropertySupplied | PropertyWithdrawn]:
        """Every property that the supply mentions, by UPRN; then those that only a street's change reaches."""
        for uprn, changes in self._staging.properties():
            outcome = self._property(uprn, changes)
            if outcome is not None:
                yield outcome
        yield from self._restreeted()

    def _property(self, uprn: int, changes: list[Staged]) -> PropertySupplied | PropertyWithdrawn | None:
        own = TYPES[Blpu]
        before = None if self._described(changes, own) else self._known.property(uprn)
        held = self._fold(_held(before), changes, self._refuse)
        line = next((c.line for c in reversed(changes) if c.type == own), changes[0].line)
        if (own, "") in held:
            return PropertySupplied(self._assembled(held), line)
        if before is not None:
            return PropertyWithdrawn(uprn, line, taken_over_by(uprn, _by_class(held)(Successor)))
        for change in changes:
            if change.type != own and change.operation != "D":
                self._refuse(RowRefused(change.line, change.type, NO_PROPERTY, "UPRN", str(uprn), volume=change.volume))
        return None

    def _restreeted(self) -> Iterator[PropertySupplied]:
        for usrn, changes in self._staging.streets():
            self._staging.note_restreeted(self._known.on_street(usrn), usrn, changes[0].line)
        for uprn, line in self._staging.restreeted():
            before = self._known.property(uprn)
            if before is not None:
                after = replace(before, streets=self._streets(before.lpis))
                if after != before:
                    yield PropertySupplied(after, line)

    def _assembled(self, held: Held) -> GazetteerProperty:
        blpu = held[TYPES[Blpu], ""]
        assert isinstance(blpu, Blpu)
        of = _by_class(held)
        lpis = of(Lpi)
        return GazetteerProperty(
            blpu,
            lpis,
            self._streets(lpis),
            of(DeliveryPoint),
            of(Organisation),
            of(Classification),
            of(CrossReference),
            of(Successor),
        )

    def _streets(self, lpis: Iterable[Lpi]) -> tuple[GazetteerStreet, ...]:
        streets = (self._street(usrn) for usrn in sorted({lpi.usrn for lpi in lpis}))
        return tuple(street for street in streets if street is not None)

    def _street_now(self, usrn: int) -> GazetteerStreet | None:
        # Refusals of street rows are reported once, by `streets`.
        changes = self._staging.street(usrn)
        held = self._fold(self._held_street(usrn, changes), changes, lambda _: None)
        return _street(usrn, held) if held else None

    def _held_street(self, usrn: int, changes: list[Staged]) -> Held:
        return {} if self._described(changes, TYPES[Street]) else _held(self._known.street(usrn))

    def _described(self, changes: Iterable[Staged], own: int) -> bool:
        """Whether the supply describes this owner in full, so that what was known of it no longer counts."""
        return self._whole and any(c.type == own and c.operation != "D" for c in changes)

    def _fold(self, held: Held, changes: Iterable[Staged], refuse: Refuse) -> Held:
        """Apply the changes of one owner, which come ordered by record and then by volume and PRO_ORDER."""
        for place, of_record in groupby(changes, key=lambda c: (c.type, c.key)):
            inserted: Staged | None = None
            for change in of_record:
                field, value = _identity(change)
                if change.operation == "D":
                    if held.pop(place, None) is None:
                        refuse(
                            RowRefused(change.line, change.type, NOTHING_TO_DELETE, field, value, None, change.volume)
                        )
                    inserted = None
                elif change.operation == "I" and inserted is not None:
                    rule = DUPLICATE_UPRN if change.type == TYPES[Blpu] else DUPLICATE_RECORD
                    refuse(RowRefused(change.line, change.type, rule, field, value, inserted.line, change.volume))
                else:
                    held[place] = change.record
                    inserted = change
        return held


def _held(known: GazetteerProperty | GazetteerStreet | None) -> Held:
    return {(TYPES[type(r)], key(r)): r for r in known.records()} if known is not None else {}


def _street(usrn: int, held: Held) -> GazetteerStreet:
    of = _by_class(held)
    return GazetteerStreet(usrn, next(iter(of(Street)), None), of(StreetDescriptor))


def _by_class(held: Held) -> Callable[[type[R]], tuple[R, ...]]:
    """Gives the records of one class in the order of their keys, so that equal content compares equal."""
    found: dict[type, list[Any]] = {}
    for _, record in sorted(held.items(), key=itemgetter(0)):
        found.setdefault(type(record), []).append(record)
    return lambda cls: tuple(found.get(cls, ()))


def _identity(change: Staged) -> tuple[str, str]:
    record = change.record
    if isinstance(record, Street | StreetDescriptor):
        return "USRN", str(record.usrn)
    return "UPRN", str(record.uprn)

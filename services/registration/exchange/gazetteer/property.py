"""A property and a street of the gazetteer with everything that is recorded of them.

Frozen values that compare by content: an import that changes nothing yields what was there. Pydantic's
`TypeAdapter(GazetteerProperty)` writes and reads them as JSON for whoever keeps them between imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from services.registration.exchange.gazetteer.records import (
    Blpu,
    Classification,
    CrossReference,
    DeliveryPoint,
    Lpi,
    Organisation,
    PropertyRecord,
    Street,
    StreetDescriptor,
    StreetRecord,
    Successor,
)

OS_SCHEME = "AddressBase Premium Classification Scheme"
"""The only scheme whose codes are ours; valuation codes (VOA) have schemes of their own."""
WARD, PARISH = "7666OW", "7666OP"
APPROVED, ALTERNATIVE, PROVISIONAL, HISTORICAL = 1, 3, 6, 8


@dataclass(frozen=True, slots=True)
class GazetteerStreet:
    """A street and its names by language. `street` is None when only a name was ever supplied."""

    usrn: int
    street: Street | None = None
    descriptors: tuple[StreetDescriptor, ...] = ()

    def descriptor(self, language: str) -> StreetDescriptor | None:
        """The name in this language, else the English one, else any."""
        by_language = {d.language: d for d in reversed(self.descriptors)}
        return by_language.get(language) or by_language.get("ENG") or next(iter(self.descriptors), None)

    def records(self) -> Iterator[StreetRecord]:
        if self.street is not None:
            yield self.street
        yield from self.descriptors


@dataclass(frozen=True, slots=True)
class GazetteerProperty:
    """A property, its addresses (LPIs) with the streets they are on, and what other data sets say of it."""

    blpu: Blpu
    lpis: tuple[Lpi, ...] = ()
    streets: tuple[GazetteerStreet, ...] = ()
    delivery_points: tuple[DeliveryPoint, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    classifications: tuple[Classification, ...] = ()
    cross_references: tuple[CrossReference, ...] = ()
    successors: tuple[Successor, ...] = ()

    @property
    def uprn(self) -> int:
        return self.blpu.uprn

    @property
    def class_code(self) -> str:
        """What the property is used for, e.g. RD06; empty when unclassified. DTF writes it on the property itself."""
        current = [c for c in self.classifications if c.class_scheme in (OS_SCHEME, None)]
        current.sort(key=lambda c: (c.end_date is not None, c.class_key))
        return current[0].classification_code if current else self.blpu.blpu_class or ""

    @property
    def successors_if_closed(self) -> tuple[int, ...]:
        """The UPRNs that took the place of a property that is history; none of one that stands."""
        return taken_over_by(self.uprn, self.successors) if self.blpu.logical_status == HISTORICAL else ()

    @property
    def ward_code(self) -> str:
        """The ward that the gazetteer itself names, GSS code; empty when it names none."""
        return self._reference(WARD) or self.blpu.ward_code or ""

    @property
    def parish_code(self) -> str:
        return self._reference(PARISH) or self.blpu.parish_code or ""

    def _reference(self, source: str) -> str:
        current = [x for x in self.cross_references if x.source == source and x.end_date is None]
        return current[0].cross_reference if current else ""

    def address(self, language: str = "ENG") -> Lpi | None:
        """The LPI that counts: approved before provisional before alternative before historical, then this language."""
        rank = {APPROVED: 0, PROVISIONAL: 1, ALTERNATIVE: 2}
        return min(
            self.lpis,
            key=lambda lpi: (rank.get(lpi.logical_status, 3), lpi.language != language, lpi.lpi_key),
            default=None,
        )

    def street(self, usrn: int) -> GazetteerStreet | None:
        return next((street for street in self.streets if street.usrn == usrn), None)

    def delivery_point(self) -> DeliveryPoint | None:
        """Royal Mail's address; of several, the one that has not ended."""
        return min(self.delivery_points, key=lambda d: (d.end_date is not None, d.udprn), default=None)

    def records(self) -> Iterator[PropertyRecord]:
        yield self.blpu
        for part in (self.lpis, self.delivery_points, self.organisations, self.classifications):
            yield from part
        yield from self.cross_references
        yield from self.successors


def taken_over_by(uprn: int, successors: Iterable[Successor]) -> tuple[int, ...]:
    """The UPRNs that the cross references of a property lead to now, without itself."""
    current = {s.successor for s in successors if s.end_date is None and s.successor not in (None, uprn)}
    return tuple(sorted(found for found in current if found is not None))


class KnownGazetteer(Protocol):
    """What was known before a file of changes: asked one property or street at a time."""

    def property(self, uprn: int) -> GazetteerProperty | None: ...
    def street(self, usrn: int) -> GazetteerStreet | None: ...
    def on_street(self, usrn: int) -> Iterable[int]:
        """The UPRNs with an address on this street."""
        ...


class _NothingKnown:
    def property(self, uprn: int) -> GazetteerProperty | None:
        return None

    def street(self, usrn: int) -> GazetteerStreet | None:
        return None

    def on_street(self, usrn: int) -> Iterable[int]:
        return ()


NOTHING_KNOWN: KnownGazetteer = _NothingKnown()
"""Before the first import."""

"""In which electoral areas properties lie: by the boundaries in use, else as the gazetteer says.

Each kind of boundary that is loaded decides its area: polling districts the district, wards the ward, and so on. A ward or
parish of which no boundaries are loaded is taken from the gazetteer. A property in neither a district nor a ward stays
on the unallocated list; if earlier boundaries had placed it, that is cleared. What an officer decided stands.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from services.registration.exchange.allocation import Allocation, Allocator, Position
from services.registration.exchange.boundaries import Area
from services.registration.imports import boundaries
from services.registration.properties.decider import (
    RETIRED_PROPERTY,
    AllocateProperty,
    ClearAllocation,
    Known,
    properties,
)
from shared.eventcore.checkpoints import Conn
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.events.registration import BoundaryKind
from shared.events.values import Authority, ElectoralAreas, PollingDistrict, PropertyId, Uprn, Ward, property_id
from shared.law.rules import Refused

OUTSIDE = "its point lies outside all areas of the boundaries in use"


class Home(NamedTuple):
    """A property's point, and the ward and parish that the gazetteer names."""

    uprn: int
    x: float | None
    y: float | None
    ward: str = ""
    parish: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a property lies. `reason` names the areas on whose border its point is."""

    uprn: int
    areas: ElectoralAreas
    method: Literal["boundary", "gazetteer"]
    reason: str = ""
    on_border: bool = False

    @property
    def known(self) -> bool:
        return bool(self.areas.district or self.areas.ward)


class Placing:
    """The boundaries in use, ready for any number of properties."""

    def __init__(self, sets: Mapping[BoundaryKind, tuple[str, Sequence[Area]]]) -> None:
        self._allocators = {kind: Allocator(areas) for kind, (_, areas) in sets.items()}
        self.version = ", ".join(f"{kind} {version[:12]}" for kind, (version, _) in sorted(sets.items()))

    @property
    def decides(self) -> bool:
        """Whether boundaries are loaded that decide district or ward."""
        return not self._allocators.keys().isdisjoint({"polling-district", "ward"})

    def command(self, place: Place, identity: PropertyId, today: date) -> AllocateProperty:
        version = self.version if place.method == "boundary" else ""
        return AllocateProperty(identity, place.areas, place.method, today, place.reason, version, place.on_border)

    def places(self, homes: Sequence[Home]) -> list[Place]:
        points = [Position(home.uprn, home.x, home.y) for home in homes]
        found = {kind: list(allocator.allocate(points)) for kind, allocator in self._allocators.items()}
        return [
            self._place(home, {kind: allocations[n] for kind, allocations in found.items()})
            for n, home in enumerate(homes)
        ]

    def _place(self, home: Home, found: Mapping[BoundaryKind, Allocation]) -> Place:
        def code(kind: BoundaryKind, otherwise: str = "") -> str:
            return found[kind].code or "" if kind in found else otherwise

        district = code("polling-district")
        # Where the boundaries in use know no district, the gazetteer's ward must not hide that from the unallocated list.
        ward = code("ward", home.ward if district or not self.decides else "")
        areas = ElectoralAreas(
            district=PollingDistrict(district),
            ward=Ward(ward),
            parish=code("parish", home.parish),
            county_division=code("county-division"),
            constituency=code("constituency"),
        )
        borders = [f"{' and '.join(a.candidates)} ({kind})" for kind, a in sorted(found.items()) if a.on_border]
        return Place(
            home.uprn,
            areas,
            "boundary" if self.decides else "gazetteer",
            f"on the border of {'; '.join(borders)}" if borders else "",
            bool(borders),
        )


async def placing(execute: Executor, conn: Conn, authority: str) -> Placing:
    return Placing(await boundaries.in_use(execute, conn, authority))


async def allocate(
    execute: Executor, by_boundaries: Placing, homes: Sequence[Home], by: Metadata, today: date
) -> Counter[str]:
    """Record where these properties lie, and count: `allocated`, `on_border` (of those), `unallocated`, `retired_by_hand`.

    Needs no command ids: a property that already lies there gives no event.
    """
    places = await asyncio.to_thread(by_boundaries.places, homes)
    outcomes = await asyncio.gather(*(_record(execute, by_boundaries, place, by, today) for place in places))
    return sum(outcomes, Counter[str]())


async def _record(execute: Executor, by_boundaries: Placing, place: Place, by: Metadata, today: date) -> Counter[str]:
    identity = property_id(Authority(by.authority), Uprn(place.uprn))
    try:
        if place.known:
            await execute(properties, identity, by_boundaries.command(place, identity, today), by=by)
        elif by_boundaries.decides:
            await clear(execute, identity, by)
    except Refused as refusal:
        if refusal.rule is not RETIRED_PROPERTY:  # by an officer: the gazetteer still holds it
            raise
        return Counter(retired_by_hand=1)
    return counted(place)


def counted(place: Place) -> Counter[str]:
    return Counter(allocated=1, on_border=int(place.on_border)) if place.known else Counter(unallocated=1)


async def clear(execute: Executor, identity: PropertyId, by: Metadata) -> None:
    """Take back what earlier boundaries or the gazetteer said of a property; what an officer said stays."""
    known = (await execute.state(properties, identity, by.authority)).state
    if isinstance(known, Known) and known.allocation and known.allocation.method != "manual":
        await execute(properties, identity, ClearAllocation(identity, OUTSIDE), by=by)

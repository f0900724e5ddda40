"""What polling districts would hold if they were drawn otherwise: pure, from homes and a plan to figures. [RPA 1983 s.18A-18E]

A home lies where the plan lists it, else in the polygon its point is in, else where it lies today. Coordinates are metres of
the British National Grid; a distance is the straight line from the home to the polling place.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import hypot
from uuid import UUID

import orjson

from services.registration.exchange.allocation import Allocator, Position
from services.registration.exchange.boundaries import Area
from shared.events.values import ElectoralAreas, PollingDistrict
from shared.law.rules import Refused, Rule

STRADDLES = Rule(
    "district-straddles-areas",
    "A polling district would lie in more than one ward, parish, division or constituency.",
    "RPA 1983 s.18A(4), s.31",
    "Split the district along the border of the areas.",
    invalid=True,
)
NOT_THESE_FIGURES = Rule(
    "what-if-changed",
    "The figures are no longer those that were looked at.",
    "Moothall: a plan is applied with the numbers it was decided on",
    "Count again, look at the figures, and apply them.",
)


@dataclass(frozen=True, slots=True)
class Home:
    """A property with the electors of today's register. Anonymous electors are at no property (ADR 0015)."""

    property_id: UUID
    x: float | None
    y: float | None
    areas: ElectoralAreas
    electors: int = 0
    attainers: int = 0
    postal_voters: int = 0


@dataclass(frozen=True, slots=True)
class Station:
    """A polling place and where it is."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Districts drawn otherwise. `listed`: properties that the plan names; `stations`: polling places by district."""

    drawn: Sequence[Area] = ()
    listed: Mapping[UUID, str] = field(default_factory=dict)
    stations: Mapping[str, Station] = field(default_factory=dict)

    def districts(self, homes: Sequence[Home]) -> list[str]:
        """The district of each home, in their order; empty where nobody knows."""
        found = Allocator(self.drawn).allocate(Position(0, h.x, h.y) for h in homes) if self.drawn else None
        points = [allocation.code for allocation in found] if found else [None] * len(homes)
        return [
            self.listed.get(home.property_id) or point or str(home.areas.district)
            for home, point in zip(homes, points, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Count:
    """One district. `at_station`: electors without a postal vote, who come to the polling place. Metres are per elector
    whose home has a point; None without a polling place."""

    properties: int = 0
    electors: int = 0
    attainers: int = 0
    postal_voters: int = 0
    at_station: int = 0
    metres_mean: int | None = None
    metres_farthest: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A property that another district takes over."""

    property_id: UUID
    areas: ElectoralAreas


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Each district as the plan has it and as it is today; `digest` names these planned figures and places."""

    planned: dict[str, Count]
    today: dict[str, Count]
    moves: tuple[Move, ...]
    electors_moved: int
    digest: str


def what_if(homes: Sequence[Home], plan: Plan) -> WhatIf:
    """Count the plan beside today. Raises `Refused` where a district would straddle other areas."""
    homes = sorted(homes, key=lambda home: home.property_id.bytes)
    districts = plan.districts(homes)
    moved = [(h, d) for h, d in zip(homes, districts, strict=True) if d != h.areas.district]
    planned = counted(zip(homes, districts, strict=True), plan.stations)
    placed = [[str(home.property_id), district] for home, district in zip(homes, districts, strict=True)]
    said = orjson.dumps([placed, planned], option=orjson.OPT_SORT_KEYS)
    _whole(homes, districts, {district for _, district in moved})
    return WhatIf(
        planned=planned,
        today=counted(((home, str(home.areas.district)) for home in homes), plan.stations),
        moves=tuple(Move(h.property_id, replace(h.areas, district=PollingDistrict(d))) for h, d in moved),
        electors_moved=sum(home.electors for home, _ in moved),
        digest=hashlib.sha256(said).hexdigest(),
    )


def counted(placed: Iterable[tuple[Home, str]], stations: Mapping[str, Station]) -> dict[str, Count]:
    """The figures of each district, by its letters."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    farthest: dict[str, float] = {}
    for home, district in placed:
        of = sums[district]
        of.update(properties=1, electors=home.electors, attainers=home.attainers, postal_voters=home.postal_voters)
        station = stations.get(district)
        if station and home.electors and home.x is not None and home.y is not None:
            metres = hypot(home.x - station.x, home.y - station.y)
            of.update(walkers=home.electors, millimetres=round(metres * home.electors * 1000))
            farthest[district] = max(metres, farthest.get(district, 0))
    return {district: _count(sums[district], farthest.get(district)) for district in sorted(sums)}


def _count(of: Counter[str], farthest: float | None) -> Count:
    return Count(
        of["properties"], of["electors"], of["attainers"], of["postal_voters"], of["electors"] - of["postal_voters"],
        round(of["millimetres"] / of["walkers"] / 1000) if of["walkers"] else None,
        round(farthest) if farthest is not None else None,
    )  # fmt: skip


def _whole(homes: Sequence[Home], districts: Sequence[str], changed: set[str]) -> None:
    """Each changed district lies in one of every other kind of area; homes of which that is not known say nothing."""
    for kind in ("ward", "parish", "county_division", "constituency"):
        lies: dict[str, set[str]] = defaultdict(set)
        for home, district in zip(homes, districts, strict=True):
            if district in changed and (area := getattr(home.areas, kind)):
                lies[district].add(str(area))
        for district, areas in sorted(lies.items()):
            if len(areas) > 1:
                raise Refused(STRADDLES, f"{district} would lie in {' and '.join(sorted(areas))} ({kind}).")

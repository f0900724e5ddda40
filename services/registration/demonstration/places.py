"""The properties of a gazetteer and the areas they lie in, as the first pages of a diary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import IO

from services.registration.demonstration.diary import Page
from services.registration.exchange.allocation import Allocation, Allocator, Position
from services.registration.exchange.gazetteer.assembly import PropertySupplied
from services.registration.exchange.gazetteer.electoral import gazetteer_facts
from services.registration.exchange.gazetteer.supply import Supply, read_supply
from services.registration.imports.boundaries import BoundarySet
from services.registration.properties.decider import AllocateProperty, RecordFacts, properties
from shared.eventcore.policy import Do
from shared.events.values import (
    Authority,
    ElectoralAreas,
    GazetteerFacts,
    PollingDistrict,
    Uprn,
    Ward,
    property_id,
)

BATCH = 500


def places(
    authority: Authority, gazetteer: IO[bytes], wards: BoundarySet, districts: BoundarySet, on: date
) -> Iterator[Page]:
    """Every property recorded and allocated, `BATCH` at a time. Raises FileRefused."""
    in_ward, in_district = Allocator(wards.areas), Allocator(districts.areas)
    with read_supply([gazetteer]) as supply:
        supplied = (gazetteer_facts(o.property) for o in supply.properties() if isinstance(o, PropertySupplied))
        while batch := list(islice(supplied, BATCH)):
            positions = [Position(int(facts.uprn or 0), facts.x, facts.y) for facts in batch]
            found = zip(batch, in_ward.allocate(positions), in_district.allocate(positions), strict=True)
            yield Page(on, [recorded(authority, supply, on, *place) for place in found])


def recorded(
    authority: Authority, supply: Supply, on: date, facts: GazetteerFacts, ward: Allocation, district: Allocation
) -> list[Do]:
    identity = property_id(authority, Uprn(district.uprn))
    steps = [Do(properties, identity, RecordFacts(identity, facts, supply.source))]
    areas = ElectoralAreas(PollingDistrict(district.code or ""), Ward(ward.code or ""))
    if areas.district:
        border = district.on_border or ward.on_border
        steps.append(Do(properties, identity, AllocateProperty(identity, areas, "boundary", on, on_border=border)))
    return steps

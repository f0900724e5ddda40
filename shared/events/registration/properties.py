"""What happens to the properties of a council's area: the gazetteer, boundaries, allocation to electoral areas."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.events.definition import event
from shared.events.values import (
    ElectoralAreas,
    GazetteerFacts,
    PropertyId,
)

Gazetteer = Literal["addressbase-premium-csv", "addressbase-premium-gml", "llpg-dtf-7.3", "officer"]
"""Where the facts about a property came from."""


@event("registration.property-added.v1")
class PropertyAdded:
    """A property is known. `electoral` says whether people may be registered at it, `because` why or why not."""

    property_id: PropertyId
    facts: GazetteerFacts
    electoral: bool
    because: str = ""
    source: Gazetteer = "officer"
    change_type: str = "I"
    judged: bool = False
    """An officer decided whether it is electoral."""


@event("registration.property-changed.v1")
class PropertyChanged:
    """The gazetteer or an officer says something else about a property. The old facts stay in its history."""

    property_id: PropertyId
    facts: GazetteerFacts
    electoral: bool
    because: str = ""
    source: Gazetteer = "officer"
    change_type: str = "U"
    judged: bool = False
    """An officer decided whether it is electoral."""


@event("registration.property-retired.v1")
class PropertyRetired:
    """A property is gone: deleted from the gazetteer, demolished, merged. Nobody new may be registered there."""

    property_id: PropertyId
    because: str
    source: Gazetteer = "officer"
    change_type: str = "D"


@event("registration.property-reinstated.v1")
class PropertyReinstated:
    """A retired property is back."""

    property_id: PropertyId
    facts: GazetteerFacts
    electoral: bool
    because: str = ""
    source: Gazetteer = "officer"
    change_type: str = "I"
    judged: bool = False
    """An officer decided whether it is electoral."""


SuccessionKind = Literal["replaced", "split", "merged"]
"""How properties follow one another: one for one (renumbered or renamed under another UPRN), one into several, several into one."""


@event("registration.property-succeeded.v1")
class PropertySucceeded:
    """Others took the place of a property that is gone. Entries on the register stay at it until an officer decides on each."""

    property_id: PropertyId
    how: SuccessionKind
    successors: tuple[PropertyId, ...]
    because: str
    along_with: tuple[PropertyId, ...] = ()
    """The other properties that were merged into the same one."""
    source: Gazetteer = "officer"


@event("registration.property-allocated.v1", effective="effective_on")
class PropertyAllocated:
    """A property lies in these electoral areas. `on_border`: its point is on a boundary, look again."""

    property_id: PropertyId
    areas: ElectoralAreas
    method: Literal["boundary", "manual", "gazetteer"]
    effective_on: date
    reason: str = ""
    boundary_version: str = ""
    on_border: bool = False


@event("registration.property-allocation-cleared.v1")
class PropertyAllocationCleared:
    """What was known of a property's electoral areas no longer holds, e.g. its point moved out of all of them."""

    property_id: PropertyId
    reason: str


@event("registration.gazetteer-loaded.v1")
class GazetteerLoaded:
    """One import of a gazetteer file has run. `counts` by outcome: added, changed, retired, unchanged, refused, …"""

    source: Gazetteer
    version: str
    file_sha256: str
    counts: dict[str, int]
    volume: int = 0
    process_date: date | None = None


@event("registration.gazetteer-taken-back.v1")
class GazetteerTakenBack:
    """What an import said of properties was taken back. `counts`: `taken_back`, and those that others had `changed_since`."""

    file_sha256: str
    because: str
    counts: dict[str, int]


BoundaryKind = Literal["ward", "polling-district", "county-division", "parish", "constituency"]


@event("registration.boundaries-loaded.v1")
class BoundariesLoaded:
    """These boundaries are in use for one kind of area, in place of those before. Their polygons are kept by version."""

    kind: BoundaryKind
    version: str
    """SHA-256 of the file, in hexadecimal."""
    areas: dict[str, str]
    """Name by code."""
    repaired: tuple[str, ...] = ()
    """Codes of areas whose outline crossed itself; look at them."""

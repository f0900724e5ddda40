"""One property: what the gazetteer or an officer says of it, whether people register there, in which areas it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never

from services.registration.properties.property import (
    REASON_NEEDED,
    RETIRED_PROPERTY,
    UNKNOWN_PROPERTY,
    Known,
    Property,
    Retired,
    Unknown,
    existed,
    existing,
    given,
)
from services.registration.properties.succession import SucceedProperty, succeed
from services.registration.properties.taking_back import TakeBack, take_back
from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    Gazetteer,
    PropertyAdded,
    PropertyAllocated,
    PropertyAllocationCleared,
    PropertyChanged,
    PropertyReinstated,
    PropertyRetired,
    PropertySucceeded,
)
from shared.events.values import ElectoralAreas, GazetteerFacts, PropertyId

__all__ = [
    "REASON_NEEDED",
    "RETIRED_PROPERTY",
    "UNKNOWN_PROPERTY",
    "Command",
    "Event",
    "Known",
    "Property",
    "Retired",
    "SucceedProperty",
    "TakeBack",
    "Unknown",
    "electoral",
    "properties",
]

# --------------------------------------------------------------------- rules

DISTRICT_NEEDED = Rule(
    "district-or-ward-needed",
    "An allocation names a polling district or a ward.",
    "RPA 1983 ss.18A, 31",
    "Choose the polling district, or the ward when districts are not known yet.",
    invalid=True,
)

RESIDENTIAL = ("RD", "RH", "RI", "X")
HIGHER_EDUCATION = ("CE01", "CE05")
APPROVED, PROVISIONAL, HISTORICAL, DEMOLISHED = 1, 6, 8, 4


def electoral(facts: GazetteerFacts) -> tuple[bool, str]:
    """Whether people may be registered at a gazetteer property, and why: a home or hall that gets post."""
    if facts.logical_status == PROVISIONAL:
        return False, "provisional: coming soon"
    if facts.logical_status == HISTORICAL:
        return False, "historical: closed"
    if facts.logical_status != APPROVED or facts.lpi_status != APPROVED:
        return False, "no approved address"
    if facts.state == DEMOLISHED:
        return False, "demolished"
    if facts.class_code.startswith("P"):
        return False, "parent shell"
    if facts.class_code != "R" and not facts.class_code.startswith(RESIDENTIAL + HIGHER_EDUCATION):
        return False, f"class {facts.class_code or 'unknown'} is not residential"
    if not facts.postal:
        return False, "receives no post"
    return True, f"class {facts.class_code}, receives post"


# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A gazetteer row, or an officer, says what a property is: adds, changes or reinstates it, or says nothing new."""

    property_id: PropertyId
    facts: GazetteerFacts
    source: Gazetteer = "officer"
    change_type: str = "I"


@dataclass(frozen=True, slots=True)
class JudgeElectoral:
    """An officer says whether people may be registered here; stands, whatever the gazetteer says later."""

    property_id: PropertyId
    electoral: bool
    because: str


@dataclass(frozen=True, slots=True)
class RetireProperty:
    property_id: PropertyId
    because: str
    source: Gazetteer = "officer"


@dataclass(frozen=True, slots=True)
class AllocateProperty:
    property_id: PropertyId
    areas: ElectoralAreas
    method: Literal["boundary", "manual", "gazetteer"]
    effective_on: date
    reason: str = ""
    boundary_version: str = ""
    on_border: bool = False


@dataclass(frozen=True, slots=True)
class ClearAllocation:
    property_id: PropertyId
    reason: str


Command = (
    RecordFacts | JudgeElectoral | RetireProperty | SucceedProperty | AllocateProperty | ClearAllocation | TakeBack
)
Event = (
    PropertyAdded
    | PropertyChanged
    | PropertyRetired
    | PropertySucceeded
    | PropertyReinstated
    | PropertyAllocated
    | PropertyAllocationCleared
)


def decide(command: Command, property: Property) -> Sequence[Event]:
    match command:
        case RecordFacts():
            return record(command, property)
        case RetireProperty() if isinstance(property, Retired):
            return []
        case RetireProperty(identity, because, source):
            existing(property)
            return [PropertyRetired(identity, given(because), source)]
        case JudgeElectoral(identity, yes, because):
            known = existing(property)
            if known.judged and (known.electoral, known.because) == (yes, because):
                return []
            return [PropertyChanged(identity, known.facts, yes, given(because), judged=True)]
        case SucceedProperty():
            return succeed(command, property)
        case TakeBack():
            return take_back(command, property)
        case AllocateProperty():
            return allocate(command, standing(command, property))
        case ClearAllocation(identity, reason):
            return [PropertyAllocationCleared(identity, given(reason))] if existing(property).allocation else []
        case _:
            assert_never(command)


def record(command: RecordFacts, property: Property) -> Sequence[Event]:
    identity, facts, source, change_type = command.property_id, command.facts, command.source, command.change_type
    # An officer adds a property because somebody lives there; a gazetteer holds pubs and pillar boxes too.
    yes, because = (True, "added by an officer") if source == "officer" else electoral(facts)
    match property:
        case Unknown():
            return [PropertyAdded(identity, facts, yes, because, source, change_type, judged=source == "officer")]
        case Retired() if facts.logical_status == HISTORICAL:
            return []  # gone here, and history there
        case Retired():
            return [PropertyReinstated(identity, facts, yes, because, source, change_type, judged=source == "officer")]
        case Known() if facts == property.facts:
            return []  # the same row again
        case Known() if property.judged or source == "officer":  # a change of facts leaves the judgement alone
            yes, because = property.electoral, property.because
            return [PropertyChanged(identity, facts, yes, because, source, change_type, property.judged)]
        case Known():
            return [PropertyChanged(identity, facts, yes, because, source, change_type)]
        case _:
            assert_never(property)


def allocate(command: AllocateProperty, property: Known) -> Sequence[Event]:
    if not (command.areas.district or command.areas.ward):
        raise Refused(DISTRICT_NEEDED)
    if command.method == "manual":
        given(command.reason)
    before = property.allocation
    if before and before.areas == command.areas and before.method == command.method:
        return []
    if before and before.method == "manual" and command.method != "manual":
        return []  # a later boundary run does not undo what an officer decided and gave a reason for
    return [
        PropertyAllocated(
            property_id=command.property_id,
            areas=command.areas,
            method=command.method,
            effective_on=command.effective_on,
            reason=command.reason,
            boundary_version=command.boundary_version,
            on_border=command.on_border,
        )
    ]


def standing(command: AllocateProperty, property: Property) -> Known:
    """The property to allocate. One that is gone is still allocated by hand: electors are left there until their entries
    move, and vote in the district that it lies in."""
    if isinstance(property, Retired) and command.method == "manual":
        return property.was
    return existing(property)


def evolve(property: Property, event: Event) -> Property:
    match event:
        case PropertyAdded(facts=facts, electoral=yes, because=because, judged=judged):
            return Known(facts, yes, because, judged)
        case PropertyReinstated(facts=facts, electoral=yes, because=because, judged=judged):
            return Known(facts, yes, because, judged, existed(property).allocation)
        case PropertyChanged(facts=facts, electoral=yes, because=because, judged=judged):
            return Known(facts, yes, because, judged, existed(property).allocation)
        case PropertyRetired():
            return Retired(existed(property))
        case PropertySucceeded():
            return Retired(existed(property), event)
        case PropertyAllocated():
            return lying(property, event)
        case PropertyAllocationCleared():
            return lying(property, None)
        case _:
            assert_never(event)


def lying(property: Property, allocation: PropertyAllocated | None) -> Property:
    known = replace(existed(property), allocation=allocation)
    return replace(property, was=known) if isinstance(property, Retired) else known


properties: Decider[Command, Property, Event] = Decider("property", Unknown(), decide, evolve)

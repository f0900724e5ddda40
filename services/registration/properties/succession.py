"""Which properties take the place of one that is gone: one for one, split into several, several merged into one.

The predecessor's history keeps the fact. Nobody's entry moves by it: an officer decides on each elector who is left at it
(`services.registration.electors.readdressing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from services.registration.properties.property import UNKNOWN_PROPERTY, Known, Property, Retired, Unknown, given
from shared.eventcore.deciding import Refused, Rule
from shared.events.registration import Gazetteer, PropertyRetired, PropertySucceeded, SuccessionKind
from shared.events.values import PropertyId, Uprn

_SOURCE = "BS 7666; GeoPlace data entry conventions, successor cross references"
SUCCESSOR_UNKNOWN = Rule(
    "successor-unknown",
    "Nothing is known here of a property that is to take the place of this one.",
    _SOURCE,
    "Add the property, or import the gazetteer that holds it. A property of another council cannot be named.",
)
SUCCESSOR_RETIRED = Rule(
    "successor-retired",
    "A property that is to take the place of this one is gone itself.",
    _SOURCE,
    "Name the property that stands there now, or reinstate the one you named.",
)
SUCCESSOR_WITHOUT_UPRN = Rule(
    "successor-without-uprn",
    "A property that is to take the place of this one has no UPRN, so the next gazetteer would add it a second time.",
    _SOURCE,
    "Ask the street naming officer for its UPRN, and add the property with it.",
)
SUCCESSOR_IS_ITSELF = Rule(
    "successor-is-itself",
    "A property does not take its own place.",
    _SOURCE,
    "Name the other properties. If only the address changed, correct the address.",
    invalid=True,
)
SPLIT_NEEDS_TWO = Rule(
    "split-needs-two",
    "A property is split into at least two others.",
    _SOURCE,
    "Name all the properties it became; if it is one, record a replacement.",
    invalid=True,
)
MERGER_NEEDS_TWO = Rule(
    "merger-needs-two",
    "At least two properties are merged into another.",
    _SOURCE,
    "Name all the properties that were merged; if it was one, record a replacement.",
    invalid=True,
)
ALREADY_SUCCEEDED = Rule(
    "already-succeeded",
    "Other properties took the place of this one already.",
    _SOURCE,
    "Look at its history. If that was a mistake, reinstate the property first.",
)


@dataclass(frozen=True, slots=True)
class Successor:
    """A property that is to take another's place, as it stands when the decision is made."""

    property_id: PropertyId
    uprn: Uprn | None
    standing: Literal["stands", "retired", "unknown"]


@dataclass(frozen=True, slots=True)
class SucceedProperty:
    """`along_with`: the other properties that are merged into the same one."""

    property_id: PropertyId
    how: SuccessionKind
    successors: tuple[Successor, ...]
    because: str
    along_with: tuple[PropertyId, ...] = ()
    source: Gazetteer = "officer"


def successor(identity: PropertyId, property: Property) -> Successor:
    """A property as one that may take another's place."""
    match property:
        case Known(facts=facts):
            return Successor(identity, facts.uprn, "stands")
        case Retired(was=was):
            return Successor(identity, was.facts.uprn, "retired")
        case Unknown():
            return Successor(identity, None, "unknown")
        case _:
            assert_never(property)


def succeed(command: SucceedProperty, property: Property) -> Sequence[PropertyRetired | PropertySucceeded]:
    """Raises `Refused` when the ends do not meet."""
    ends = tuple(dict.fromkeys(one.property_id for one in command.successors))
    if isinstance(property, Unknown):
        raise Refused(UNKNOWN_PROPERTY)
    if isinstance(property, Retired) and (said := property.succession):
        if (said.how, set(said.successors)) == (command.how, set(ends)):
            return []  # said again
        raise Refused(ALREADY_SUCCEEDED)
    _meet(command, ends)
    because = given(command.because)
    succeeded = PropertySucceeded(command.property_id, command.how, ends, because, command.along_with, command.source)
    if isinstance(property, Retired):
        return [succeeded]
    return [PropertyRetired(command.property_id, because, command.source), succeeded]


def _meet(command: SucceedProperty, ends: Sequence[PropertyId]) -> None:
    if command.property_id in ends:
        raise Refused(SUCCESSOR_IS_ITSELF)
    if command.how == "split" and len(ends) < 2:
        raise Refused(SPLIT_NEEDS_TWO)
    if command.how == "merged" and not command.along_with:
        raise Refused(MERGER_NEEDS_TWO)
    for one in command.successors:
        if one.standing == "unknown":
            raise Refused(SUCCESSOR_UNKNOWN)
        if one.standing == "retired":
            raise Refused(SUCCESSOR_RETIRED, f"UPRN {one.uprn}." if one.uprn else "")
        if one.uprn is None:
            raise Refused(SUCCESSOR_WITHOUT_UPRN)

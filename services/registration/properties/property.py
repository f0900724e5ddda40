"""What is known of one property, and what decisions about it share: that it stands, and that an officer gives a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from shared.eventcore.deciding import Refused, Rule
from shared.events.registration import PropertyAllocated, PropertySucceeded
from shared.events.values import GazetteerFacts

UNKNOWN_PROPERTY = Rule(
    "unknown-property",
    "Nothing is known of this property.",
    "RPA 1983 s.9(2)",
    "Add the property first, or import the gazetteer that holds it.",
)
RETIRED_PROPERTY = Rule(
    "retired-property",
    "This property is gone: it was retired.",
    "RPA 1983 s.9(2)",
    "Reinstate the property, or choose the one that took its place.",
)
REASON_NEEDED = Rule(
    "reason-needed",
    "An officer who decides by hand says why.",
    "RPA 1983 s.9A; EC guidance on audit trails",
    "Give the reason in a sentence.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Known:
    facts: GazetteerFacts
    electoral: bool
    because: str
    judged: bool = False
    """An officer decided whether it is electoral; the gazetteer no longer does."""
    allocation: PropertyAllocated | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """`succession`: which properties took its place, where that is known."""

    was: Known
    succession: PropertySucceeded | None = None


Property = Unknown | Known | Retired


def existing(property: Property) -> Known:
    """The property, which stands. Raises `Refused`."""
    match property:
        case Known():
            return property
        case Unknown():
            raise Refused(UNKNOWN_PROPERTY)
        case Retired():
            raise Refused(RETIRED_PROPERTY)
        case _:
            assert_never(property)


def existed(property: Property) -> Known:
    """The property that an event of its history speaks of."""
    match property:
        case Known():
            return property
        case Retired(was):
            return was
        case Unknown():
            raise ValueError("a property's history begins with PropertyAdded")
        case _:
            assert_never(property)


def given(reason: str) -> str:
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    return reason

"""What an import said of a property is taken back: the property is again as it was before, and its history tells both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.registration.properties.property import Known, Property, Retired, Unknown
from shared.events.registration import (
    PropertyAllocated,
    PropertyAllocationCleared,
    PropertyChanged,
    PropertyReinstated,
    PropertyRetired,
)
from shared.events.values import PropertyId

TakenBack = PropertyChanged | PropertyReinstated | PropertyRetired | PropertyAllocated | PropertyAllocationCleared


@dataclass(frozen=True, slots=True)
class TakeBack:
    """`before`: the property as it stood before what is taken back."""

    property_id: PropertyId
    before: Property
    because: str


def take_back(command: TakeBack, property: Property) -> Sequence[TakenBack]:
    identity, because = command.property_id, command.because
    match command.before, property:
        case _, Unknown():
            return []
        case Known() as before, Known():
            return [*_facts(identity, before, property), *_areas(identity, before, property, because)]
        case Known() as before, Retired(was=was):
            back = PropertyReinstated(identity, before.facts, before.electoral, before.because, judged=before.judged)
            return [back, *_areas(identity, before, was, because)]
        case Unknown() | Retired(), Known():
            return [PropertyRetired(identity, because)]
        case _:
            return []  # it was gone before, and is


def _facts(identity: PropertyId, before: Known, now: Known) -> Sequence[PropertyChanged]:
    same = (before.facts, before.electoral, before.because, before.judged) == (
        now.facts, now.electoral, now.because, now.judged,
    )  # fmt: skip
    if same:
        return []
    return [PropertyChanged(identity, before.facts, before.electoral, before.because, judged=before.judged)]


def _areas(
    identity: PropertyId, before: Known, now: Known, because: str
) -> Sequence[PropertyAllocated | PropertyAllocationCleared]:
    if before.allocation == now.allocation:
        return []
    if before.allocation is None:
        return [PropertyAllocationCleared(identity, because)]
    return [before.allocation]

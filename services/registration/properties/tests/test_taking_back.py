"""A property after an import was taken back is as it was before."""

from dataclasses import replace

from services.registration.properties.decider import properties
from services.registration.properties.taking_back import TakeBack
from services.registration.tests.test_properties import AB, AC, ADDED, CSV, FROM, HOUSE, ID, WHY, given
from shared.events.registration import (
    PropertyAllocated,
    PropertyChanged,
    PropertyReinstated,
    PropertyRetired,
)

ALLOCATED = PropertyAllocated(ID, AB, "boundary", FROM)
MOVED = PropertyAllocated(ID, AC, "boundary", FROM)
RENUMBERED = PropertyChanged(ID, replace(HOUSE, address=replace(HOUSE.address, property="1A")), True, WHY, CSV)
GONE = PropertyRetired(ID, "deleted from the gazetteer", CSV)
WRONG = "the wrong file"


def back_to(*before):
    return TakeBack(ID, properties.fold(before), WRONG)


def test_what_was_added_is_retired_and_what_was_retired_stands_again():
    given(ADDED, ALLOCATED).when(back_to()).then(PropertyRetired(ID, WRONG))
    given(ADDED, ALLOCATED, GONE).when(back_to(ADDED, ALLOCATED)).then(PropertyReinstated(ID, HOUSE, True, WHY))
    given(ADDED, GONE, PropertyReinstated(ID, HOUSE, True, WHY, CSV)).when(back_to(ADDED, GONE)).then(
        PropertyRetired(ID, WRONG)
    )


def test_a_changed_address_and_its_areas_are_as_before():
    given(ADDED, ALLOCATED, RENUMBERED, MOVED).when(back_to(ADDED, ALLOCATED)).then(
        PropertyChanged(ID, HOUSE, True, WHY), ALLOCATED
    )


def test_an_officers_judgement_comes_back_with_a_property():
    judged = PropertyChanged(ID, HOUSE, False, "a holiday let", judged=True)
    given(ADDED, judged, GONE).when(back_to(ADDED, judged)).then(
        PropertyReinstated(ID, HOUSE, False, "a holiday let", judged=True)
    )


def test_taking_back_twice_changes_nothing():
    given(ADDED, ALLOCATED).when(back_to(ADDED, ALLOCATED)).nothing_happens()
    given(ADDED, GONE).when(back_to()).nothing_happens()
    given().when(back_to()).nothing_happens()

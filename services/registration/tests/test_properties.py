"""What becomes true of one property."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registration.properties.decider import (
    AllocateProperty,
    ClearAllocation,
    JudgeElectoral,
    RecordFacts,
    RetireProperty,
    electoral,
    properties,
)
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    PropertyAdded,
    PropertyAllocated,
    PropertyAllocationCleared,
    PropertyChanged,
    PropertyReinstated,
    PropertyRetired,
)
from shared.events.values import (
    AddressLines,
    Authority,
    ElectoralAreas,
    GazetteerFacts,
    PollingDistrict,
    PropertyId,
    Uprn,
    property_id,
)

ID = PropertyId(UUID(int=1))
CSV = "addressbase-premium-csv"
HOUSE = GazetteerFacts(
    AddressLines("1", "High Street", town="Mootford", postcode="MT1 1AA"),
    uprn=Uprn(100),
    logical_status=1,
    lpi_status=1,
    state=2,
    class_code="RD04",
    x=292000.0,
    y=92000.0,
)
WHY = "class RD04, receives post"
ADDED = PropertyAdded(ID, HOUSE, True, WHY, CSV)
AB = ElectoralAreas(PollingDistrict("AB"))
AC = ElectoralAreas(PollingDistrict("AC"))
FROM = date(2026, 1, 5)


def given(*events):
    return spec(properties).given(*events)


def test_a_gazetteer_row_adds_a_property_people_may_be_registered_at():
    given().when(RecordFacts(ID, HOUSE, CSV)).then(ADDED)


def test_the_same_row_again_changes_nothing():
    given(ADDED).when(RecordFacts(ID, HOUSE, CSV, "U")).nothing_happens()


def test_a_changed_row_keeps_the_old_address_in_the_history():
    flat = replace(HOUSE, address=replace(HOUSE.address, property="Flat 1"), class_code="RD06")
    given(ADDED).when(RecordFacts(ID, flat, CSV, "U")).then(
        PropertyChanged(ID, flat, True, "class RD06, receives post", CSV)
    )


def test_a_deleted_row_retires_the_property_and_an_insert_brings_it_back():
    gone = PropertyRetired(ID, "deleted from the gazetteer", CSV)
    given(ADDED).when(RetireProperty(ID, "deleted from the gazetteer", CSV)).then(gone)
    given(ADDED, gone).when(RetireProperty(ID, "deleted from the gazetteer", CSV)).nothing_happens()
    given(ADDED, gone).when(RecordFacts(ID, HOUSE, CSV)).then(PropertyReinstated(ID, HOUSE, True, WHY, CSV))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"class_code": "R"}, True),
        ({"class_code": "RH01"}, True),
        ({"class_code": "RI01"}, True),
        ({"class_code": "X"}, True),
        ({"class_code": "CE05"}, True),
        ({"class_code": "CE02"}, False),
        ({"class_code": "RG02"}, False),
        ({"class_code": "PS"}, False),
        ({"class_code": "CR06"}, False),
        ({"postal": False}, False),
        ({"logical_status": 6}, False),
        ({"logical_status": 8}, False),
        ({"lpi_status": 3}, False),
        ({"state": 4}, False),
    ],
)
def test_homes_and_halls_that_get_post_are_electoral(change, expected):
    yes, because = electoral(replace(HOUSE, **change))
    assert (yes, bool(because)) == (expected, True)


def test_an_officer_may_add_a_boat_without_uprn_or_class():
    boat = GazetteerFacts(AddressLines("Narrowboat Merlin", "Town Quay", town="Mootford"))
    given().when(RecordFacts(ID, boat)).then(
        PropertyAdded(ID, boat, True, "added by an officer", "officer", judged=True)
    )


def test_an_officers_judgement_outlives_the_next_gazetteer():
    pub = replace(HOUSE, class_code="CR06")
    judged = PropertyChanged(ID, pub, True, "landlady's flat above", judged=True)
    moved = replace(pub, x=292001.0)
    added = PropertyAdded(ID, pub, False, "class CR06 is not residential", CSV)
    given(added).when(JudgeElectoral(ID, True, "landlady's flat above")).then(judged)
    given(added, judged).when(RecordFacts(ID, moved, CSV, "U")).then(
        PropertyChanged(ID, moved, True, "landlady's flat above", CSV, judged=True)
    )
    given(added).when(JudgeElectoral(ID, True, " ")).refused("reason-needed")


def test_a_correction_by_an_officer_does_not_turn_a_pub_into_a_home():
    pub = replace(HOUSE, class_code="CR06")
    renamed = replace(pub, address=replace(pub.address, property="The Moot Inn"))
    added = PropertyAdded(ID, pub, False, "class CR06 is not residential", CSV)
    given(added).when(RecordFacts(ID, renamed, "officer", "U")).then(
        PropertyChanged(ID, renamed, False, "class CR06 is not residential", "officer")
    )


def test_a_boundary_allocates_a_property_and_its_border_case_is_recorded():
    given(ADDED).when(AllocateProperty(ID, AB, "boundary", FROM, boundary_version="2026", on_border=True)).then(
        PropertyAllocated(ID, AB, "boundary", FROM, "", "2026", True)
    )


def test_an_officer_allocates_by_hand_with_a_reason_and_a_boundary_run_leaves_it():
    by_hand = PropertyAllocated(ID, AC, "manual", FROM, "front door in AC")
    given(ADDED).when(AllocateProperty(ID, AC, "manual", FROM)).refused("reason-needed")
    given(ADDED).when(AllocateProperty(ID, AC, "manual", FROM, "front door in AC")).then(by_hand)
    given(ADDED, by_hand).when(AllocateProperty(ID, AB, "boundary", FROM)).nothing_happens()
    given(ADDED, by_hand).when(ClearAllocation(ID, "new review")).then(PropertyAllocationCleared(ID, "new review"))


def test_an_allocation_survives_a_change_of_address():
    moved = replace(HOUSE, address=replace(HOUSE.address, property="1A"))
    history = (ADDED, PropertyAllocated(ID, AB, "boundary", FROM), PropertyChanged(ID, moved, True, WHY, CSV))
    given(*history).when(AllocateProperty(ID, AB, "boundary", FROM)).nothing_happens()


def test_nothing_is_allocated_before_it_is_known_or_after_it_is_gone():
    given().when(AllocateProperty(ID, AB, "boundary", FROM)).refused("unknown-property")
    given(ADDED, PropertyRetired(ID, "demolished")).when(AllocateProperty(ID, AB, "boundary", FROM)).refused(
        "retired-property"
    )
    given(ADDED).when(AllocateProperty(ID, ElectoralAreas(), "boundary", FROM)).refused("district-or-ward-needed")


def test_vector_39_a_uprn_is_a_number_however_many_zeroes_stand_before_it():
    council = Authority("E07000999")
    assert property_id(council, Uprn(int("010001234567"))) == property_id(council, Uprn(int("10001234567")))
    assert property_id(council, Uprn(1)) != property_id(Authority("E07000041"), Uprn(1))


def test_vector_39_a_new_boundary_takes_effect_on_its_day():
    later = AllocateProperty(ID, AC, "boundary", date(2026, 12, 1), boundary_version="2026-12")
    given(ADDED, PropertyAllocated(ID, AB, "boundary", FROM)).when(later).then(
        PropertyAllocated(ID, AC, "boundary", date(2026, 12, 1), "", "2026-12")
    )

"""Properties that take the place of one that is gone, and what is refused when the ends do not meet."""

from dataclasses import replace
from uuid import UUID

from services.registration.properties.decider import AllocateProperty, RecordFacts, Retired, properties
from services.registration.properties.succession import SucceedProperty, Successor, successor
from services.registration.tests.test_properties import AC, ADDED, CSV, FROM, HOUSE, ID, given
from shared.events.registration import (
    PropertyAllocated,
    PropertyReinstated,
    PropertyRetired,
    PropertySucceeded,
)
from shared.events.values import PropertyId, Uprn

FLAT_A, FLAT_B = PropertyId(UUID(int=11)), PropertyId(UUID(int=12))
A, B = Successor(FLAT_A, Uprn(101), "stands"), Successor(FLAT_B, Uprn(102), "stands")
SPLIT = SucceedProperty(ID, "split", (A, B), "two flats since the spring")
GONE = PropertyRetired(ID, "two flats since the spring")
BECAME = PropertySucceeded(ID, "split", (FLAT_A, FLAT_B), "two flats since the spring")


def test_a_property_split_into_two_is_gone_and_knows_its_successors():
    given(ADDED).when(SPLIT).then(GONE, BECAME)
    state = given(ADDED, GONE, BECAME).state()
    assert isinstance(state, Retired)
    assert state.succession == BECAME


def test_a_split_said_again_changes_nothing_and_another_one_is_refused():
    split = given(ADDED, GONE, BECAME)
    split.when(SPLIT).nothing_happens()
    split.when(replace(SPLIT, successors=(B, A))).nothing_happens()
    split.when(replace(SPLIT, how="replaced", successors=(A,))).refused("already-succeeded")


def test_a_property_that_was_retired_before_may_still_be_given_its_successor():
    became = PropertySucceeded(ID, "replaced", (FLAT_A,), "renumbered")
    given(ADDED, PropertyRetired(ID, "deleted from the gazetteer", CSV)).when(
        SucceedProperty(ID, "replaced", (A,), "renumbered")
    ).then(became)


def test_of_several_that_are_merged_each_names_the_others():
    merged = SucceedProperty(ID, "merged", (A,), "one house again", along_with=(FLAT_B,))
    given(ADDED).when(merged).then(
        PropertyRetired(ID, "one house again"),
        PropertySucceeded(ID, "merged", (FLAT_A,), "one house again", (FLAT_B,)),
    )
    given(ADDED).when(replace(merged, along_with=())).refused("merger-needs-two")


def test_ends_that_do_not_meet_are_refused_each_by_its_own_rule():
    given().when(SPLIT).refused("unknown-property")
    given(ADDED).when(replace(SPLIT, successors=(A, A))).refused("split-needs-two")
    given(ADDED).when(replace(SPLIT, successors=(A, Successor(ID, Uprn(100), "stands")))).refused("successor-is-itself")
    given(ADDED).when(replace(SPLIT, successors=(A, replace(B, standing="unknown")))).refused("successor-unknown")
    given(ADDED).when(replace(SPLIT, successors=(A, replace(B, standing="retired")))).refused("successor-retired")
    given(ADDED).when(replace(SPLIT, successors=(A, replace(B, uprn=None)))).refused("successor-without-uprn")
    given(ADDED).when(replace(SPLIT, because=" ")).refused("reason-needed")


def test_a_successor_is_named_as_it_stands():
    assert successor(ID, given().state()).standing == "unknown"
    assert successor(ID, given(ADDED).state()) == Successor(ID, HOUSE.uprn, "stands")
    assert successor(ID, given(ADDED, GONE).state()).standing == "retired"


def test_a_property_that_comes_back_has_no_successors_any_more():
    back = given(ADDED, GONE, BECAME).when(RecordFacts(ID, HOUSE, CSV)).events
    assert [type(event) for event in back] == [PropertyReinstated]
    given(ADDED, GONE, BECAME, *back).when(SPLIT).then(GONE, BECAME)


def test_electors_left_at_a_property_that_is_gone_are_redrawn_with_it_by_hand_only():
    gone = given(ADDED, GONE, BECAME)
    moved = PropertyAllocated(ID, AC, "manual", FROM, "review of 2026")
    gone.when(AllocateProperty(ID, AC, "manual", FROM, "review of 2026")).then(moved)
    gone.when(AllocateProperty(ID, AC, "boundary", FROM)).refused("retired-property")
    state = properties.fold([ADDED, GONE, BECAME, moved])
    assert isinstance(state, Retired)
    assert (state.was.allocation, state.succession) == (moved, BECAME)

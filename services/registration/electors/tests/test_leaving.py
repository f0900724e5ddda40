"""Entries that are merged into another record, set free again, or reinstated."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registration.electors.commands import (
    ChangeContactDetails,
    MergeElector,
    ReinstateElector,
    RemoveElector,
    UndoMerge,
)
from services.registration.electors.decider import OnRegister, electors
from services.registration.tests.test_electors import ADDED, BORN, HOME, ID, ON_REGISTER, PERSON
from shared.eventcore.testing.specs import spec
from shared.events.registration import ElectorAdded, ElectorRemoved, ElectorsMerged, MergeUndone
from shared.events.values import ContactDetails, ElectorId

OTHER = ElectorId(UUID(int=77))
MERGE = MergeElector(OTHER, date(2026, 6, 1), asked_by="one", officer="other")
ENDED = ElectorRemoved(
    ID, PERSON, ADDED.name, BORN, HOME, "duplicate-entry", date(2026, 7, 1), date(2026, 6, 1), "monthly", (), "merged"
)
MERGED = ElectorsMerged(ID, PERSON, OTHER, date(2026, 6, 1), "one", entry_ended=True)
APART = MergeUndone(ID, PERSON, OTHER, date(2026, 6, 8), "different-people", entry_restored=True)
AGAIN = replace(ADDED, effective_on=date(2026, 7, 1), reinstated=True, in_force_since=date(2026, 4, 1))


def test_merging_a_standing_entry_ends_it_with_the_next_notice():
    ON_REGISTER.when(MERGE).then(ENDED, MERGED)
    ON_REGISTER.given(ENDED, MERGED).when(MERGE).nothing_happens()


def test_two_officers_merge_and_nobody_is_merged_with_themselves():
    ON_REGISTER.when(replace(MERGE, asked_by="other")).refused("maker-is-checker")
    ON_REGISTER.when(replace(MERGE, into=ID)).refused("merge-with-itself")


def test_a_merged_record_takes_no_more_decisions():
    merged = ON_REGISTER.given(ENDED, MERGED)
    merged.when(ChangeContactDetails(ContactDetails())).refused("elector-merged")
    merged.when(RemoveElector("expired", date(2026, 7, 1))).nothing_happens()
    merged.when(replace(MERGE, into=ElectorId(UUID(int=78)))).refused("elector-merged")


def test_undoing_a_merge_before_its_effect_leaves_no_gap():
    ON_REGISTER.given(ENDED, MERGED).when(UndoMerge(date(2026, 6, 8), "different-people")).then(APART, AGAIN)


def test_undoing_a_merge_later_puts_the_entry_back_with_the_next_notice():
    apart, again = ON_REGISTER.given(ENDED, MERGED).when(UndoMerge(date(2026, 7, 6))).events
    assert isinstance(apart, MergeUndone)
    assert isinstance(again, ElectorAdded)
    assert (again.effective_on, again.number, again.reinstated) == (date(2026, 8, 3), ADDED.number, True)
    assert again.in_force_since is None


def test_after_an_undone_merge_the_entry_is_as_it_was():
    was = electors.fold([ADDED])
    now = electors.fold([ADDED, ENDED, MERGED, APART, AGAIN])
    assert isinstance(was, OnRegister)
    assert now == replace(was, added=AGAIN)


def test_the_record_of_an_entry_that_had_ended_is_merged_and_set_free_without_touching_the_register():
    gone = replace(ENDED, ground="two-sources")
    merged = replace(MERGED, entry_ended=False)
    ON_REGISTER.given(gone).when(MERGE).then(merged)
    ON_REGISTER.given(gone, merged).when(UndoMerge(date(2026, 6, 8))).then(
        MergeUndone(ID, PERSON, OTHER, date(2026, 6, 8))
    )
    ON_REGISTER.given(gone, merged, MergeUndone(ID, PERSON, OTHER, date(2026, 6, 8))).when(
        UndoMerge(date(2026, 6, 9))
    ).refused("elector-not-merged")


def test_a_successful_appeal_brings_the_entry_back_at_once_or_with_the_next_notice():
    gone = ON_REGISTER.given(replace(ENDED, ground="review"))
    [at_once] = gone.when(ReinstateElector(date(2026, 7, 20), at_once=True)).events
    assert (at_once.effective_on, at_once.reinstated) == (date(2026, 7, 20), True)
    [later] = gone.when(ReinstateElector(date(2026, 7, 21))).events
    assert later.effective_on == date(2026, 9, 1)
    spec(electors).when(ReinstateElector(date(2026, 7, 20))).refused("not-on-register")
    ON_REGISTER.when(ReinstateElector(date(2026, 7, 20))).nothing_happens()

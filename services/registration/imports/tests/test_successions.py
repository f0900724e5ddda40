"""What a supply's successor cross references make of the properties that it closes."""

from datetime import date

from services.registration.exchange.gazetteer.assembly import PropertySupplied, PropertyWithdrawn
from services.registration.exchange.tests.supplies import HOME, Known, changes, outcomes, properties, row, supply
from services.registration.imports.successions import Closed, successions
from services.registration.imports.working_copy import entry_of


def closed(uprn: int, *successors: int) -> Closed:
    return Closed(uprn, successors, line=1, withdrawn=False)


def test_one_into_several_is_a_split_several_into_one_a_merger_and_one_for_one_a_replacement():
    found = {one.closed.uprn: one for one in successions([closed(1, 2, 3), closed(4, 6), closed(5, 6), closed(7, 8)])}
    assert {uprn: one.how for uprn, one in found.items()} == {1: "split", 4: "merged", 5: "merged", 7: "replaced"}
    assert (found[4].along_with, found[5].along_with, found[7].along_with) == ((5,), (4,), ())
    assert found[1].because == "split in the gazetteer: see UPRN 2, 3"


def test_a_property_that_is_history_names_its_successors_and_one_that_stands_names_none():
    references = (row(30, successor=2), row(30, succ_key="S2", successor=3))
    (standing,) = properties(supply(*HOME, *references))
    assert entry_of(PropertySupplied(standing, 1)).successors == ()
    (history,) = properties(changes(row(21, "U", logical_status=8)), known=Known([standing]))
    assert entry_of(PropertySupplied(history, 1)).successors == (2, 3)


def test_a_property_that_is_deleted_leaves_word_of_its_successors():
    (standing,) = properties(supply(*HOME))
    deleted = changes(row(21, "D"), row(24, "D"), row(32, "D"), row(30, successor=2))
    ((gone,), refused) = outcomes(deleted, known=Known([standing]))
    assert isinstance(gone, PropertyWithdrawn)
    assert (gone.successors, refused) == ((2,), [])


def test_a_cross_reference_that_has_ended_or_leads_nowhere_counts_for_nothing():
    ended = row(30, successor=2, end_date=date(2025, 1, 1))
    (history,) = properties(
        supply(row(11), row(15), row(21, logical_status=8), row(24), row(32), ended, row(30, succ_key="S2"))
    )
    assert history.successors_if_closed == ()

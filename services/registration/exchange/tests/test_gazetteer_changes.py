"""Changes apply to what was known: inserts, updates of whole records, deletes, in PRO_ORDER, and through streets."""

import pytest
from pydantic import TypeAdapter

from services.registration.exchange.gazetteer.address import address_lines
from services.registration.exchange.gazetteer.assembly import PropertySupplied, PropertyWithdrawn
from services.registration.exchange.gazetteer.property import GazetteerProperty
from services.registration.exchange.tests.supplies import HOME, Known, changes, outcomes, properties, row, supply
from services.registration.exchange.tests.test_gazetteer_formats import GML


@pytest.fixture
def known() -> Known:
    neighbour = (row(21, uprn=2), row(24, uprn=2, lpi_key="L2", pao_start_number=4))
    return Known(properties(supply(*HOME, row(31), row(23), *neighbour)))


def changed(known: Known, *rows: str) -> dict[int, GazetteerProperty]:
    return {p.uprn: p for p in properties(changes(*rows), known=known)}


def test_an_update_replaces_the_whole_record_and_leaves_the_others(known: Known) -> None:
    (after,) = changed(known, row(21, "U", postcode_locator="ZZ1 1AA", addressbase_postal=None)).values()
    assert (after.blpu.postcode_locator, after.blpu.addressbase_postal) == ("ZZ1 1AA", None)
    assert (after.lpis, after.organisations) == (known.properties[1].lpis, known.properties[1].organisations)


def test_a_change_to_one_address_is_a_change_to_its_property(known: Known) -> None:
    after = changed(known, row(24, "U", pao_start_number=12, pao_start_suffix="A"))
    assert address_lines(after[1]).street == "12A High Street"
    assert address_lines(known.properties[1]).street == "2 High Street"
    assert list(after) == [1]


def test_a_delete_of_one_record_takes_that_record_only(known: Known) -> None:
    after = changed(known, row(31, "D"))
    assert after[1].organisations == ()
    assert after[1].cross_references == known.properties[1].cross_references


def test_a_delete_of_the_property_withdraws_it(known: Known) -> None:
    found, refused = outcomes(changes(row(21, "D"), row(24, "D"), row(32, "D")), known=known)
    assert found == [PropertyWithdrawn(1, 2)]
    assert refused == []


def test_a_new_street_name_reaches_every_property_on_the_street(known: Known) -> None:
    after = changed(known, row(15, "U", street_description="PROXY LANE"))
    assert {uprn: address_lines(p).street for uprn, p in after.items()} == {1: "2 Proxy Lane", 2: "4 Proxy Lane"}


def test_a_new_street_name_and_a_new_number_arrive_together(known: Known) -> None:
    after = changed(known, row(15, "U", street_description="PROXY LANE"), row(24, "U", pao_start_number=3))
    assert {uprn: address_lines(p).street for uprn, p in after.items()} == {1: "3 Proxy Lane", 2: "4 Proxy Lane"}


def test_a_new_address_may_stand_on_a_street_that_only_earlier_supplies_named(known: Known) -> None:
    after = changed(known, row(21, uprn=3), row(24, uprn=3, lpi_key="L3", pao_start_number=6))
    assert address_lines(after[3]).street == "6 High Street"


def test_changes_apply_in_pro_order_and_not_in_the_order_of_lines(known: Known) -> None:
    later, earlier = row(21, "U", 7, postcode_locator="ZZ1 1AB"), row(21, "U", 3, postcode_locator="ZZ1 1AA")
    assert changed(known, later, earlier)[1].blpu.postcode_locator == "ZZ1 1AB"


def test_a_record_deleted_and_inserted_again_is_there(known: Known) -> None:
    again = changed(known, row(31, "D", 1), row(31, "I", 2, organisation="LIBRARY"))
    assert [o.organisation for o in again[1].organisations] == ["LIBRARY"]


def test_deleting_what_is_not_held_is_refused_and_changes_nothing(known: Known) -> None:
    found, refused = outcomes(changes(row(21, "D", uprn=77), row(31, "D", org_key="O9")), known=known)
    assert [(r.line, r.rule.name) for r in refused] == [(2 + 1, "nothing-to-delete"), (2, "nothing-to-delete")]
    assert [o.property for o in found if isinstance(o, PropertySupplied)] == [known.properties[1]]


def test_an_address_of_an_unknown_property_is_refused(known: Known) -> None:
    found, refused = outcomes(changes(row(24, uprn=77)), known=known)
    assert found == []
    assert [(r.line, r.rule.name, r.value) for r in refused] == [(2, "no-property", "77")]


def test_a_full_supply_forgets_what_it_does_not_repeat(known: Known) -> None:
    (after,) = properties(supply(*HOME), known=known)
    assert (after.organisations, after.cross_references) == ((), ())


def test_the_same_supply_again_gives_equal_properties() -> None:
    once = properties(supply(*HOME))
    assert properties(supply(*reversed(HOME)), known=Known(once)) == once


def test_gml_replaces_and_deletes_whole_properties() -> None:
    known = Known(properties(GML))
    before = known.properties[10001234567]
    updated = GML.replace("<abpr:changeType>I", "<abpr:changeType>U").replace(">L1<", ">L2<")
    (after,) = properties(updated, known=known)
    assert ([lpi.lpi_key for lpi in before.lpis], [lpi.lpi_key for lpi in after.lpis]) == (["L1"], ["L2"])
    head, street, rest = GML.partition("</abpr:streetMember>")
    deleted, refused = outcomes(head + street + rest.replace("<abpr:changeType>I", "<abpr:changeType>D"), known=known)
    assert [type(o) for o in deleted] == [PropertyWithdrawn]
    assert refused == []


def test_a_gml_feature_with_a_bad_value_is_refused_alone() -> None:
    bad = GML.replace("<abpr:logicalStatus>1", "<abpr:logicalStatus>one", 1)
    found, refused = outcomes(bad)
    assert found == []
    assert [(r.record, r.field, r.rule.name) for r in refused] == [(21, "LOGICAL_STATUS", "not-a-number")]


def test_gml_in_an_unknown_coordinate_system_is_refused() -> None:
    _, refused = outcomes(GML.replace("EPSG::27700", "EPSG::29903"))
    assert [r.rule.name for r in refused] == ["unknown-coordinate-system"]


def test_a_property_survives_being_kept_as_json_between_imports(known: Known) -> None:
    adapter = TypeAdapter(GazetteerProperty)
    for kept in known.properties.values():
        assert adapter.validate_json(adapter.dump_json(kept)) == kept

"""Published samples of each format give exactly what is published of them."""

import csv
from pathlib import Path
from typing import Any

import pytest

from services.registration.exchange.allocation import Allocator, Position
from services.registration.exchange.boundaries import read_boundaries
from services.registration.exchange.gazetteer.assembly import PropertySupplied, StreetSupplied, StreetWithdrawn
from services.registration.exchange.gazetteer.property import GazetteerProperty, GazetteerStreet
from services.registration.exchange.gazetteer.supply import read_supply
from services.registration.exchange.tests.supplies import Known

DATA = Path(__file__).parents[5] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data is not beside the project")
ADDRESSING = DATA / "addressing"


def table(name: str) -> list[dict[str, str]]:
    with (ADDRESSING / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def exeter() -> dict[int, GazetteerProperty]:
    with (ADDRESSING / "os-abp-exeter-extract.gml.xml").open("rb") as file, read_supply([file]) as supply:
        assert supply.format == "abp-gml"
        return {o.property.uprn: o.property for o in supply.properties() if isinstance(o, PropertySupplied)}


def text(value: Any) -> str:
    return "" if value is None else str(value)


def test_the_exeter_extract_gives_exactly_the_expected_addresses(exeter: dict[int, GazetteerProperty]) -> None:
    found = {(lpi.lpi_key, lpi.logical_status, p.uprn) for p in exeter.values() for lpi in p.lpis}
    expected = {(r["lpi_key"], int(r["lpi_status"]), int(r["uprn"])) for r in table("exeter-expected-property.csv")}
    assert found == expected
    assert len(expected) == 23


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("state", "blpu_state"),
        ("state_date", "blpu_state_date"),
        ("parent_uprn", "parent_uprn"),
        ("rpc", "rpc"),
        ("country", "country"),
        ("la_start_date", "start_date"),
        ("last_update_date", "last_update_date"),
        ("entry_date", "entry_date"),
        ("postcode_locator", "postcode_locator"),
        ("local_custodian_code", "local_custodian_code"),
        ("addressbase_postal", "addressbase_postal"),
    ],
)
def test_each_exeter_property_has_the_expected(exeter: dict[int, GazetteerProperty], column: str, field: str) -> None:
    for row in table("exeter-expected-property.csv"):
        assert text(getattr(exeter[int(row["uprn"])].blpu, field)) == row[column]


def test_each_exeter_property_has_the_expected_class_and_ward(exeter: dict[int, GazetteerProperty]) -> None:
    for row in table("exeter-expected-property.csv"):
        known = exeter[int(row["uprn"])]
        assert (known.class_code, known.ward_code) == (row["class"], row["ward_code"])


def test_each_exeter_address_has_the_expected_parts(exeter: dict[int, GazetteerProperty]) -> None:
    parts = ["sao_start_number", "sao_start_suffix", "sao_end_number", "sao_end_suffix", "sao_text"]
    parts += [
        "pao_start_number",
        "pao_start_suffix",
        "pao_end_number",
        "pao_end_suffix",
        "pao_text",
        "usrn",
        "level",
        "official_flag",
    ]
    for row in table("exeter-expected-property.csv"):
        lpis = {lpi.language: lpi for lpi in exeter[int(row["uprn"])].lpis if lpi.lpi_key == row["lpi_key"]}
        assert [text(getattr(lpis["ENG"], part)) for part in parts] == [row[part] for part in parts]
        welsh = lpis.get("CYM")
        assert text(welsh and welsh.pao_text) == row["alt_language_pao_text"]


def test_each_exeter_property_has_the_expected_delivery_point(exeter: dict[int, GazetteerProperty]) -> None:
    parts = [
        "udprn",
        "department_name",
        "sub_building_name",
        "building_name",
        "building_number",
        "dependent_thoroughfare",
        "thoroughfare",
    ]
    parts += [
        "double_dependent_locality",
        "dependent_locality",
        "post_town",
        "postcode",
        "postcode_type",
        "delivery_point_suffix",
    ]
    for row in table("exeter-expected-property.csv"):
        point = exeter[int(row["uprn"])].delivery_point()
        assert [text(getattr(point, part, None)) for part in parts] == [row[part] for part in parts]


def test_the_exeter_extract_gives_exactly_the_expected_streets() -> None:
    with (ADDRESSING / "os-abp-exeter-extract.gml.xml").open("rb") as file, read_supply([file]) as supply:
        streets = {o.street.usrn: o.street for o in supply.streets() if isinstance(o, StreetSupplied)}
    expected = table("exeter-expected-streets.csv")
    assert streets.keys() == {int(row["usrn"]) for row in expected}
    for row in expected:
        street = streets[int(row["usrn"])]
        name = street.descriptor("ENG")
        assert street.street is not None
        assert name is not None
        assert (name.street_description, name.town_name) == (row["description"], row["town_name"])
        assert (street.street.street_start_x, street.street.street_end_y) == (
            float(row["start_x"]),
            float(row["end_y"]),
        )
        assert text(street.street.street_start_date) == row["start_date"]


def test_every_exeter_address_lies_in_its_ward(exeter: dict[int, GazetteerProperty]) -> None:
    with (DATA / "boundaries" / "exeter-wards-2013.geojson").open("rb") as file:
        allocator = Allocator(read_boundaries(file, "ward"))
    rows = table("exeter-expected-property.csv")
    blpus = [exeter[int(row["uprn"])].blpu for row in rows]
    found = list(allocator.allocate(Position(b.uprn, b.x_coordinate, b.y_coordinate) for b in blpus))
    assert [a.code for a in found] == [row["ward_code"] for row in rows]
    assert {a.reason for a in found} == {"inside"}


def test_dtf_insert_update_and_delete_leave_two_streets_one_of_them_moved() -> None:
    known = Known()
    withdrawn: list[int] = []
    for name in ("insert", "update", "delete"):
        with (ADDRESSING / f"dtf73-{name}.csv").open("rb") as file, read_supply([file], known) as supply:
            assert supply.format == "dtf-7.3"
            for outcome in supply.streets():
                if isinstance(outcome, StreetWithdrawn):
                    withdrawn.append(outcome.usrn)
                    del known.streets[outcome.usrn]
                else:
                    known.streets[outcome.street.usrn] = outcome.street
    assert withdrawn == [20900162]
    assert known.streets.keys() == {20900161, 20900163}
    moved: GazetteerStreet = known.streets[20900161]
    assert moved.street is not None
    assert moved.street.street_start_x == 666666.00


def test_the_dundee_sample_of_version_1_parses_fully_when_declared_an_extract() -> None:
    refused: list[Any] = []
    with (
        (ADDRESSING / "abp-v1-sample-dundee.csv").open("rb") as file,
        read_supply([file], refuse=refused.append, extract=True) as supply,
    ):
        assert (supply.format, supply.rows, refused) == ("abp-csv-v1", 8, [])
        outcomes = list(supply.properties())
    # Two of its rows describe properties that the extract left out.
    assert [(r.line, r.rule.name) for r in refused] == [(5, "no-property"), (4, "no-property")]
    (only,) = outcomes
    assert isinstance(only, PropertySupplied)
    assert (only.property.uprn, only.property.class_code) == (9059007610, "RD")
    assert only.property.organisations[0].organisation == "Party Time"


def test_the_dundee_sample_has_its_delivery_point_after_the_parents_uprn() -> None:
    from services.registration.exchange.gazetteer.csvfile import CsvVolume
    from services.registration.exchange.gazetteer.opening import unpacked
    from services.registration.exchange.gazetteer.records import Change, DeliveryPoint

    with (ADDRESSING / "abp-v1-sample-dundee.csv").open("rb") as file, unpacked(file) as plain:
        records = [c.record for c in CsvVolume(plain, "abp-csv-v1", extract=True).changes() if isinstance(c, Change)]
    (point,) = [record for record in records if isinstance(record, DeliveryPoint)]
    assert (point.uprn, point.udprn, point.postcode, point.building_number) == (117076025, 6448792, "DD5 4BN", 2)


@pytest.mark.parametrize("name", ["exeter-wards-2013", "newport-wards-2013", "glasgow-wards-2017"])
def test_published_ward_boundaries_are_read_without_being_told_their_properties(name: str) -> None:
    with (DATA / "boundaries" / f"{name}.geojson").open("rb") as file:
        wards = read_boundaries(file, "ward")
    expected = {"exeter-wards-2013": (18, "Alphington", ""), "newport-wards-2013": (20, "Allt-yr-yn", "Allt-yr-ynn")}
    count, first, welsh = expected.get(name, (23, "Linn", ""))
    assert (len(wards), wards[0].name, wards[0].welsh_name) == (count, first, welsh)

"""Mootshire is the same each time, fits together, and is no real place with no real people."""

import io
import json
import re
from datetime import date, timedelta
from itertools import islice

import pytest

from deploy.sample.applications import applications
from deploy.sample.council import AUTHORITY, Council
from deploy.sample.gazetteer import gazetteer_csv
from services.registration.exchange.allocation import Allocator, Position
from services.registration.exchange.boundaries import Kind, read_boundaries
from services.registration.exchange.gazetteer.address import address_lines
from services.registration.exchange.gazetteer.assembly import PropertySupplied
from services.registration.exchange.gazetteer.electoral import electoral
from services.registration.exchange.gazetteer.property import GazetteerProperty
from services.registration.exchange.gazetteer.supply import read_supply

ON = date(2026, 11, 22)
COUNCIL = Council(electors=3_000)
NINO = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-DFM]?")


@pytest.fixture(scope="module")
def supplied() -> dict[int, GazetteerProperty]:
    file = io.BytesIO("".join(gazetteer_csv(COUNCIL, ON)).encode())
    refused: list[object] = []
    with read_supply([file], refuse=refused.append) as supply:
        found = {o.property.uprn: o.property for o in supply.properties() if isinstance(o, PropertySupplied)}
    assert (supply.format, refused) == ("abp-csv-v2", [])
    return found


def test_the_importer_reads_every_property_of_the_gazetteer(supplied: dict[int, GazetteerProperty]) -> None:
    assert list(supplied) == [p.uprn for p in COUNCIL.properties()]


def test_addresses_on_applications_are_those_the_importer_builds(supplied: dict[int, GazetteerProperty]) -> None:
    for place in COUNCIL.properties():
        lines = address_lines(supplied[place.uprn])
        built = (lines.property, lines.street, lines.locality, lines.town, lines.area, lines.postcode, str(lines.uprn))
        assert built == tuple(place.address().values())


def test_the_importer_agrees_on_where_people_may_be_registered(supplied: dict[int, GazetteerProperty]) -> None:
    answers = {place.uprn: electoral(supplied[place.uprn]) for place in COUNCIL.properties()}
    assert {uprn for uprn, a in answers.items() if a.electoral} == {p.uprn for p in COUNCIL.properties() if p.electoral}
    assert {"parent-shell", "not-residential", "no-post", "coming-soon"} < {a.reason for a in answers.values()}


@pytest.mark.parametrize(("kind", "field"), [("ward", "ward"), ("polling-district", "district")])
def test_every_property_lies_in_its_area(kind: Kind, field: str) -> None:
    layer = COUNCIL.wards() if kind == "ward" else COUNCIL.polling_districts()
    allocator = Allocator(read_boundaries(io.BytesIO(json.dumps(layer).encode()), kind))
    found = allocator.allocate(Position(p.uprn, p.x, p.y) for p in COUNCIL.properties())
    assert all(
        (a.code, a.reason) == (getattr(p, field), "inside") for a, p in zip(found, COUNCIL.properties(), strict=True)
    )


@pytest.mark.parametrize("electors", [1, 2, 49, 1_000, 7_331])
def test_there_are_exactly_as_many_applications_as_electors_asked_for(electors: int) -> None:
    references = [form["refNum"] for form in applications(Council(electors), ON)]
    assert len(references) == len(set(references)) == electors


def test_the_same_seed_gives_the_same_council_and_another_seed_another() -> None:
    def council(seed: int) -> tuple[list[str], list[dict[str, str]]]:
        small = Council(200, seed)
        return list(gazetteer_csv(small, ON)), list(applications(small, ON))

    assert council(1) == council(1)
    assert council(1)[0] != council(2)[0]
    assert council(1)[1] != council(2)[1]


def test_a_large_council_begins_at_once() -> None:
    large = Council(400_000)
    assert len(list(islice(gazetteer_csv(large, ON), 100))) == 100


def test_large_councils_have_no_two_streets_wards_or_districts_of_one_name() -> None:
    large = Council(200_000)
    streets = [large.street_name(street) for street in large.streets()]
    wards = [large.ward_name(ward) for ward in range(large.ward_count)]
    districts = [large.district_code(district) for district in range(large.district_count)]
    for names in (streets, wards, districts):
        assert len(set(names)) == len(names)


def test_everyone_is_of_an_age_to_apply_and_some_are_attainers() -> None:
    births = [date.fromisoformat(form["dob"]) for form in applications(COUNCIL, ON)]
    eighteen = ON.replace(year=ON.year - 18)
    attainers = [born for born in births if born > eighteen]
    assert 20 < len(attainers) < 90
    assert max(births) <= ON - timedelta(days=17 * 365)


def test_people_differ_in_what_they_want_and_where_they_come_from() -> None:
    forms = list(applications(COUNCIL, ON))
    assert {form["nat"] for form in forms} >= {"GB", "IE", "PL", "FR", "IN"}
    for choice in ("opnreg", "pvote"):
        assert {form[choice] for form in forms} == {"true", "false"}
    assert any("nonino" in form and "nino" not in form for form in forms)
    assert {form["gssCode"] for form in forms} == {AUTHORITY}


def test_nobody_can_be_mistaken_for_a_real_person_or_reached() -> None:
    for form in applications(COUNCIL, ON):
        assert NINO.fullmatch(form.get("nino", "XX000000").replace(" ", ""))
        assert form.get("nino", "X").startswith("X")
        assert form.get("email", "@example.org").endswith("@example.org")
        assert form.get("phone", "01632 960").startswith("01632 960")
        assert form["regpostcode"].startswith("ZZ")

"""Address lines as GOV.UK, OS and Royal Mail build them from the gazetteer's parts."""

from typing import Any

import pytest

from services.registration.exchange.gazetteer.address import (
    address_lines,
    number_range,
    os_line,
    paf_line,
    sentence_case,
    walk_order,
)
from services.registration.exchange.gazetteer.property import GazetteerProperty, GazetteerStreet
from services.registration.exchange.gazetteer.records import (
    Blpu,
    DeliveryPoint,
    Lpi,
    Organisation,
    Street,
    StreetDescriptor,
)
from shared.events.values import AddressLines, Uprn


def lpi(**parts: Any) -> Lpi:
    given: dict[str, Any] = {"uprn": 1, "lpi_key": "L1", "language": "ENG", "logical_status": 1, "usrn": 10}
    return Lpi(**(given | parts))


def home(
    *lpis: Lpi,
    record_type: int | None = 1,
    names: tuple[dict[str, Any], ...] = ({},),
    paf: dict[str, Any] | None = None,
) -> GazetteerProperty:
    street = {"street_description": "HIGH STREET", "town_name": "MOOTBRIDGE"}
    return GazetteerProperty(
        Blpu(1, 1, postcode_locator="ZZ1 1AA"),
        lpis,
        (
            GazetteerStreet(
                10, Street(10, record_type), tuple(StreetDescriptor(10, **(street | name)) for name in names)
            ),
        ),
        (DeliveryPoint(1, 5, **paf),) if paf is not None else (),
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((2, None, None, None), "2"),
        ((2, "A", None, None), "2A"),
        ((2, None, 6, None), "2-6"),
        ((2, "A", 6, "C"), "2A-6C"),
        ((None, None, 6, "C"), "6C"),
        ((None, "A", None, None), ""),
        ((None, "A", 6, None), "6"),
        ((2, None, None, "C"), "2"),
        ((0, None, None, None), "0"),
        ((None, None, None, None), ""),
    ],
)
def test_a_range_of_numbers_ignores_a_suffix_without_its_number(parts: Any, expected: str) -> None:
    assert number_range(*parts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("FLAT 5", "Flat 5"), ("162A BURNTHOUSE LANE", "162A Burnthouse Lane"), ("TŶ ESGOB", "Tŷ Esgob"), ("", "")],
)
def test_words_get_capitals_and_numbers_keep_theirs(text: str, expected: str) -> None:
    assert sentence_case(text) == expected


def test_property_is_the_part_and_the_building_and_street_is_the_number_and_the_name() -> None:
    address = home(
        lpi(sao_text="FLAT", sao_start_number=5, pao_text="THE OLD MILL", pao_start_number=1, pao_start_suffix="A")
    )
    assert address_lines(address) == AddressLines(
        property="Flat 5 The Old Mill", street="1A High Street", town="Mootbridge", postcode="ZZ1 1AA", uprn=Uprn(1)
    )


@pytest.mark.parametrize("record_type", [2, 4, 9])
@pytest.mark.parametrize(
    ("paf", "street"),
    [
        ({"thoroughfare": "MILL LANE", "dependent_thoroughfare": "MILL MEWS"}, "2 Mill Lane"),
        ({"dependent_thoroughfare": "MILL MEWS", "double_dependent_locality": "MILLTOWN"}, "2 Mill Mews"),
        ({"double_dependent_locality": "MILLTOWN"}, "2 Milltown"),
        ({}, "2"),
        (None, "2"),
    ],
)
def test_a_street_that_is_only_described_takes_its_name_from_royal_mail(
    record_type: int, paf: dict[str, Any] | None, street: str
) -> None:
    described = ({"street_description": "ROAD FROM A TO B"},)
    assert (
        address_lines(home(lpi(pao_start_number=2), record_type=record_type, names=described, paf=paf)).street == street
    )


@pytest.mark.parametrize("record_type", [1, 3, None])
def test_a_street_with_a_name_keeps_it_whatever_royal_mail_says(record_type: int | None) -> None:
    address = home(lpi(pao_start_number=2), record_type=record_type, paf={"thoroughfare": "MILL LANE"})
    assert address_lines(address).street == "2 High Street"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"administrative_area": "MOOTSHIRE"}, ("", "Mootbridge", "Mootshire")),
        ({"administrative_area": "Mootbridge"}, ("", "Mootbridge", "")),
        ({"town_name": None, "administrative_area": "MOOTSHIRE"}, ("", "", "Mootshire")),
        ({"locality": "HIGH STREET"}, ("", "Mootbridge", "")),
        ({"locality": "LITTLE MOOT"}, ("Little Moot", "Mootbridge", "")),
        ({"street_description": "MOOTBRIDGE", "locality": "EAST END"}, ("East End", "", "")),
    ],
)
def test_what_only_repeats_the_street_or_the_town_is_dropped(name: dict[str, Any], expected: tuple[str, ...]) -> None:
    lines = address_lines(home(lpi(pao_start_number=2), names=(name,)))
    assert (lines.locality, lines.town, lines.area) == expected


def test_an_address_joins_the_street_name_of_its_own_language() -> None:
    names = ({"language": "ENG"}, {"language": "CYM", "street_description": "STRYD FAWR", "town_name": "PONT Y MWT"})
    both = home(lpi(pao_start_number=2), lpi(language="CYM", pao_start_number=2), names=names)
    assert address_lines(both).street == "2 High Street"
    assert address_lines(both, "CYM").street == "2 Stryd Fawr"
    english_only = home(lpi(language="CYM", pao_start_number=2), names=names[:1])
    assert address_lines(english_only, "CYM").street == "2 High Street"


def test_an_approved_address_counts_before_provisional_alternative_and_historical_ones() -> None:
    by_status = [lpi(lpi_key=f"L{status}", logical_status=status, pao_start_number=status) for status in (8, 3, 6, 1)]
    for expected in (1, 6, 3, 8):
        assert address_lines(home(*by_status)).street == f"{expected} High Street"
        by_status = [x for x in by_status if x.logical_status != expected]


def test_a_property_without_address_still_has_its_postcode() -> None:
    assert address_lines(home()) == AddressLines(postcode="ZZ1 1AA", uprn=Uprn(1))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"pao_start_number": 2}, "2 HIGH STREET, MOOTBRIDGE, ZZ1 1AA"),
        ({"pao_start_number": 1, "pao_start_suffix": "A"}, "1A, HIGH STREET, MOOTBRIDGE, ZZ1 1AA"),
        ({"pao_start_number": 2, "pao_end_number": 6}, "2-6, HIGH STREET, MOOTBRIDGE, ZZ1 1AA"),
        ({"sao_text": "FLAT 5", "pao_text": "OLD MILL"}, "FLAT 5, OLD MILL, HIGH STREET, MOOTBRIDGE, ZZ1 1AA"),
        ({"sao_start_number": 5, "pao_text": "OLD MILL"}, "5 OLD MILL, HIGH STREET, MOOTBRIDGE, ZZ1 1AA"),
        ({"pao_text": "1066"}, "1066, HIGH STREET, MOOTBRIDGE, ZZ1 1AA"),
    ],
)
def test_os_writes_a_comma_after_texts_and_a_space_after_bare_numbers(parts: dict[str, Any], expected: str) -> None:
    address = home(lpi(**parts))
    assert os_line(address, address.lpis[0]) == expected


def test_os_begins_with_the_organisation() -> None:
    shop = GazetteerProperty(Blpu(1, 1), (lpi(pao_start_number=2),), organisations=(Organisation(1, "O1", "CAFE"),))
    assert os_line(shop, shop.lpis[0]) == "CAFE, 2"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"building_number": 2, "thoroughfare": "HIGH STREET"}, "2 HIGH STREET, MOOTBRIDGE, ZZ1 1AA"),
        (
            {"building_number": 2, "dependent_thoroughfare": "MILL MEWS", "thoroughfare": "HIGH STREET"},
            "2 MILL MEWS, HIGH STREET, MOOTBRIDGE, ZZ1 1AA",
        ),
        ({"sub_building_name": "FLAT 5", "building_name": "OLD MILL"}, "FLAT 5, OLD MILL, MOOTBRIDGE, ZZ1 1AA"),
        ({"organisation_name": "CAFE", "department_name": "TEA"}, "TEA, CAFE, MOOTBRIDGE, ZZ1 1AA"),
        ({"po_box_number": "12"}, "PO BOX 12, MOOTBRIDGE, ZZ1 1AA"),
        (
            {"double_dependent_locality": "NETHER MOOT", "dependent_locality": "MOOT"},
            "NETHER MOOT, MOOT, MOOTBRIDGE, ZZ1 1AA",
        ),
    ],
)
def test_royal_mail_writes_a_delivery_point_on_one_line(parts: dict[str, Any], expected: str) -> None:
    assert paf_line(DeliveryPoint(1, 5, post_town="MOOTBRIDGE", postcode="ZZ1 1AA", **parts)) == expected


def test_a_walk_follows_numbers_and_never_text() -> None:
    numbers = [(10, None), (2, "A"), (1, None), (2, None), (9, None)]
    street = [lpi(pao_start_number=n, pao_start_suffix=s) for n, s in numbers] + [lpi(pao_text="ROSE COTTAGE")]
    in_order = sorted(street, key=walk_order)
    shown = " ".join(f"{x.pao_start_number or 'unnumbered'}{x.pao_start_suffix or ''}" for x in in_order)
    assert shown == "1 2 2A 9 10 unnumbered"
    by_side = sorted(street, key=lambda x: walk_order(x, odd_then_even=True))
    assert [x.pao_start_number for x in by_side] == [1, 9, 2, 2, 10, None]


def test_in_a_house_the_house_comes_before_flat_9_and_flat_9_before_flat_10() -> None:
    flats = [lpi(pao_start_number=3, sao_start_number=n) for n in (10, 9, None)]
    basement = lpi(pao_start_number=3, sao_text="BASEMENT")
    assert [x.sao_start_number for x in sorted([basement, *flats], key=walk_order)] == [None, 9, 10, None]

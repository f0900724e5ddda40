"""Who is likely the same person, and who only looks like it; how many of the first are found, and how few of the second."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

import pytest

from services.registration.duplicates.likeness import LIKELY, blocks, likely_pairs, person, soundex
from services.registration.duplicates.likeness import likeness as compared
from services.registration.duplicates.tests.labelled import register, truth
from shared.events.values import PersonName

HOME, ELSEWHERE, BORN = UUID(int=1), UUID(int=2), date(1980, 12, 1)


def somebody(first="Ada", last="Marsh", birth=BORN, home=HOME, middle="", **more):
    return person(UUID(int=9), PersonName(first, last, middle), birth, home, f"ZZ1 {home.int}AA", **more)


ADA = somebody()


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (somebody(home=ELSEWHERE), "same-birth"),
        (somebody(last="Mrash"), "surname-alike"),
        (somebody(first="A"), "initial"),
        (somebody(birth=date(1980, 1, 12), home=ELSEWHERE), "day-and-month-exchanged"),
        (somebody(birth=date(1981, 12, 1)), "birth-differs-in-a-digit"),
        (somebody(last="Marsh-Poole", home=ELSEWHERE), "part-of-surname"),
        (somebody(last="Poole"), "other-surname"),
        (somebody(first="Marsh", last="Ada"), "names-reversed"),
        (somebody(birth=None), "birth-unknown"),
    ],
)
def test_an_officer_looks_at_what_is_likely_the_same_person(other, reason):
    found = compared(ADA, other)
    assert found.score >= LIKELY
    assert reason in found.reasons
    assert compared(other, ADA) == found


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(somebody(first="Bea"), id="a twin"),
        pytest.param(somebody(birth=date(1951, 3, 7)), id="her mother, of the same name"),
        pytest.param(somebody(birth=date(1979, 4, 30), home=ELSEWHERE), id="a namesake elsewhere"),
        pytest.param(somebody(birth=date(1981, 12, 1), home=ELSEWHERE), id="a namesake born a year later elsewhere"),
        pytest.param(somebody(birth=None, home=ELSEWHERE), id="a namesake of unknown birth elsewhere"),
        pytest.param(somebody(last="Poole", home=ELSEWHERE), id="an Ada of the same day elsewhere"),
    ],
)
def test_who_only_looks_like_it_is_left_in_peace(other):
    assert compared(ADA, other).score < LIKELY


def test_short_forms_of_names_are_one_name():
    bill, will = somebody(first="Bill"), somebody(first="Will")
    assert compared(bill, will).score >= LIKELY
    assert "short-form-of-name" in compared(bill, somebody(first="William")).reasons


def test_edge_case_22_the_same_nino_twice_is_a_duplicate_to_review_whatever_else_differs():
    one, other = somebody(nino="AB 12 34 56 D"), somebody(first="Eve", birth=None, nino="AB123456D")
    assert compared(one, other) == type(compared(one, other))(100, ("same-nino",))


def test_names_that_sound_alike_meet_in_one_block():
    assert [soundex(name) for name in ("robert", "rupert", "ashcraft", "tymczak", "")] == [
        "r163", "r163", "a261", "t522", "",
    ]  # fmt: skip
    assert soundex("smith") == soundex("smyth")


def found_in(records):
    pairs = []
    for which in range(3):
        together = defaultdict(list)
        for record in records:
            someone = record.person()
            together[blocks(someone)[which]].append(someone)
        for block in together.values():
            pairs += [frozenset((one.key, other.key)) for one, other, _ in likely_pairs(block, which)]
    return pairs


def test_of_ten_thousand_people_nearly_all_duplicates_are_found_and_hardly_anybody_else():
    records = register(10_000)
    pairs, true = found_in(records), truth(records)
    assert len(pairs) == len(set(pairs)), "each pair comes once, however many blocks it shares"
    hits = len(set(pairs) & true)
    precision, recall = hits / len(pairs), hits / len(true)
    print(f"{len(true)} duplicates among {len(records)}: precision {precision:.3f}, recall {recall:.3f}")
    assert precision > 0.97
    assert recall > 0.95

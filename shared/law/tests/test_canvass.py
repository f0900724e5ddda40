"""The canvass: routes, programmes of contacts, candidates for a responsible person."""

from datetime import date

import pytest

from shared.law import canvass as law
from shared.law.dated import NoLawOn
from shared.law.rules import Refused

AUGUST = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("household", "route"),
    [
        (law.Household((True, True), 2), (1, "every-elector-matched")),
        (law.Household((True, False), 2), (2, "not-every-elector-matched")),
        (law.Household((), 0), (2, "no-electors")),
        (law.Household((True,), 0), (2, "only-under-18")),
        (law.Household((True,), 1, ("returned-mail",)), (2, "returned-mail")),
    ],
)
def test_the_data_step_finds_route_1_or_2_and_never_3(household, route):
    assert law.route_of(household) == route


@pytest.mark.parametrize(
    ("route", "made", "kinds"),
    [
        (1, [], {"cca", "e-communication"}),
        (1, ["e-communication"], {"cca"}),
        (1, ["cca"], set()),
        (1, ["e-communication", "cca"], set()),
        (2, [], {"form", "ccb", "visit"}),
        (2, ["form"], {"form", "ccb", "visit", "phone", "e-communication"}),
        (2, ["ccb"], {"form", "visit", "phone"}),
        (2, ["ccb", "form"], {"visit", "phone"}),
        (2, ["visit", "e-communication"], {"form"}),
        (2, ["form", "visit", "ccb"], set()),
        (2, ["form", "ccb", "ccb"], {"visit", "phone"}),
        (3, [], {"responsible-person"}),
        (3, ["responsible-person", "responsible-person"], set()),
    ],
)
def test_the_next_contact_is_one_that_lets_the_programme_be_whole(route, made, kinds):
    assert law.next_kinds(route, made, AUGUST) == kinds


def test_the_third_contact_of_route_2_is_within_28_days_of_the_second():
    assert law.next_by(2, ["form", "ccb"], AUGUST) == date(2026, 8, 31)
    assert law.next_by(2, ["form", "visit", "ccb"], AUGUST) is None
    assert law.next_by(1, ["cca"], AUGUST) is None


@pytest.mark.parametrize(
    ("class_code", "candidate"), [("RH01", True), ("RI01", True), ("RD06", False), ("CO01", False)]
)
def test_shared_houses_and_institutions_are_candidates_for_route_3(class_code, candidate):
    assert law.may_be_route_3(class_code) is candidate


@pytest.mark.parametrize(
    ("household", "class_code", "known", "excluded", "rule"),
    [
        (law.Household((True,), 1), "RD06", True, False, "not-for-route-3"),
        (law.Household((True,), 0), "RI03", True, False, "not-for-route-3"),
        (law.Household((), 0), "RI01", True, True, "not-for-route-3"),
        (law.Household((True,), 1), "RI01", False, False, "no-responsible-person"),
    ],
)
def test_route_3_is_refused(household, class_code, known, excluded, rule):
    with pytest.raises(Refused) as refused:
        law.check_route_3(household, class_code, known, excluded)
    assert refused.value.rule.name == rule


def test_route_3_takes_a_care_home_with_or_without_electors_when_somebody_answers_for_it():
    law.check_route_3(law.Household((False,), 1), "RI01", True)
    law.check_route_3(law.Household((), 0), "RI01", True)


def test_the_national_match_answers_within_five_working_days():
    assert law.result_due(date(2026, 8, 27)) == date(2026, 9, 4)  # over the summer bank holiday


def test_recent_additions_match_for_90_days_at_most():
    law.check_recent_days(90, AUGUST)
    for days in (-1, 91):
        with pytest.raises(Refused):
            law.check_recent_days(days, AUGUST)


def test_no_route_is_known_before_the_reform():
    with pytest.raises(NoLawOn):
        law.next_kinds(2, [], date(2019, 8, 1))

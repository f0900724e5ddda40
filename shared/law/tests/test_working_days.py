from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law.working_days import HolidaysUnknown, Nation, calendar

ENGLAND = calendar(Nation.ENGLAND_AND_WALES)
SCOTLAND = calendar(Nation.SCOTLAND)
KINGDOM = calendar(*Nation)

days = st.dates(date(2013, 1, 1), date(2027, 12, 31))
counts = st.integers(0, 60)
calendars = st.sampled_from([ENGLAND, SCOTLAND, calendar(Nation.NORTHERN_IRELAND), KINGDOM])


def test_christmas_eve_does_not_count_though_it_is_no_bank_holiday():
    assert not ENGLAND.is_working_day(date(2026, 12, 24))


def test_maundy_thursday_counts_and_good_friday_does_not():
    assert ENGLAND.is_working_day(date(2026, 4, 2))
    assert not ENGLAND.is_working_day(date(2026, 4, 3))


def test_scotland_works_on_easter_monday_and_not_on_2_january():
    assert SCOTLAND.is_working_day(date(2026, 4, 6))
    assert not ENGLAND.is_working_day(date(2026, 4, 6))
    assert not SCOTLAND.is_working_day(date(2019, 1, 2))


def test_a_holiday_anywhere_is_a_holiday_of_the_kingdom_and_says_whose():
    assert KINGDOM.skipped(date(2019, 12, 2), date(2019, 12, 3)) == [
        (date(2019, 12, 2), "St Andrew's Day (substitute day) (Scotland)")
    ]


def test_skipped_days_say_why():
    assert ENGLAND.skipped(date(2026, 4, 7), date(2026, 4, 2)) == [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 4), "Saturday"),
        (date(2026, 4, 5), "Sunday"),
        (date(2026, 4, 6), "Easter Monday"),
    ]


def test_the_first_and_the_last_working_day_around_a_holiday():
    good_friday = date(2026, 4, 3)
    assert ENGLAND.first_on_or_after(good_friday) == date(2026, 4, 7)
    assert ENGLAND.last_on_or_before(good_friday) == date(2026, 4, 2)
    assert ENGLAND.previous(date(2026, 4, 7)) == date(2026, 4, 2)


def test_a_proclaimed_holiday_does_not_count_and_changes_no_other_calendar():
    mourning = (date(2027, 3, 10), "Day of national mourning")
    proclaimed = calendar(Nation.ENGLAND_AND_WALES, proclaimed=[mourning])
    assert proclaimed.skipped(date(2027, 3, 10), date(2027, 3, 10)) == [mourning]
    assert ENGLAND.is_working_day(date(2027, 3, 10))


def test_a_year_without_holiday_data_is_refused_with_what_to_do():
    with pytest.raises(HolidaysUnknown, match=r"2011 are not known for Scotland\. Update the package") as refusal:
        SCOTLAND.back(date(2012, 1, 2), 1)
    assert refusal.value.year == 2011


def test_a_proclaimed_holiday_does_not_make_its_year_known():
    with pytest.raises(HolidaysUnknown):
        calendar(Nation.SCOTLAND, proclaimed=[(date(2099, 1, 5), "x")]).is_working_day(date(2099, 1, 6))


def test_nobody_counts_a_negative_number_of_days():
    with pytest.raises(ValueError, match="negative"):
        ENGLAND.back(date(2026, 5, 7), -1)


@given(calendars, days, counts)
def test_forward_and_back_undo_each_other_on_working_days(calendar_, day, n):
    start = calendar_.first_on_or_after(day)
    assert calendar_.back(calendar_.forward(start, n), n) == start
    assert calendar_.forward(calendar_.back(start, n), n) == start


@given(calendars, days, days, counts)
def test_a_later_day_never_leads_to_an_earlier_one(calendar_, a, b, n):
    first, last = sorted((a, b))
    assert calendar_.forward(first, n) <= calendar_.forward(last, n)
    assert calendar_.back(first, n) <= calendar_.back(last, n)


@given(calendars, days, st.integers(1, 60))
def test_every_day_passed_is_either_counted_or_explained(calendar_, day, n):
    end = calendar_.forward(day, n)
    passed = (end - day).days
    assert passed == n + len(calendar_.skipped(day + timedelta(days=1), end))


@given(days, counts)
def test_the_kingdom_never_needs_fewer_days_than_a_nation(day, n):
    assert KINGDOM.back(day, n) <= min(calendar(nation).back(day, n) for nation in Nation)

from datetime import date, time

import pytest

from shared.law import provisions
from shared.law.dated import Dated, NoLawOn, Provision
from shared.law.reckoning import Limit
from shared.law.timetable import before_poll
from shared.law.working_days import calendar

LAW = Dated(
    "an age", Provision(21, date(1928, 7, 2), "1928", until=date(1969, 12, 31)), Provision(18, date(1970, 1, 1), "1969")
)


def test_a_value_is_the_law_of_its_days():
    assert (LAW.on(date(1969, 12, 31)), LAW.on(date(1970, 1, 1))) == (21, 18)


def test_a_value_names_its_source():
    assert LAW.provision(date(2000, 1, 1)).source == "1969"


def test_a_day_without_law_is_refused_by_name():
    with pytest.raises(NoLawOn, match="'an age' on 1 July 1928"):
        LAW.on(date(1928, 7, 1))


def test_two_laws_cannot_hold_on_one_day():
    with pytest.raises(ValueError, match="overlaps"):
        Dated("x", Provision(1, date(2000, 1, 1), "a"), Provision(2, date(2001, 1, 1), "b"))


def test_an_amendment_ends_the_law_before_it():
    amended = LAW.amended(16, date(2027, 5, 1), "a Bill")
    assert [(p.value, p.until) for p in amended][1:] == [(18, date(2027, 4, 30)), (16, None)]


def test_the_pending_five_o_clock_deadline_needs_no_code():
    law = provisions.REGISTRATION_DEADLINE.amended(Limit(12, time(17)), date(2027, 5, 1), "RP Bill 2026")
    before = before_poll("x", date(2026, 5, 7), law.on(date(2026, 5, 7)), "", calendar())
    after = before_poll("x", date(2027, 5, 6), law.on(date(2027, 5, 6)), "", calendar())
    assert (str(before), str(after)) == (
        "midnight at the end of Monday 20 April 2026",
        "5:00pm on Monday 19 April 2027",
    )

"""By when an enquiry is answered."""

from datetime import date

import pytest

from shared.law.dated import NoLawOn
from shared.law.enquiries import answer_due
from shared.law.working_days import HolidaysUnknown

BEFORE_CHRISTMAS = date(2026, 12, 21)


def test_a_request_for_information_counts_christmas_eve_and_no_bank_holiday_of_any_nation():
    # 4 January 2027 is a bank holiday in Scotland only
    assert answer_due("foi", BEFORE_CHRISTMAS) == (date(2027, 1, 22), "FOIA 2000 s.10(1), (6)")
    assert answer_due("eir", BEFORE_CHRISTMAS)[0] == date(2027, 1, 22)


def test_any_other_enquiry_counts_the_bank_holidays_of_england_and_wales():
    assert answer_due("general", BEFORE_CHRISTMAS)[0] == date(2027, 1, 7)


def test_the_day_of_receipt_is_not_counted_whichever_day_it_is():
    assert answer_due("general", date(2026, 6, 5))[0] == answer_due("general", date(2026, 6, 6))[0] == date(2026, 6, 19)


def test_no_day_is_guessed():
    with pytest.raises(HolidaysUnknown):
        answer_due("foi", date(2099, 1, 4))
    with pytest.raises(NoLawOn):
        answer_due("foi", date(2004, 12, 31))

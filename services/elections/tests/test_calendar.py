"""Proclaimed holidays and the timetables they may move: whichever comes second finds the first."""

from datetime import date
from uuid import UUID

from services.elections.calendar.decider import EnterTimetable, ProclaimBankHoliday, bank_holidays
from shared.eventcore.testing.specs import spec
from shared.events.elections import BankHolidayProclaimed, ElectionId, ProclaimedHoliday, TimetableEntered

MAY, JUNE = ElectionId(UUID(int=1)), ElectionId(UUID(int=2))
ON = date(2026, 3, 2)
MOURNING = ProclaimedHoliday(date(2026, 4, 27), "Day of mourning", ("england-and-wales",))
MAYS = EnterTimetable(MAY, date(2026, 3, 30), date(2026, 6, 23))
ENTERED = TimetableEntered(MAY, date(2026, 3, 30), date(2026, 6, 23))


def test_a_proclamation_names_the_polls_whose_timetables_span_it():
    later = TimetableEntered(JUNE, date(2026, 5, 11), date(2026, 8, 1))
    spec(bank_holidays).given(ENTERED, later).when(ProclaimBankHoliday(MOURNING, ON)).then(
        BankHolidayProclaimed(MOURNING, ON, (MAY,))
    )


def test_a_timetable_that_is_entered_later_learns_what_was_proclaimed_before():
    spec(bank_holidays).given(BankHolidayProclaimed(MOURNING, ON)).when(MAYS).then(
        TimetableEntered(MAY, date(2026, 3, 30), date(2026, 6, 23), (MOURNING,))
    )


def test_nothing_is_proclaimed_or_entered_twice():
    spec(bank_holidays).given(BankHolidayProclaimed(MOURNING, ON)).when(
        ProclaimBankHoliday(MOURNING, ON)
    ).nothing_happens()
    spec(bank_holidays).given(ENTERED).when(MAYS).nothing_happens()


def test_a_day_that_is_off_anyway_moves_nothing():
    sunday = ProclaimedHoliday(date(2026, 4, 26), "A Sunday", ("england-and-wales",))
    easter = ProclaimedHoliday(date(2026, 4, 6), "Easter Monday", ("england-and-wales",))
    for holiday in (sunday, easter):
        spec(bank_holidays).given(ENTERED).when(ProclaimBankHoliday(holiday, ON)).nothing_happens()


def test_easter_monday_proclaimed_for_scotland_counts_there():
    scottish = ProclaimedHoliday(date(2026, 4, 6), "Easter Monday", ("scotland",))
    spec(bank_holidays).when(ProclaimBankHoliday(scottish, ON)).then(BankHolidayProclaimed(scottish, ON))


def test_a_holiday_in_the_past_or_nowhere_is_refused():
    spec(bank_holidays).when(ProclaimBankHoliday(MOURNING, date(2026, 4, 28))).refused("holiday-has-passed")
    nowhere = ProclaimedHoliday(date(2026, 4, 27), "Nowhere", ("atlantis",))
    spec(bank_holidays).when(ProclaimBankHoliday(nowhere, ON)).refused("unknown-nation")

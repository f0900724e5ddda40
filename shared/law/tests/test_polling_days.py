"""On which days a poll may be held."""

from datetime import date

from shared.law.polling_days import ordinary_day, polling_window, recall_opened, recall_period
from shared.law.voting_systems import PollKind


def test_ordinary_elections_are_on_the_first_thursday_of_may():
    assert [ordinary_day(year) for year in (2024, 2025, 2026, 2027)] == [
        date(2024, 5, 2), date(2025, 5, 1), date(2026, 5, 7), date(2027, 5, 6),
    ]  # fmt: skip


def test_a_casual_vacancy_is_filled_within_35_working_days_with_25_working_days_of_notice():
    window = polling_window(PollKind.LOCAL, date(2026, 6, 1), by_election=True)
    assert (window.first, window.last) == (date(2026, 7, 6), date(2026, 7, 20))
    assert date(2026, 7, 16) in window
    assert date(2026, 7, 3) not in window
    assert date(2026, 7, 21) not in window


def test_a_parish_vacancy_within_60_working_days_of_its_notice():
    window = polling_window(PollKind.PARISH, date(2026, 6, 1), by_election=True)
    assert (window.first, window.last) == (date(2026, 7, 6), date(2026, 8, 24))


def test_a_parish_poll_from_the_14th_to_the_25th_day_after_its_demand():
    window = polling_window(PollKind.PARISH_POLL, date(2026, 9, 1))
    assert (window.first, window.last) == (date(2026, 9, 15), date(2026, 9, 26))
    assert "14th to the 25th day" in str(window)


def test_a_recall_petition_opens_ten_working_days_after_the_speakers_notice_or_later():
    window = polling_window(PollKind.RECALL, date(2023, 10, 25))
    assert recall_opened(window.first) == date(2023, 11, 8)
    assert recall_period(date(2023, 11, 8)) == date(2023, 12, 19) == window.first
    assert date(2024, 1, 10) in window
    assert "or later" in str(window)


def test_a_neighbourhood_poll_has_longer_with_a_business_referendum():
    short = polling_window(PollKind.NEIGHBOURHOOD_REFERENDUM, date(2026, 6, 1))
    long = polling_window(PollKind.NEIGHBOURHOOD_REFERENDUM, date(2026, 6, 1), business=True)
    assert short.first == long.first == date(2026, 6, 2)
    assert (short.last, long.last) == (date(2026, 8, 18), date(2026, 9, 28))


def test_an_ordinary_election_has_no_such_window():
    assert polling_window(PollKind.LOCAL, date(2026, 6, 1)) is None

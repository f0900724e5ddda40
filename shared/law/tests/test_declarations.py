"""How long declarations last, and when their makers are reminded."""

from __future__ import annotations

from datetime import date

import pytest

from shared.law.declarations import (
    Window,
    first_reminder,
    in_date,
    last_day,
    months_later,
    renewed_until,
    second_reminder,
)


@pytest.mark.parametrize(
    ("category", "effective_on", "until"),
    [
        ("overseas", date(2024, 11, 1), date(2027, 11, 1)),
        ("overseas", date(2024, 3, 1), date(2026, 11, 1)),
        ("forces", date(2026, 4, 1), date(2031, 3, 31)),
        ("crown", date(2026, 4, 1), date(2027, 3, 31)),
        ("local-connection", date(2024, 2, 29), date(2025, 2, 27)),
    ],
)
def test_an_entry_lasts_as_long_as_its_category_may(category, effective_on, until):
    assert last_day(category, effective_on) == until


def test_the_same_day_of_a_shorter_month_is_its_last():
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_later(date(2026, 12, 15), 1) == date(2027, 1, 15)


def test_a_declaration_counts_for_three_months():
    assert in_date(date(2026, 6, 1), date(2026, 9, 1))
    assert not in_date(date(2026, 6, 1), date(2026, 9, 2))


def test_forces_are_reminded_in_months_57_and_58_and_again_three_to_four_weeks_later():
    assert first_reminder("forces", date(2026, 4, 1), date(2031, 3, 31)) == Window(date(2031, 1, 1), date(2031, 2, 1))
    assert second_reminder("forces", date(2031, 1, 1)) == Window(date(2031, 1, 22), date(2031, 1, 29))


def test_crown_servants_are_reminded_in_months_9_and_10():
    assert first_reminder("crown", date(2026, 4, 1), date(2027, 3, 31)) == Window(date(2027, 1, 1), date(2027, 2, 1))


def test_overseas_electors_are_reminded_once_in_the_season_of_their_last_year():
    assert first_reminder("overseas", date(2024, 11, 1), date(2027, 11, 1)) == Window(
        date(2027, 7, 1), date(2027, 10, 31)
    )
    assert second_reminder("overseas", date(2027, 7, 1)) is None


def test_an_overseas_renewal_in_season_adds_a_whole_term():
    assert renewed_until("overseas", date(2027, 7, 2), date(2027, 11, 1)) == date(2030, 11, 1)


def test_an_overseas_renewal_out_of_season_runs_from_itself():
    assert renewed_until("overseas", date(2027, 2, 1), date(2027, 11, 1)) == date(2029, 11, 1)


def test_a_renewal_never_shortens():
    assert renewed_until("crown", date(2026, 5, 1), date(2027, 6, 30)) == date(2027, 6, 30)

"""Clear days and absence: every worked date of the reference, and the edges between the ways of counting."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law.meetings import (
    COUNCIL_NOTICE,
    KEY_DECISION_NOTICE,
    PARISH_NOTICE,
    ClearDays,
    absence,
    easter,
    months_after,
)

FIVE = ClearDays(COUNCIL_NOTICE.on(date(2026, 9, 23)))
WEDNESDAY = date(2026, 9, 23)


@pytest.mark.parametrize(
    ("meeting", "publish_by"),
    [
        (WEDNESDAY, date(2026, 9, 15)),
        (date(2026, 4, 9), date(2026, 3, 30)),  # Good Friday and Easter Monday between
        (date(2026, 5, 28), date(2026, 5, 19)),  # spring bank holiday between
        (date(2027, 1, 6), date(2026, 12, 24)),  # 25 and 28 December, 1 January; Christmas Eve is a working day
    ],
)
def test_an_agenda_is_out_five_clear_working_days_before_the_meeting(meeting, publish_by):
    assert FIVE.publish_by(meeting).date == publish_by


def test_a_parish_counts_calendar_days_or_those_of_section_243():
    days = PARISH_NOTICE.on(WEDNESDAY)
    assert ClearDays(days, "calendar").publish_by(WEDNESDAY).date == date(2026, 9, 19)
    assert ClearDays(days, "s243").publish_by(WEDNESDAY).date == date(2026, 9, 18)


def test_a_key_decision_is_announced_twenty_eight_clear_days_before():
    rule = ClearDays(KEY_DECISION_NOTICE.on(WEDNESDAY), "calendar")
    assert rule.publish_by(WEDNESDAY).date == date(2026, 8, 25)
    assert rule.between(date(2026, 8, 26), WEDNESDAY) == 27


def test_after_a_general_exception_notice_the_decision_waits_until_five_clear_days_have_passed():
    assert FIVE.earliest_meeting(date(2026, 9, 7)) == date(2026, 9, 15)


def test_a_publication_after_the_cut_off_counts_as_the_next_days():
    rule = ClearDays(5, cutoff=time(17))
    assert rule.day_of_publication(datetime(2026, 9, 15, 16, 0, tzinfo=UTC)) == date(2026, 9, 15)  # 17:00 BST
    assert rule.day_of_publication(datetime(2026, 9, 15, 16, 0, 1, tzinfo=UTC)) == date(2026, 9, 16)
    assert rule.day_of_publication(datetime(2026, 9, 18, 17, 0, tzinfo=UTC)) == date(2026, 9, 21)  # Friday evening
    assert FIVE.day_of_publication(datetime(2026, 9, 15, 22, 59, tzinfo=UTC)) == date(2026, 9, 15)


def test_days_on_which_the_offices_are_closed_do_not_count():
    assert ClearDays(5, closed=(date(2026, 9, 21),)).publish_by(WEDNESDAY).date == date(2026, 9, 14)


def test_the_date_explains_itself():
    said = str(FIVE.publish_by(date(2026, 5, 28)))
    assert "Tuesday 19 May 2026, 5 clear working days before the meeting on Thursday 28 May 2026" in said
    assert "Spring bank holiday" in said


def test_section_243_passes_over_the_breaks_but_counts_saturdays():
    rule = ClearDays(3, "s243")
    assert rule.publish_by(date(2026, 4, 9)).date == date(2026, 3, 30)  # 8 April, 1 April and 31 March are clear
    assert rule.counts(date(2026, 9, 19))
    assert not any(
        rule.counts(day) for day in (date(2026, 4, 2), date(2026, 4, 7), date(2026, 12, 24), date(2026, 12, 28))
    )


@given(
    st.dates(date(2019, 2, 1), date(2026, 12, 1)), st.integers(1, 10), st.sampled_from(["working", "calendar", "s243"])
)
def test_publication_on_the_last_day_leaves_just_the_clear_days_and_a_day_later_does_not(meeting, days, counting):
    rule = ClearDays(days, counting)
    by = rule.publish_by(meeting).date
    assert rule.between(by, meeting) == days
    assert rule.earliest_meeting(by) <= meeting or not rule.counts(meeting)


def test_a_member_who_last_came_on_14_january_holds_office_until_14_july():
    clock = absence(date(2027, 1, 14))
    assert clock.lapses_after == date(2027, 7, 14)
    assert dict(clock.alerts) == {
        "4-months": date(2027, 5, 14), "5-months": date(2027, 6, 14), "5.5-months": date(2027, 6, 29),
    }  # fmt: skip


def test_a_month_without_that_day_ends_on_its_last():
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_easter_falls_where_the_bank_holidays_say():
    assert [easter(y) for y in (2019, 2024, 2026)] == [date(2019, 4, 21), date(2024, 3, 31), date(2026, 4, 5)]

"""Counting per window: once each, per council, the newest first."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.service.windows import NOTHING, Cell, Key, counted, latest, windows

NINE, TEN = (datetime(2026, 5, 1, hour, tzinfo=UTC).timestamp() for hour in (9, 10))
OURS, THEIRS = "E07000999", "E07000041"


def test_an_event_counts_once_however_often_it_is_delivered():
    assert counted(counted(NOTHING, 7), 7) == (1, 7)


def test_an_older_event_delivered_again_is_not_counted():
    assert counted((2, 9), 7) == (2, 9)


@given(st.lists(st.integers(1, 50), max_size=60), st.data())
def test_whatever_is_repeated_from_an_earlier_point_the_count_is_of_different_events(positions, data):
    ascending = sorted(set(positions))
    again = data.draw(st.integers(0, len(ascending)))
    count = NOTHING
    for position in ascending[:again] + ascending:
        count = counted(count, position)
    assert count[0] == len(ascending)


def test_shards_of_one_council_are_added_up_the_newest_window_first():
    cells = [
        Cell(Key(OURS, "registration.elector-added", 1), NINE, (2, 5)),
        Cell(Key(OURS, "registration.elector-added", 2), NINE, (3, 9)),
        Cell(Key(OURS, "registration.application-received", 1), TEN, (1, 8)),
        Cell(Key(THEIRS, "registration.elector-added", 1), NINE, (90, 99)),
    ]
    newest, before = windows(cells, 24, OURS)
    assert (newest.begins, newest.counts) == (
        datetime(2026, 5, 1, 10, tzinfo=UTC), {"registration.application-received": 1}
    )  # fmt: skip
    assert before.counts == {"registration.elector-added": 5}
    assert [window.begins for window in windows(cells, 1, OURS)] == [newest.begins]


def test_what_was_quiet_in_the_newest_window_is_nought():
    cells = [Cell(Key(OURS, "a", 1), NINE, (2, 5)), Cell(Key(THEIRS, "b", 1), TEN, (3, 9))]
    assert latest(cells) == {"a": 0, "b": 3}
    assert latest([]) == {}

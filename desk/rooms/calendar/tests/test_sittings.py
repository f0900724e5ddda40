"""Times as officers type them, the weeks of a month, and how long a sitting lasts."""

from __future__ import annotations

from datetime import date, time

import pytest

from desk.forms import Form
from desk.rooms.calendar.sittings import NOT_A_TIME, beside, instants, month_of, room, sitting, typed_time, weeks_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7pm", time(19)), ("7.30 PM", time(19, 30)), ("19:30", time(19, 30)), ("1930", time(19, 30)), ("12am", time(0)),
        ("12 pm", time(12)), ("9:05", time(9, 5)), ("7", None), ("25:00", None), ("13pm", None), ("19:75", None), ("noon", None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_it_is_said(typed: str, meant: time | None):
    assert typed_time(typed) == meant


def test_a_form_says_what_is_wrong_with_its_times():
    form = Form({"day": "23/9/2027", "starts": "7", "ends": ""})
    assert sitting(form) == {"day": "2027-09-23", "starts": "", "ends": ""}
    assert form.errors == {"starts": NOT_A_TIME, "ends": "Enter when it ends"}


def test_a_room_is_asked_for_with_its_layout_and_its_seats_or_not_at_all():
    assert room(Form({"layout": "boardroom"})) is None
    wanted = Form({"room": "r", "layout": "boardroom", "needed": "40"})
    assert (room(wanted), wanted.errors) == ({"room_id": "r", "layout": "boardroom", "needed": 40}, {})
    wanting = Form({"room": "r"})
    room(wanting)
    assert set(wanting.errors) == {"layout", "needed"}


@pytest.mark.parametrize("asked", ["", "2026-13", "9999-01", "november", "2026-1"])
def test_a_month_that_is_none_is_this_month(asked: str):
    assert month_of(asked, TODAY) == date(2026, 11, 1)


def test_a_months_weeks_begin_on_monday_and_its_neighbours_are_the_months_beside_it():
    january = month_of("2027-01", TODAY)
    weeks = weeks_of(january)
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 12, 28), date(2027, 1, 31))
    assert beside(january) == ("2026-12", "2027-02")


def test_a_sitting_that_ends_before_it_starts_ends_on_the_next_day_by_londons_clock():
    late = {"day": "2026-10-24", "starts": "23:00", "ends": "02:00"}
    assert instants(late) == ("2026-10-24T23:00:00+01:00", "2026-10-25T02:00:00+00:00")

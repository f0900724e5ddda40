"""A line of the service as a bar of the picture."""

from __future__ import annotations

from datetime import date
from typing import Any

from desk.pictures.week import week
from desk.rooms.room_week.pages import booking_of, monday_of

LINE: dict[str, Any] = {
    "room": "Chamber", "committee": "Planning Committee", "day": "2026-09-23", "starts": "19:00:00", "ends": "21:00:00",
    "setup_from": "2026-09-23T17:30:00Z", "clear_to": "2026-09-23T20:15:00Z",
}  # fmt: skip


def test_a_booking_is_drawn_by_the_clock_on_the_wall():
    booking = booking_of(LINE)
    assert (
        f"{booking.setup_from:%H:%M} {booking.starts:%H:%M} {booking.ends:%H:%M} {booking.clear_to:%H:%M}"
        == "18:30 19:00 21:00 21:15"
    )


def test_a_meeting_that_ends_after_midnight_ends_on_the_next_day():
    assert booking_of(LINE | {"starts": "22:00:00", "ends": "01:00:00"}).ends.day == 24


def test_a_week_tells_how_its_rooms_are_used_and_keeps_every_booking_in_its_table():
    shown = week(date(2026, 9, 21), ["Chamber", "Hall"], [booking_of(LINE)])
    assert shown.takeaway == "1 of 2 rooms is booked: Chamber, 1 time."
    assert shown.rows == [
        ("Chamber", "Wednesday 23 September", "19:00", "21:00", "Planning Committee", "18:30", "21:15")
    ]


def test_a_week_begins_on_its_monday():
    assert {monday_of(date(2026, 9, day)) for day in range(21, 28)} == {date(2026, 9, 21)}

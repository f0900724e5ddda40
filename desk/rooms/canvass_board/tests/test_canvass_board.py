"""The curve of replies, and the figures behind the board."""

from __future__ import annotations

from datetime import date
from typing import Any

from desk.pictures.curve import curve
from desk.rooms.canvass_board.pages import query_of, running_total, share


def day(on: str, replies: int, noted: int = 0, channel: str = "online") -> dict[str, Any]:
    return {"received_on": on, "channel": channel, "replies": replies, "noted": noted}


def test_replies_of_all_channels_add_up_day_by_day():
    days = [day("2026-08-03", 4), day("2026-08-03", 2, channel="paper"), day("2026-08-05", 1)]
    assert running_total(days) == [(date(2026, 8, 3), 6), (date(2026, 8, 5), 7)]


def test_a_second_reply_of_a_household_is_not_counted_again():
    assert running_total([day("2026-08-03", 4, noted=3)]) == [(date(2026, 8, 3), 1)]


def test_the_curve_compares_with_the_same_day_of_the_year_before():
    now, before = [day("2026-08-03", 40)], [day("2025-08-02", 10), day("2025-08-09", 90)]
    picture = curve(running_total(now), 100, running_total(before), year=2026)
    assert picture.takeaway == "40 of 100 households have replied (40%); at this point last year it was 10."


def test_a_share_of_nothing_is_nothing():
    assert (share(1, 3), share(0, 0)) == (33.3, 0.0)


def test_a_figure_leads_to_the_list_that_it_counts():
    assert query_of({"count": 3, "list": "/canvasses/2026/properties?ward=E1&state=due"}) == "ward=E1&state=due"

"""Each picture says in words what it shows, keeps its figures, and is sound SVG whatever it is given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from lxml import etree

from desk.pictures.backlog import backlog
from desk.pictures.bullets import Line, budget
from desk.pictures.curve import curve
from desk.pictures.lag import lag
from desk.pictures.picture import Picture
from desk.pictures.response_map import response_map
from desk.pictures.timeline import timeline
from desk.pictures.week import Booking, week
from shared.eventcore.clock import LONDON

TODAY = date(2026, 4, 15)
HOSTILE = "<script>alert(1)</script>&\"'"


def days(*after: int) -> list[date]:
    return [TODAY + timedelta(days=n) for n in after]


def booked(day: int, starts: int, ends: int, room: str = HOSTILE) -> Booking:
    """From set-up at an hour to clearing at another."""
    at = datetime(2026, 4, day, tzinfo=LONDON)
    first, last = at + timedelta(hours=starts), at + timedelta(hours=ends)
    return Booking(room, HOSTILE, first, last, first - timedelta(minutes=30), last + timedelta(minutes=15))


PICTURES = {
    "no room": week(date(2026, 4, 13), [], []),
    "a week of rooms": week(
        date(2026, 4, 13), [HOSTILE, "Hall"], [booked(13, 19, 21), booked(19, 22, 26), booked(12, 23, 25)]
    ),
    "no application": backlog([], TODAY),
    "a backlog": backlog(days(-3, -1, 0, 2, 2, 9, 60), TODAY),
    "no reply": curve([], 0, year=2026),
    "replies": curve([(TODAY, 10), *((day, 40) for day in days(7))], 100, [(date(2025, 4, 15), 5)], year=2026),
    "no budget": budget([], "2026-27"),
    "a budget": budget(
        [Line(HOSTILE, Decimal(50), Decimal(100), Decimal(25)), Line("Travel", Decimal(9), Decimal(8), Decimal(2))],
        "2026-27",
    ),
    "no lag": lag({"relay": {}, "view:register": {}}),
    "a lag": lag({HOSTILE: {0: 5, 63: 2000}, "relay": {}}),
    "no district": response_map([], 2026),
    "districts": response_map([(HOSTILE, 3, 0), *((f"A{n}", 40, n) for n in range(25)), ("", 2, 2), ("Z", 0, 0)], 2026),
    "no past": timeline([], TODAY),
    "a life": timeline([(TODAY, HOSTILE), *((day, "Elector added") for day in days(-400, -399, -3))], TODAY),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_picture_is_sound_svg_with_a_title_and_no_style_or_script_of_its_own(picture: Picture):
    drawn = etree.fromstring(picture.svg)
    assert drawn[0].text == picture.title
    assert drawn.get("aria-labelledby") == drawn[0].get("id")
    assert not {"script", "style"} & {element.tag for element in drawn.iter()}
    assert not any("style" in element.attrib for element in drawn.iter())


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_nothing_is_drawn_outside_the_picture(picture: Picture):
    drawn = etree.fromstring(picture.svg)
    _, _, wide, high = map(float, str(drawn.get("viewBox")).split())
    for element in drawn.iter("rect"):
        x, y, width, height = (float(str(element.get(name))) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + width <= wide
        assert 0 <= y <= y + height <= high


def test_a_backlog_says_what_is_late_and_what_falls_due():
    picture = PICTURES["a backlog"]
    assert picture.takeaway == "7 open: 2 are past it, and 3 reach it in the next five days."
    assert sum(count for _, count in picture.rows) == 7, "every application stands in a column"
    assert (picture.rows[0], picture.rows[-1]) == (("Past", 2), ("Later", 1))


def test_replies_are_compared_with_the_same_day_of_last_year():
    assert PICTURES["replies"].takeaway == "40 of 100 households have replied (40%); at this point last year it was 5."


def test_a_response_map_names_where_to_send_whom():
    picture = response_map([("AB", 200, 60), ("AA", 100, 90), ("", 0, 0)], 2026)
    assert picture.takeaway == "1 of 2 polling districts below half: fewest in AB (30 %), most in AA (90 %)."
    assert picture.rows == [("AA", 100, 90, "90.0"), ("AB", 200, 60, "30.0")]


def test_a_life_of_one_event_is_told_as_one():
    assert timeline([(TODAY, "Elector added")], TODAY).takeaway == "One thing so far: Elector added, 15 April 2026."


def test_a_budget_names_the_line_that_is_overspent():
    assert PICTURES["a budget"].takeaway.endswith("over its budget: Travel.")


def test_a_lag_names_who_is_furthest_behind():
    assert lag({"relay": {}, "view:register": {1: 2, 2: 40}, "policy:x": {1: 1}}).takeaway == (
        "2 of 3 readers are behind; view of register the furthest, by 42 events."
    )


def test_only_readers_that_are_behind_have_a_strip_of_their_own_and_all_stand_in_the_table():
    picture = lag({"relay": {}, "view:own_entries": {1: 2}, **{f"policy:when_{n}": {n: n} for n in range(1, 31)}})
    drawn = [text.text for text in etree.fromstring(picture.svg).iter("{*}text")]
    assert drawn[:3] == ["all readers", "when 30", "when 29"]
    assert ("view of own entries", 2, 1) in picture.rows
    assert len(picture.rows) == 32
    assert picture.takeaway.endswith("The 20 furthest behind are drawn.")


def test_happenings_that_fall_close_together_do_not_stand_on_each_other():
    drawn = etree.fromstring(PICTURES["a life"].svg)
    words = [(float(t.get("x")), float(t.get("y"))) for t in drawn.iter("text") if t.text.startswith("Elector")]
    assert len({y for _, y in words[:2]}) == 2, "a day apart in four hundred: one above the other"


def test_a_spreadsheet_calculates_nothing_of_a_picture():
    hostile = Picture("x", "X", "", "", ("Name", "Count"), [("=HYPERLINK(1)", -5), ("+1", 2)])
    assert hostile.csv().splitlines() == ["Name,Count", "'=HYPERLINK(1),-5", "'+1,2"]

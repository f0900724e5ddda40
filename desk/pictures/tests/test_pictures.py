"""Each picture says in words what it shows, keeps its figures, and is sound SVG whatever it is given."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import etree

from desk.pictures.backlog import backlog
from desk.pictures.bullets import Line, budget
from desk.pictures.curve import curve
from desk.pictures.lag import lag
from desk.pictures.picture import Picture
from desk.pictures.timeline import timeline

TODAY = date(2026, 4, 15)
HOSTILE = "<script>alert(1)</script>&\"'"


def days(*after: int) -> list[date]:
    return [TODAY + timedelta(days=n) for n in after]


PICTURES = {
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


def test_a_budget_names_the_line_that_is_overspent():
    assert PICTURES["a budget"].takeaway.endswith("over its budget: Travel.")


def test_a_lag_names_who_is_furthest_behind():
    assert lag({"relay": {}, "view:register": {1: 2, 2: 40}, "policy:x": {1: 1}}).takeaway == (
        "2 of 3 readers are behind; view:register the furthest, by 42 events."
    )


def test_happenings_that_fall_close_together_do_not_stand_on_each_other():
    drawn = etree.fromstring(PICTURES["a life"].svg)
    words = [(float(t.get("x")), float(t.get("y"))) for t in drawn.iter("text") if t.text.startswith("Elector")]
    assert len({y for _, y in words[:2]}) == 2, "a day apart in four hundred: one above the other"


def test_a_spreadsheet_calculates_nothing_of_a_picture():
    hostile = Picture("x", "X", "", "", ("Name", "Count"), [("=HYPERLINK(1)", -5), ("+1", 2)])
    assert hostile.csv().splitlines() == ["Name,Count", "'=HYPERLINK(1),-5", "'+1,2"]

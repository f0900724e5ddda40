"""Charts: readable without seeing them, and without telling colours apart."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

from reporting import charts
from reporting.answers import Answer, Bar, Group

SVG = {"svg": charts.NAMESPACE}


def answer(*groups: Group) -> Answer:
    return Answer("Messages & more", date(2026, 5, 31), "By 31 May 2 of 3 <messages> had left.", (), (), groups)


def bars(*values: int) -> tuple[Bar, ...]:
    return tuple(Bar(f"series {number}", value, f"{value}") for number, value in enumerate(values))


def test_a_chart_says_in_words_all_that_it_shows():
    chart = ElementTree.fromstring(charts.svg(answer(Group("receipt", bars(2, 1)), Group("welcome", ()))))
    assert chart.get("role") == "img"
    assert chart.findtext("svg:title", "", SVG) == "Messages & more"
    assert chart.findtext("svg:desc", "", SVG) == (
        "By 31 May 2 of 3 <messages> had left. receipt: series 0 2, series 1 1; welcome: nothing"
    )
    named = {element.get("id") for element in chart}
    assert set(chart.get("aria-labelledby", "").split()) <= named


def test_every_bar_carries_its_name_and_value_and_no_two_series_look_alike():
    chart = ElementTree.fromstring(charts.svg(answer(Group("receipt", bars(2, 1, 4, 0)))))
    words = {text.text for text in chart.findall("svg:text", SVG)}
    assert {"receipt", "2 series 0", "1 series 1", "4 series 2", "0 series 3"} <= words
    drawn = [rect for rect in chart.findall("svg:rect", SVG) if rect.get("stroke")]
    assert len({rect.get("fill") for rect in drawn}) == 4
    widths = [int(rect.get("width", "")) for rect in drawn]
    assert widths == [245, 122, 490, 1], "nothing is a line that can still be seen"


def test_a_chart_of_nothing_says_so():
    assert b"There is nothing to draw." in charts.svg(answer())


def test_the_same_chart_comes_as_png():
    written = charts.png(answer(Group("receipt", bars(2, 1))))
    assert written.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(written[16:20], "big") == charts.WIDTH * charts.DOTS_PER_INCH // 96

"""The map of polling districts, and districts before and after a plan."""

from __future__ import annotations

from typing import Any

from desk.pictures.district_map import before_after, district_map


def feature(district: str, x: int, electors: int, at_station: int = 0) -> dict[str, Any]:
    ring = [[x, 0], [x + 100, 0], [x + 100, 100], [x, 100], [x, 0]]
    return {
        "properties": {"district": district, "electors": electors, "properties": 3, "postal_voters": 1, "at_station": at_station},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


def count(electors: int, at_station: int = 0, metres: int | None = None) -> dict[str, Any]:
    return {
        "properties": 2, "electors": electors, "attainers": 0, "postal_voters": 0, "at_station": at_station,
        "metres_mean": metres, "metres_farthest": metres,
    }  # fmt: skip


def test_a_map_draws_each_district_with_its_letters_and_says_the_same_as_a_table():
    made = district_map({"features": [feature("AB", 0, 40), feature("AA", 100, 1060)]})
    assert made.takeaway == "2 polling districts with 1,100 electors: most in AA (1,060), fewest in AB (40)."
    assert [row[:2] for row in made.rows] == [("AA", 1060), ("AB", 40)]
    assert made.svg.count("<path") == 2
    assert "AA: 1,060 electors" in made.svg
    assert made.csv().startswith("District,Electors,Properties")


def test_north_is_up_and_the_map_fits_its_width():
    made = district_map({"features": [feature("AA", 0, 1)]})
    assert "M58.0 612.0" in made.svg, "the south-west corner is at the left, below"


def test_a_district_that_needs_two_stations_is_told():
    made = district_map({"features": [feature("AB", 0, 3000, 2251), feature("AA", 1, 2, 2)]})
    assert "AB needs more than one polling station" in made.takeaway
    planned = before_after([{"district": "AB", "today": count(1), "planned": count(2400, 2300)}], 2399, 9)
    assert "AB needs more than one polling station" in planned.takeaway


def test_a_council_without_districts_has_an_empty_map():
    made = district_map({"features": []})
    assert made.takeaway == "No property lies in a polling district yet."
    assert "No polling district yet." in made.svg


def test_text_of_a_district_is_escaped():
    assert "<b>" not in district_map({"features": [feature("<b>", 0, 1)]}).svg


def test_before_and_after_are_drawn_for_what_changes_and_tabled_for_all():
    same = {"district": "AA", "today": count(5), "planned": count(5)}
    grown = {"district": "AB", "today": count(5, 4, 300), "planned": count(7, 6, 250)}
    new = {"district": "AC", "today": None, "planned": count(1)}
    made = before_after([same, grown, new], 3, 1)
    assert made.takeaway == "The polling district of 3 electors in 1 property would change."
    assert [row[0] for row in made.rows] == ["AA", "AB", "AC"]
    assert made.rows[1][3:5] == (5, 7)
    assert made.rows[2][3:5] == ("", 1)
    assert ">AA<" not in made.svg
    assert "AB planned: 7" in made.svg


def test_a_plan_that_moves_nothing_says_so():
    made = before_after([{"district": "AA", "today": count(5), "planned": count(5)}], 0, 0)
    assert made.takeaway == "No polling district would change."

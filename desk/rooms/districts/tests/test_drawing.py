"""A drawing of districts: what a file says, steps one by one, what is sent to be counted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desk.areas import Areas
from desk.rooms.districts.drawing import Draft, NotADrawing, Step, asked_for, drawn, station
from desk.rooms.districts.pages import said_of

SQUARE = {"type": "Polygon", "coordinates": [[[290000, 90000], [291000, 90000], [291000, 91000], [290000, 90000]]]}
AB = {"type": "Feature", "properties": {"district": "AB"}, "geometry": SQUARE}


def point(**said: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": said, "geometry": {"type": "Point", "coordinates": [290500, 90500]}}


def file(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_a_property_goes_where_it_was_put_last_and_a_step_is_taken_back():
    draft = Draft().then(Step("Quay Street to AB", "AB", ("p", "q"))).then(Step("q to AC", "AC", ("q",)))
    assert draft.plan()["districts"] == [
        {"code": "AB", "properties": ["p"], "station": None},
        {"code": "AC", "properties": ["q"], "station": None},
    ]
    assert [each["properties"] for each in draft.undone().plan()["districts"]] == [["p", "q"]]
    assert draft.undone().undone().empty


def test_a_page_carries_a_drawing_as_it_is():
    draft = drawn(file(AB, point(district="AB", station="Net Loft"))).then(Step("q to AC", "AC", ("q",)))
    assert Draft.read(draft.written()) == draft
    assert Draft.read("").empty
    with pytest.raises(NotADrawing):
        Draft.read('{"steps": 3}')


def test_points_of_a_file_are_polling_places_and_the_rest_is_polygons():
    draft = drawn(file(AB, point(district="AB", station="Net Loft")))
    assert draft.polygons is not None
    assert draft.polygons["features"] == [AB]
    assert draft.steps == (station("AB", "Net Loft", 290500, 90500),)
    assert draft.plan()["districts"] == [
        {"code": "AB", "properties": [], "station": {"name": "Net Loft", "x": 290500.0, "y": 90500.0}}
    ]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"PK\x03\x04", "not a GeoJSON"),
        (b"[]", "not a GeoJSON"),
        (file(point(district="AB")), "no polygon"),
        (file(AB, point(name="Net Loft")), "does not name its district"),
        (
            file(AB, point(district="AB") | {"geometry": {"type": "Point", "coordinates": [-3.5, 50.7]}}),
            "in degrees",
        ),
        (file(AB, point(district="AB") | {"geometry": {"type": "Point", "coordinates": []}}), "no coordinates"),
    ],
    ids=["a zip", "a list", "points alone", "a point of nowhere", "degrees", "a point without a place"],
)
def test_a_file_that_is_no_drawing_is_refused_with_what_is_wrong(sent: bytes, said: str):
    with pytest.raises(NotADrawing, match=said):
        drawn(sent)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("100023", "uprn"), ("zz1 1ab", "postcode"), ("ZZ11AB", "postcode"), ("Quay Street", "street")],
)
def test_a_street_a_postcode_and_a_uprn_are_told_apart(typed: str, meant: str):
    assert asked_for(typed) == {meant: typed}


def test_a_district_is_told_with_the_areas_that_come_with_it():
    named = Areas({"ward": {"E05999001": "Gorse"}})
    assert said_of({"district": "AB", "ward": "E05999001", "parish": ""}, named) == "AB: ward Gorse"
    assert said_of({"district": "AB", "ward": "", "parish": ""}, named) == "AB"

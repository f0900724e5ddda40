"""Boundaries are read in either coordinate system; each property lies in one area, or the reason is recorded."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from pyproj import Transformer

from services.registration.exchange.allocation import Allocation, Allocator, Position
from services.registration.exchange.boundaries import Area, BoundariesRefused, Kind, read_boundaries

GRID, DEGREES, CRS84 = "urn:ogc:def:crs:EPSG::27700", "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84"
WEST = [[600_000, 400_000], [601_000, 400_000], [601_000, 401_000], [600_000, 401_000], [600_000, 400_000]]
EAST = [[x + 1_000, y] for x, y in WEST]
TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)


def degrees(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    return [list(TO_DEGREES.transform(x, y)) for x, y in ring]


def flipped(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    return [[y, x] for x, y in ring]


def feature(ring: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    coordinates = [ring] if kind == "Polygon" else ring
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def layer(*features: dict[str, Any], system: str | None = GRID) -> io.BytesIO:
    crs = {"crs": {"type": "name", "properties": {"name": system}}} if system else {}
    return io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features} | crs).encode())


def wards(west: Any = WEST, east: Any = EAST, system: str | None = GRID) -> tuple[Area, ...]:
    return read_boundaries(
        layer(feature(west, WD26CD="E05W", WD26NM="West"), feature(east, WD26CD="E05E", WD26NM="East"), system=system),
        "ward",
    )


def refusal(file: io.BytesIO, kind: Kind = "ward") -> BoundariesRefused:
    with pytest.raises(BoundariesRefused) as refused:
        read_boundaries(file, kind)
    return refused.value


def allocated(*points: tuple[float | None, float | None], areas: tuple[Area, ...] | None = None) -> list[Allocation]:
    positions = [Position(i, x, y) for i, (x, y) in enumerate(points)]
    return list(Allocator(areas or wards()).allocate(positions, batch=2))


def test_a_point_inside_an_area_belongs_to_it() -> None:
    assert allocated((600_500, 400_500), (601_500, 400_500)) == [
        Allocation(0, "E05W", "inside", ("E05W",)),
        Allocation(1, "E05E", "inside", ("E05E",)),
    ]


def test_a_point_on_a_border_goes_to_the_first_code_and_is_marked() -> None:
    (border,) = allocated((601_000, 400_500))
    assert border == Allocation(0, "E05E", "on-border", ("E05E", "E05W"))
    assert border.on_border


def test_the_order_of_the_file_does_not_decide_a_border() -> None:
    assert allocated((601_000, 400_500), areas=tuple(reversed(wards()))) == allocated((601_000, 400_500))


def test_a_point_on_the_outer_border_belongs_to_its_only_area_and_is_marked() -> None:
    (edge,) = allocated((600_000, 400_500))
    assert (edge.code, edge.reason) == ("E05W", "on-border")


def test_a_point_in_two_areas_that_overlap_is_marked() -> None:
    wide = [[x + 500, y] for x, y in WEST]
    (twice,) = allocated((600_750, 400_500), areas=wards(WEST, wide))
    assert (twice.code, twice.reason, twice.on_border) == ("E05E", "areas-overlap", True)


def test_a_point_in_no_area_stays_unallocated_with_its_reason() -> None:
    found = allocated((599_000, 400_500), (None, 400_500), (50.7, -3.5))
    assert [(a.code, a.reason) for a in found] == [
        (None, "outside-all-areas"),
        (None, "no-position"),
        (None, "outside-great-britain"),
    ]


@pytest.mark.parametrize(
    ("west", "east", "system"),
    [
        (degrees(WEST), degrees(EAST), CRS84),
        (degrees(WEST), degrees(EAST), DEGREES),
        (degrees(WEST), degrees(EAST), None),
        (flipped(degrees(WEST)), flipped(degrees(EAST)), DEGREES),
        (WEST, EAST, None),
        (WEST, EAST, "EPSG:27700"),
    ],
)
def test_areas_are_the_same_in_degrees_and_in_metres(west: Any, east: Any, system: str | None) -> None:
    for area, expected in zip(wards(west, east, system), wards(), strict=True):
        assert area.shape.hausdorff_distance(expected.shape) < 0.01


@pytest.mark.parametrize(
    ("ring", "system"),
    [
        (flipped(degrees(WEST)), CRS84),
        (flipped(degrees(WEST)), None),
        (degrees([[x + 600_000, y] for x, y in WEST]), DEGREES),
        ([[x * 10, y] for x, y in WEST], GRID),
    ],
)
def test_swapped_axes_and_other_countries_are_refused(ring: Any, system: str | None) -> None:
    assert refusal(layer(feature(ring, WD26CD="E05W"), system=system)).rule.name == "outside-great-britain"


def test_another_coordinate_system_is_refused_by_name() -> None:
    refused = refusal(layer(feature(WEST, WD26CD="E05W"), system="EPSG:3857"))
    assert (refused.rule.name, refused.detail) == ("unknown-coordinate-system", "Seen: EPSG:3857.")


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("ward", {"WD13CD": "A", "WD13CDO": "B", "WD13NM": "C"}, ("A", "C")),
        ("ward", {"Ward_No": 1, "Ward_Name": "C", "Ward_Code": "A"}, ("A", "C")),
        ("polling-district", {"WARD_CODE": "W", "WARD_NAME": "X", "PD_ID": "A"}, ("A", "A")),
        ("polling-district", {"OBJECTID": 1, "DISTRICT_C": "A", "NAME": "C"}, ("A", "C")),
        ("polling-district", {"FID": 1, "polling_dist": "A"}, ("A", "A")),
        ("constituency", {"PCON13CD": "A", "PCON13NM": "C"}, ("A", "C")),
        ("ward", {"code": "A", "name": "C"}, ("A", "C")),
    ],
)
def test_the_properties_with_code_and_name_are_discovered(
    kind: Kind, properties: dict[str, Any], expected: tuple[str, str]
) -> None:
    (area,) = read_boundaries(layer(feature(WEST, **properties)), kind)
    assert (area.code, area.name) == expected


def test_the_properties_can_be_named() -> None:
    (area,) = read_boundaries(
        layer(feature(WEST, letters="AB", title="Castle")), "polling-district", "letters", "title"
    )
    assert (area.code, area.name) == ("AB", "Castle")


def test_a_file_without_codes_is_refused_and_told_what_it_has() -> None:
    refused = refusal(layer(feature(WEST, title="Castle", fid=1)))
    assert (refused.rule.name, refused.detail) == ("no-area-code", "Properties seen: fid, title.")


def test_parts_of_one_area_are_united_and_two_names_for_one_code_refused() -> None:
    (area,) = read_boundaries(layer(feature(WEST, PD_ID="AB"), feature(EAST, PD_ID="AB")), "polling-district")
    assert area.shape.area == 2_000_000
    twice = layer(feature(WEST, PD_ID="AB", PD_NAME="Castle"), feature(EAST, PD_ID="AB", PD_NAME="Docks"))
    assert refusal(twice, "polling-district").rule.name == "duplicate-area"


def test_a_spike_in_a_polygon_is_repaired_and_said() -> None:
    spike = [*WEST[:2], [601_000, 400_500], [601_400, 400_500], [601_000, 400_500], *WEST[2:]]
    (area,) = read_boundaries(layer(feature(spike, WD26CD="A")), "ward")
    assert area.repaired
    assert area.shape.area == 1_000_000


def test_a_polygon_that_crosses_itself_is_refused() -> None:
    bow_tie = [WEST[0], WEST[2], WEST[1], WEST[3], WEST[0]]
    assert refusal(layer(feature(bow_tie, WD26CD="A"))).rule.name == "invalid-area"


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        (io.BytesIO(b"not json"), "not-geojson"),
        (io.BytesIO(b"[1, 2]"), "not-geojson"),
        (io.BytesIO(b'{"type": "Topology"}'), "not-geojson"),
        (layer(), "not-geojson"),
        (layer({"type": "Feature"}), "not-geojson"),
        (layer(feature([600_000, 400_000], "Point", WD26CD="A")), "not-an-area"),
        (layer(feature([[0, 0], [1, 1]], WD26CD="A")), "not-an-area"),
        (layer({"type": "Feature", "properties": {"WD26CD": "A"}, "geometry": None}), "not-an-area"),
    ],
)
def test_what_is_no_set_of_areas_is_refused(file: io.BytesIO, rule: str) -> None:
    assert refusal(file).rule.name == rule

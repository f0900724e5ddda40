"""Electoral boundaries in GeoJSON, and which area each property lies in.

Everything is compared in metres of the British National Grid (EPSG:27700). Gazetteers supply X and Y in it, to the
centimetre and as surveyed; so polygons that come in degrees are transformed once, instead of every property. Without
the OSTN15 grid that transformation is off by up to two metres: good for wards drawn along streets and fields, and the
reason why polling districts should be supplied in EPSG:27700.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from shared.law.rules import Refused, Rule

SOURCE = "RFC 7946 (GeoJSON); OS coordinate systems guide"
LARGEST_FILE = 256 * 2**20
LOST_AREA = 0.001
"""A self-crossing ring is repaired when that changes the area by less than this share; else it is refused."""


def _rule(name: str, because: str, then: str = "") -> Rule:
    return Rule(name, because, SOURCE, then, invalid=True)


TOO_LARGE = _rule("boundaries-too-large", "The boundary file is larger than any council's boundaries are.")
NOT_GEOJSON = _rule("not-geojson", "The file is not a GeoJSON FeatureCollection.", "Export the layer as GeoJSON.")
UNKNOWN_SYSTEM = _rule("unknown-coordinate-system", "Boundaries must be in EPSG:27700, EPSG:4326 or CRS84.")
OUTSIDE_BRITAIN = _rule(
    "outside-great-britain",
    "The coordinates do not lie in Great Britain; their axes may be swapped.",
    "Export with longitude or easting first.",
)
NO_CODE = _rule("no-area-code", "No property of the features is recognised as the area's code.", "Name the property.")
NOT_AN_AREA = _rule("not-an-area", "A boundary must be a polygon or multipolygon.")
INVALID_AREA = _rule("invalid-area", "The polygon crosses itself and cannot be repaired without changing it.")
DUPLICATE_AREA = _rule("duplicate-area", "Two areas have the same code and different names.")


class BoundariesRefused(Refused):
    """The boundary file is refused as a whole: half a set of boundaries would misplace electors."""


@dataclass(frozen=True, slots=True)
class Area:
    """A ward, polling district or constituency. `shape` is in EPSG:27700."""

    code: str
    name: str
    shape: BaseGeometry
    welsh_name: str = ""
    repaired: bool = False


Kind = Literal["ward", "polling-district", "county-division", "parish", "constituency"]


def _names(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


CODES: dict[Kind, tuple[re.Pattern[str], ...]] = {
    "ward": _names(r"WD\d\dCD", r"ward_?(code|cd|id|ref)"),
    "polling-district": _names(
        r"PD\d\dCD", r"pd_?(code|cd|id|ref)?", r"(polling_?)?district_?(code|cd|c|id|ref)", r"polling.*", r"district"
    ),
    "county-division": _names(r"CED\d\dCD", r"(division|ced)_?(code|cd|id|ref)"),
    "parish": _names(r"PAR\d\dCD", r"parish_?(code|cd|id|ref)"),
    "constituency": _names(r"(PCON|SPC|NAWC|SENC)\d\dCD", r"constituency_?(code|cd|id|ref)"),
}
"""What exports call the code of an area; ONS writes the year into it. A layer of districts often has the ward as well."""
NAMES: dict[Kind, tuple[re.Pattern[str], ...]] = {
    "ward": _names(r"WD\d\dNM", r"ward_?(name|nm)"),
    "polling-district": _names(r"PD\d\dNM", r"(pd|(polling_?)?district)_?(name|nm)"),
    "county-division": _names(r"CED\d\dNM", r"(division|ced)_?(name|nm)"),
    "parish": _names(r"PAR\d\dNM", r"parish_?(name|nm)"),
    "constituency": _names(r"(PCON|SPC|NAWC|SENC)\d\dNM", r"constituency_?(name|nm)"),
}
ANY_CODE, ANY_NAME, WELSH_NAME = _names(r"(gss_?)?code", r"ref(erence)?"), _names("name"), _names(r"\w+\d\dNMW")

DEGREES = ((-9.5, 49.0), (2.5, 61.5))
METRES = ((1_000.0, 1_000.0), (700_000.0, 1_300_000.0))
"""Land only: no island lies within a kilometre of the grid's edges, and degrees taken for metres would."""


def read_boundaries(
    file: IO[bytes], kind: Kind, code_property: str | None = None, name_property: str | None = None
) -> tuple[Area, ...]:
    """The areas of a GeoJSON file, by code. Features with one code and one name are parts of one area.

    The properties that hold code and name are discovered (`WD13CD`, `Ward_Code`, `PD_ID`, …) unless they are named.
    Raises BoundariesRefused.
    """
    features, system = _features(file)
    properties = [_properties(feature) for feature in features]
    code_of = code_property or _discover(CODES[kind] + ANY_CODE, properties)
    if code_of is None or any(not str(p.get(code_of) or "").strip() for p in properties):
        raise BoundariesRefused(NO_CODE, f"Properties seen: {', '.join(sorted(map(str, properties[0])))}.")
    name_of = name_property or _discover(NAMES[kind] + ANY_NAME, properties)
    welsh_of = _discover(WELSH_NAME, properties)
    codes = [str(p[code_of]).strip() for p in properties]
    shapes = [_polygon(feature, code) for feature, code in zip(features, codes, strict=True)]
    parts: dict[str, list[Area]] = {}
    for code, prop, (shape, repaired) in zip(codes, properties, _in_metres(shapes, system), strict=True):
        name = str(prop.get(name_of or "") or code).strip()
        parts.setdefault(code, []).append(Area(code, name, shape, str(prop.get(welsh_of or "") or ""), repaired))
    return tuple(_united(parts[code]) for code in sorted(parts))


def _features(file: IO[bytes]) -> tuple[list[Any], str | None]:
    """The features and the coordinate system that the file declares, in GeoJSON's older way."""
    text = file.read(LARGEST_FILE + 1)
    if len(text) > LARGEST_FILE:
        raise BoundariesRefused(TOO_LARGE, f"The limit is {LARGEST_FILE:,} bytes.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BoundariesRefused(NOT_GEOJSON, "It is not JSON in UTF-8.") from None
    kind = document.get("type") if isinstance(document, dict) else type(document).__name__
    features = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        raise BoundariesRefused(NOT_GEOJSON, f"Seen: {str(kind)[:40]}.")
    match document.get("crs"):
        case {"properties": {"name": str(name)}}:
            return features, name
        case _:
            return features, None


def _properties(feature: Any) -> dict[str, Any]:
    match feature:
        case {"type": "Feature", "properties": dict(properties)}:
            return properties
        case _:
            raise BoundariesRefused(NOT_GEOJSON, "A feature has no properties.")


def _discover(patterns: Sequence[re.Pattern[str]], properties: list[dict[str, Any]]) -> str | None:
    """The property that every feature has and the earliest pattern matches."""
    shared = [name for name in properties[0] if all(name in p for p in properties)]
    return next((name for pattern in patterns for name in shared if pattern.fullmatch(name)), None)


def _polygon(feature: dict[str, Any], code: str) -> tuple[BaseGeometry, bool]:
    """The feature's shape and whether it had to be repaired."""
    try:
        shape = shapely.from_geojson(json.dumps(feature.get("geometry")))
    except shapely.errors.GEOSException:
        raise BoundariesRefused(NOT_AN_AREA, f"{code}: its geometry cannot be read.") from None
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
        raise BoundariesRefused(NOT_AN_AREA, f"{code}: {getattr(shape, 'geom_type', 'nothing')}.")
    shape = shapely.force_2d(shape)
    if shape.is_valid:
        return shape, False
    repaired = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    polygonal = isinstance(repaired, shapely.Polygon | shapely.MultiPolygon)
    if not polygonal or abs(repaired.area - shape.area) > LOST_AREA * abs(shape.area):
        raise BoundariesRefused(INVALID_AREA, f"{code}: {shapely.is_valid_reason(shape)}.")
    return repaired, True


def _in_metres(shapes: Sequence[tuple[BaseGeometry, bool]], system: str | None) -> Iterator[tuple[BaseGeometry, bool]]:
    """All shapes in EPSG:27700. Guards the order of axes by where Great Britain lies."""
    bounds = shapely.total_bounds([shape for shape, _ in shapes])
    swapped = bounds[[1, 0, 3, 2]]
    by_the_book = re.search(r"EPSG:.*:?(4326|4258)$", system or "", re.I)
    if system is None or by_the_book or system.upper().endswith("CRS84"):
        if _within(bounds, DEGREES):
            yield from ((_to_grid(shape), repaired) for shape, repaired in shapes)
        elif by_the_book and _within(swapped, DEGREES):  # EPSG defines latitude first, and some software obeys
            yield from ((_to_grid(shapely.transform(shape, _flip)), repaired) for shape, repaired in shapes)
        elif system is None and _within(bounds, METRES):  # councils' exports in grid metres often forget to say so
            yield from shapes
        else:
            raise BoundariesRefused(OUTSIDE_BRITAIN, f"They span {_span(bounds)}.")
    elif re.search(r"EPSG:.*:?27700$", system, re.I):
        if not _within(bounds, METRES):
            raise BoundariesRefused(OUTSIDE_BRITAIN, f"They span {_span(bounds)}.")
        yield from shapes
    else:
        raise BoundariesRefused(UNKNOWN_SYSTEM, f"Seen: {system[:60]}.")


def _within(bounds: NDArray[np.float64], box: tuple[tuple[float, float], tuple[float, float]]) -> bool:
    (west, south), (east, north) = box
    return bool(west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north)


def _span(bounds: NDArray[np.float64]) -> str:
    return f"{bounds[0]:.6g}, {bounds[1]:.6g} to {bounds[2]:.6g}, {bounds[3]:.6g}"


def _flip(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    return coordinates[:, ::-1]


def _to_grid(shape: BaseGeometry) -> BaseGeometry:
    transformer = Transformer.from_crs(4326, 27700, always_xy=True)

    def metres(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return shapely.transform(shape, metres)


def _united(parts: list[Area]) -> Area:
    first = parts[0]
    if any(part.name != first.name for part in parts):
        raise BoundariesRefused(DUPLICATE_AREA, f"{first.code}: {' and '.join(sorted({p.name for p in parts}))}.")
    shape = first.shape if len(parts) == 1 else shapely.union_all([part.shape for part in parts])
    return Area(first.code, first.name, shape, first.welsh_name, any(part.repaired for part in parts))

"""Polling districts as a map, with the figures of each as the table beside it; and districts before and after a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from desk.pictures.picture import WIDTH, Picture, drawing, rect, text

MARGIN, TALLEST = 8, 620
LETTER = 16
"""Room that a district's letters need from top to bottom, and beneath the lowest district."""
SHADES: Final = 4
COME_TO_ONE: Final = 2250
"""Electors without a postal vote for whom one polling station is enough. [Electoral Commission, handbook for Returning Officers]"""
LEFT, RIGHT, BAR, ROW = 64, 80, 12, 34
Ring = Sequence[Sequence[float]]


def district_map(collection: Mapping[str, Any]) -> Picture:
    """`collection`: GeoJSON in metres, each feature with `district` and its figures. North is up."""
    features = sorted(collection["features"], key=lambda feature: str(feature["properties"]["district"]))
    figures = [feature["properties"] for feature in features]
    title = "Polling districts"
    columns = ("District", "Electors", "Properties", "Vote by post", "Come to the polling station")
    counted = ("electors", "properties", "postal_voters", "at_station")
    rows = [(each["district"], *(each.get(name, 0) for name in counted)) for each in figures]
    return Picture("district-map", title, _said(figures), _map(title, features), columns, rows)


def _said(figures: Sequence[Mapping[str, Any]]) -> str:
    if not figures:
        return "No property lies in a polling district yet."
    by_size = sorted((each.get("electors", 0), each["district"]) for each in figures)
    (least, smallest), (most, largest) = by_size[0], by_size[-1]
    total = sum(electors for electors, _ in by_size)
    if len(figures) == 1:
        return f"One polling district, {largest}, with {total:,} electors."
    said = f"{len(figures):,} polling districts with {total:,} electors: most in {largest} ({most:,}), fewest in {smallest} ({least:,})."
    crowded = [each["district"] for each in figures if each.get("at_station", 0) > COME_TO_ONE]
    return f"{said} {crowd(crowded)}" if crowded else said


def crowd(districts: Sequence[str]) -> str:
    """That one polling station is not enough for these districts."""
    verb = "needs" if len(districts) == 1 else "need"
    return (
        f"{', '.join(districts)} {verb} more than one polling station: more than {COME_TO_ONE:,} electors come to vote."
    )


def _map(title: str, features: Sequence[Mapping[str, Any]]) -> str:
    points = [point for feature in features for ring in rings(feature["geometry"]) for point in ring]
    if not points:
        return drawing("district-map", title, 40, [text(4, 24, "No polling district yet.")])
    west, east = min(point[0] for point in points), max(point[0] for point in points)
    south, north = min(point[1] for point in points), max(point[1] for point in points)
    scale = min((WIDTH - 2 * MARGIN) / max(east - west, 1), (TALLEST - 2 * MARGIN) / max(north - south, 1))
    aside = (WIDTH - (east - west) * scale) / 2

    def at(point: Sequence[float]) -> tuple[float, float]:
        return aside + (point[0] - west) * scale, MARGIN + (north - point[1]) * scale

    parts = [part for n, feature in enumerate(features) for part in _area(n, feature, at)]
    labels = [_label(feature, at) for feature in features]
    return drawing("district-map", title, 2 * MARGIN + (north - south) * scale + LETTER, [*parts, *labels])


def _area(n: int, feature: Mapping[str, Any], at: Any) -> Iterator[str]:
    path = " ".join(
        "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, ring)) + " Z" for ring in rings(feature["geometry"])
    )
    said = feature["properties"]
    tip = escape(f"{said['district']}: {said.get('electors', 0):,} electors")
    yield (
        f'<path class="desk-picture__area desk-picture__area--{n % SHADES}" fill-rule="evenodd" d="{path}"><title>{tip}</title></path>'
    )


def _label(feature: Mapping[str, Any], at: Any) -> str:
    """The letters in the middle of the largest ring, or beneath one that is too low to hold them."""
    ring = max(rings(feature["geometry"]), key=_area_of, default=[(0.0, 0.0)])
    wide = [point[0] for point in ring]
    high = [point[1] for point in ring]
    x, y = at(((min(wide) + max(wide)) / 2, (min(high) + max(high)) / 2))
    _, top = at((0, max(high)))
    _, bottom = at((0, min(high)))
    line = y + 4 if bottom - top >= LETTER else bottom + LETTER
    return text(x, line, str(feature["properties"]["district"]), "middle")


def rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """The rings of a Polygon or MultiPolygon; of anything else none."""
    match geometry.get("type"):
        case "Polygon":
            yield from geometry["coordinates"]
        case "MultiPolygon":
            for polygon in geometry["coordinates"]:
                yield from polygon


def _area_of(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)))


COUNTED = (
    ("Properties", "properties"), ("Electors", "electors"), ("Come to the station", "at_station"),
    ("Metres to it, on average", "metres_mean"), ("Metres to it, the farthest", "metres_farthest"),
)  # fmt: skip


def before_after(lines: Iterable[Mapping[str, Any]], electors: int, properties: int) -> Picture:
    """`lines`: districts with `today` and `planned` as the service counted them; only those that change are drawn."""
    lines = list(lines)
    title = "Electors by polling district, today and planned"
    columns = ("District", *(f"{said}, {when}" for said, _ in COUNTED for when in ("today", "planned")))
    rows = [
        (line["district"], *(_figure(line[when], name) for _, name in COUNTED for when in ("today", "planned")))
        for line in lines
    ]
    changed = [line for line in lines if line["today"] != line["planned"]]
    crowded = [line["district"] for line in lines if line["planned"] and line["planned"]["at_station"] > COME_TO_ONE]
    moved = f"{many(electors, 'elector')} in {many(properties, 'property', 'properties')}"
    said = f"The polling district of {moved} would change." if properties else "No polling district would change."
    if crowded:
        said += f" {crowd(crowded)}"
    return Picture("districts-before-after", title, said, _bars(title, changed), columns, rows)


def many(count: int, one: str, several: str = "") -> str:
    """`1 property`, `2 properties`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _figure(count: Mapping[str, Any] | None, name: str) -> Any:
    value = count[name] if count else None
    return "" if value is None else value


def _bars(title: str, lines: Sequence[Mapping[str, Any]]) -> str:
    if not lines:
        return drawing("districts-before-after", title, 40, [text(4, 24, "No district changes.")])
    most = max(_electors(line, when) for line in lines for when in ("today", "planned")) or 1
    parts = [
        rect(LEFT, 4, 12, 12, "desk-picture__ground"), text(LEFT + 18, 14, "Today"),
        rect(LEFT + 80, 4, 12, 12, "desk-picture__bar"), text(LEFT + 98, 14, "Planned"),
    ]  # fmt: skip
    for n, line in enumerate(lines):
        y = 26 + n * ROW
        parts.append(text(LEFT - 8, y + BAR + 4, str(line["district"]), "end"))
        for when, kind, down in (("today", "ground", 0), ("planned", "bar", BAR + 1)):
            electors = _electors(line, when)
            wide = (WIDTH - LEFT - RIGHT) * electors / most
            tip = f"{line['district']} {when}: {electors:,}"
            parts += [
                rect(LEFT, y + down, wide, BAR, f"desk-picture__{kind}", tip),
                text(LEFT + wide + 6, y + down + 10, f"{electors:,}"),
            ]
    return drawing("districts-before-after", title, 30 + len(lines) * ROW, parts)


def _electors(line: Mapping[str, Any], when: str) -> int:
    return int(line[when]["electors"]) if line[when] else 0

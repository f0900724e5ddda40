"""A map of polling districts, as GeoJSON and as SVG: its polygons where they are known, else the hull of its properties.

Coordinates stay metres of the British National Grid (EPSG:27700), which the GeoJSON says in the older way of `crs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from services.registration.exchange.boundaries import Area

MARGIN = 15.0
"""Metres around a property, so that a single house is an area too."""
WIDTH = 800.0
_FILLS = ("#d9e8f6", "#f6ead9", "#e0f0dc", "#f3dfec", "#eae6f5", "#f5f3d6")


def hulls(points: Mapping[str, Sequence[tuple[float, float]]]) -> dict[str, BaseGeometry]:
    """The area that each district's properties span."""
    return {
        district: shapely.convex_hull(shapely.MultiPoint(list(at))).buffer(MARGIN, quad_segs=2)
        for district, at in sorted(points.items())
        if at
    }


def shapes(points: Mapping[str, Sequence[tuple[float, float]]], drawn: Iterable[Area]) -> dict[str, BaseGeometry]:
    """The polygon of a district where one is drawn that holds all its properties, else the area that they span: a polygon from
    before a district was redrawn is none of it any more."""
    found = hulls(points)
    for area in drawn:
        at = points.get(area.code)
        if at and shapely.covers(area.shape, shapely.points(list(at))).all():
            found[area.code] = area.shape
    return found


def geojson(shapes: Mapping[str, BaseGeometry], said: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A FeatureCollection; `said` are the properties of each district's feature."""
    features = [
        {
            "type": "Feature",
            "properties": {"district": district, **said.get(district, {})},
            "geometry": shapely.geometry.mapping(shapely.set_precision(shape, 0.1)),
        }
        for district, shape in shapes.items()
    ]
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    return {"type": "FeatureCollection", "crs": system, "features": features}


def svg(shapes: Mapping[str, BaseGeometry], title: str) -> str:
    """The map as a picture: north is up, each district carries its letters. Never the only way to read it."""
    west, south, east, north = shapely.total_bounds(list(shapes.values())) if shapes else (0.0, 0.0, 1.0, 1.0)
    scale = WIDTH / max(east - west, north - south, 1.0)
    drawn: list[str] = []
    for n, (district, shape) in enumerate(shapes.items()):
        rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
        path = " ".join(
            "M" + " L".join(f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring.coords) + " Z"
            for ring in rings
        )
        at = shapely.point_on_surface(shape)
        x, y = (at.x - west) * scale, (north - at.y) * scale
        drawn.append(
            f'<path d="{path}" fill="{_FILLS[n % len(_FILLS)]}" fill-opacity="0.7" fill-rule="evenodd" stroke="#333"/>'
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(district)}</text>'
        )
    wide, high = (east - west) * scale, (north - south) * scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 {wide + 20:.0f} {high + 20:.0f}" role="img"'
        f' font-family="sans-serif" font-size="14"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    )

"""A drawing of districts while an officer works at it: steps, each of which can be taken back. The page carries it; nothing keeps it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

LETTERS: Final = re.compile(r"[A-Z0-9]{1,6}")
POSTCODE: Final = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}")
LARGEST_DEGREES: Final = 180
"""Metres of the National Grid are more than that; degrees are not."""


class NotADrawing(ValueError):
    """What was sent is no GeoJSON of districts; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, in words, and what it is: properties that go to a district, or a district's polling place."""

    said: str
    district: str
    properties: tuple[str, ...] = ()
    station: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """`polygons`: the GeoJSON that it starts from, if any; later steps overrule it and each other."""

    polygons: dict[str, Any] | None = None
    steps: tuple[Step, ...] = field(default=())

    @classmethod
    def read(cls, text: str) -> Draft:
        """What a page carried. Raises `NotADrawing`."""
        if not text:
            return cls()
        try:
            found = json.loads(text)
            steps = tuple(Step(**{**step, "properties": tuple(step["properties"])}) for step in found["steps"])
            return cls(found["polygons"], steps)
        except (ValueError, KeyError, TypeError) as wrong:
            raise NotADrawing("The drawing did not come whole. Begin again.") from wrong

    def written(self) -> str:
        return json.dumps({"polygons": self.polygons, "steps": [asdict(step) for step in self.steps]})

    def then(self, step: Step) -> Draft:
        return replace(self, steps=(*self.steps, step))

    def undone(self) -> Draft:
        return replace(self, steps=self.steps[:-1])

    @property
    def empty(self) -> bool:
        return self.polygons is None and not self.steps

    def plan(self) -> dict[str, Any]:
        """The drawing as the service takes it: each property once, where it was put last."""
        placed = {one: step.district for step in self.steps for one in step.properties}
        stations = {step.district: step.station for step in self.steps if step.station}
        codes = sorted({*placed.values(), *stations})
        return {
            "districts": [
                {
                    "code": code,
                    "properties": sorted(one for one, district in placed.items() if district == code),
                    "station": stations.get(code),
                }
                for code in codes
            ],
            "polygons": self.polygons,
        }


def drawn(file: bytes) -> Draft:
    """A draft that starts from a GeoJSON file: polygons that name their district, and points that are polling places.
    Raises `NotADrawing`."""
    try:
        found = json.loads(file)
        features = found["features"]
        points = [feature for feature in features if feature["geometry"]["type"] == "Point"]
        areas = [feature for feature in features if feature["geometry"]["type"] != "Point"]
    except (ValueError, KeyError, TypeError):
        raise NotADrawing("This is not a GeoJSON FeatureCollection") from None
    if not areas:
        raise NotADrawing("There is no polygon in this file")
    return Draft({**found, "features": areas}, tuple(_station(point) for point in points))


def _station(point: dict[str, Any]) -> Step:
    said = point.get("properties") or {}
    code = str(said.get("district", ""))
    name = str(said.get("station") or said.get("name") or "Polling place")
    if not LETTERS.fullmatch(code):
        raise NotADrawing("A point in this file does not name its district: give it a property “district”")
    try:
        x, y = (float(value) for value in point["geometry"]["coordinates"][:2])
    except (ValueError, KeyError, TypeError):
        raise NotADrawing(f"The point of {code} has no coordinates") from None
    if abs(x) <= LARGEST_DEGREES:
        raise NotADrawing(f"The point of {code} is in degrees: save the file in metres, EPSG:27700")
    return station(code, name, x, y)


def station(code: str, name: str, x: float, y: float) -> Step:
    return Step(f"{name} is the polling place of {code}", code, station={"name": name, "x": x, "y": y})


def asked_for(text: str) -> dict[str, str]:
    """Which properties are meant by what was typed: a UPRN, a postcode or a street."""
    if text.isascii() and text.isdecimal():
        return {"uprn": text}
    return {"postcode": text} if POSTCODE.fullmatch(text) else {"street": text}

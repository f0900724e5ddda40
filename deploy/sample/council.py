"""Mootshire's places: wards and polling districts, streets and properties.

Nothing here is real. The council lies in the North Sea; its postcodes begin with ZZ, which is no postcode area; its
codes (E07000999, E05999…) and reference numbers (UPRN 99…, USRN 99…) are outside what is issued. Everything follows from
the number of electors and a seed by arithmetic on an index, so any size streams and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil, isqrt
from random import Random
from typing import Any, NamedTuple

AUTHORITY = "E07000999"
NAME = "Mootshire"
CUSTODIAN = 9_990
"""Local custodian code; the real ones end at 9080, apart from 7655 (Ordnance Survey) and 9999 (GeoPlace)."""
ORIGIN = (620_000, 420_000)
"""Metres in EPSG:27700, some 90 km off the Humber."""
DISTRICT_WIDTH, DISTRICT_HEIGHT = 1_000, 500
PROPERTIES_PER_20_ELECTORS = 11
PROPERTIES_PER_WARD = 2_500
STREET = 25
"""Properties on one street."""


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = words(
    "amber bramble candle drift ember fennel gorse harrow inkle juniper kettle larch moss nettle otter pebble"
)
SECOND = words("bank barrow brook croft dale field ford gate grove heath holt mead mere moor thorn well")
WAYS = words("Street Road Lane Close Avenue Way Drive Gardens Court Rise Walk Place")
TOWNS = words("Gavelford Quorumby Mootbridge Ballotstone Tellerham Pollingworth Agenda-le-Marsh Minuteford")
WARDS = words("Lantern Compass Anchor Harbour Windmill Foundry Orchard Viaduct Belfry Meadow Beacon Quarry")
HOUSES = words("Tally Lectern Proxy Docket Charter Ledger")


class Property(NamedTuple):
    """One property of the gazetteer. `serial` counts all properties, also those where nobody lives."""

    serial: int
    uprn: int
    parent_uprn: int | None
    usrn: int
    class_code: str
    logical_status: int
    postal: bool
    number: int
    suffix: str
    flat: int | None
    building: str
    street: str
    locality: str
    town: str
    postcode: str
    ward: str
    district: str
    x: float
    y: float

    @property
    def electoral(self) -> bool:
        """Whether people live here and may be registered."""
        return self.logical_status == 1 and self.postal and self.class_code.startswith(("R", "X"))

    def address(self) -> dict[str, str]:
        """The address as GOV.UK writes it on an application."""
        flat = f"Flat {self.flat}" if self.flat is not None else ""
        return {
            "property": " ".join(part for part in (flat, self.building) if part),
            "street": f"{self.number}{self.suffix} {self.street}",
            "locality": self.locality,
            "town": self.town,
            "area": NAME,
            "postcode": self.postcode,
            "uprn": str(self.uprn),
        }


@dataclass(frozen=True)
class Council:
    """Mootshire with room for this many electors. Equal arguments give equal councils."""

    electors: int = 2_000
    seed: int = 1

    def __post_init__(self) -> None:
        if self.electors < 1:
            raise ValueError("a council has at least one elector")

    @cached_property
    def property_count(self) -> int:
        return max(STREET, ceil(self.electors * PROPERTIES_PER_20_ELECTORS / 20))

    @cached_property
    def street_count(self) -> int:
        return ceil(self.property_count / STREET)

    @cached_property
    def ward_count(self) -> int:
        return max(2, ceil(self.property_count / PROPERTIES_PER_WARD))

    @cached_property
    def district_count(self) -> int:
        """Four polling districts make a ward."""
        return 4 * self.ward_count

    def ward_code(self, ward: int) -> str:
        return f"E05999{ward + 1:03}"

    def ward_name(self, ward: int) -> str:
        name = WARDS[(ward + self.seed) % len(WARDS)]
        round_ = ward // len(WARDS)
        return f"{name} {('', 'North', 'South', 'East', 'West')[round_ % 5]}".strip() + (
            f" {round_ // 5 + 1}" if round_ >= 5 else ""
        )

    def district_code(self, district: int) -> str:
        """Two letters for the ward, one for the district: AAA, AAB, AAC, AAD, ABA, …"""
        ward, part = divmod(district, 4)
        return chr(65 + ward // 26) + chr(65 + ward % 26) + "ABCD"[part]

    def corner(self, district: int) -> tuple[int, int]:
        """The south-west corner of a district, in metres. A ward is two by two districts, wards tile a square."""
        ward, part = divmod(district, 4)
        row, column = divmod(ward, isqrt(self.ward_count - 1) + 1)
        east = ORIGIN[0] + (2 * column + part % 2) * DISTRICT_WIDTH
        return east, ORIGIN[1] + (2 * row + part // 2) * DISTRICT_HEIGHT

    def wards(self) -> dict[str, Any]:
        """The wards as GeoJSON in EPSG:27700, with property names as ONS writes them."""
        return _collection(
            (
                {"WD26CD": self.ward_code(ward), "WD26NM": self.ward_name(ward), "WD26NMW": None},
                self.corner(4 * ward),
                2,
            )
            for ward in range(self.ward_count)
        )

    def polling_districts(self) -> dict[str, Any]:
        """The polling districts as GeoJSON in EPSG:27700, each with the ward it lies in."""
        return _collection(
            (
                {
                    "PD_ID": self.district_code(district),
                    "PD_NAME": f"{self.ward_name(district // 4)} {'ABCD'[district % 4]}",
                    "WARD_CODE": self.ward_code(district // 4),
                },
                self.corner(district),
                1,
            )
            for district in range(self.district_count)
        )

    def district_of(self, street: int) -> int:
        return street * self.district_count // self.street_count

    def usrn(self, street: int) -> int:
        return 99_000_000 + street

    def street_name(self, street: int) -> str:
        """Each name once: the first 3,072 streets have plain names, later ones a quarter of the compass."""
        n = street + 7 * self.seed
        n, way = divmod(n, len(WAYS))
        n, second = divmod(n, len(SECOND))
        n, first = divmod(n, len(FIRST))
        quarter = ("", "North ", "South ", "East ", "West ", "Old ", "New ", "Upper ", "Lower ")[n % 9]
        return f"{quarter}{FIRST[first].capitalize()}{SECOND[second]} {WAYS[way]}"

    def town(self, street: int) -> str:
        return TOWNS[self.district_of(street) // 16 % len(TOWNS)].capitalize()

    def locality(self, street: int) -> str:
        """A third of the streets lie in a named locality."""
        return f"Little {self.ward_name(self.district_of(street) // 4)}" if street % 3 == 0 else ""

    def streets(self) -> range:
        return range(self.street_count)

    def properties(self) -> Iterator[Property]:
        """Every property in the order of its UPRN."""
        return map(self.property, range(self.property_count))

    def property(self, index: int) -> Property:
        street, place = divmod(index, STREET)
        district = self.district_of(street)
        first = ceil(district * self.street_count / self.district_count)
        rows = ceil(self.street_count / self.district_count) + 1
        east, north = self.corner(district)
        chance = Random(f"{self.seed}/property/{index}")
        block = street % 9 == 4
        shell = block and place == 0
        return Property(
            serial=index,
            uprn=990_000_000_000 + index,
            parent_uprn=990_000_000_000 + street * STREET if block and not shell else None,
            usrn=self.usrn(street),
            class_code="PP" if shell else "RD06" if block else _class_code(chance),
            logical_status=1 if block else chance.choices((1, 6, 8), (990, 5, 5))[0],
            postal=not shell and chance.random() > 0.005,
            number=1 if block else 1 + place,
            suffix="A" if not block and place % 12 == 11 else "",
            flat=place if block and not shell else None,
            building=f"{HOUSES[street % len(HOUSES)]} House" if block else "",
            street=self.street_name(street),
            locality=self.locality(street),
            town=self.town(street),
            postcode=_postcode(
                district // 4, street - ceil(4 * (district // 4) * self.street_count / self.district_count)
            ),
            ward=self.ward_code(district // 4),
            district=self.district_code(district),
            x=east + 20 + place * 38.0 + chance.randrange(20),
            y=north + 10 + (street - first) * (DISTRICT_HEIGHT - 20) / rows,
        )


def _class_code(chance: Random) -> str:
    codes = ("RD02", "RD03", "RD04", "RH01", "RI01", "RD01", "RD07", "X", "CR08", "CO01")
    return chance.choices(codes, (200, 330, 400, 15, 2, 3, 2, 8, 30, 10))[0]


def _postcode(ward: int, street: int) -> str:
    """One postcode for each street of a ward."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    unit, digit = divmod(street, 9)
    return f"ZZ{1 + ward % 99} {digit + 1}{letters[unit // 20 % 20]}{letters[unit % 20]}"


def _collection(areas: Iterator[tuple[dict[str, Any], tuple[int, int], int]]) -> dict[str, Any]:
    """A FeatureCollection of rectangles `size` districts wide and high."""

    def ring(corner: tuple[int, int], size: int) -> list[list[int]]:
        (west, south), (width, height) = corner, (size * DISTRICT_WIDTH, size * DISTRICT_HEIGHT)
        east, north = west + width, south + height
        return [[west, south], [east, south], [east, north], [west, north], [west, south]]

    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [ring(at, size)]},
            }
            for properties, at, size in areas
        ],
    }

"""Mootshire's gazetteer as a full supply of AddressBase Premium CSV, version 2: what Ordnance Survey would send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice

from pyproj import Transformer

from deploy.sample.council import CUSTODIAN, NAME, Council, Property

Cell = str | int | float | date | Decimal | None
STARTED = date(2020, 1, 6)
DATES: tuple[Cell, ...] = (STARTED, None, STARTED, STARTED)
"""Start, end, last update, entry."""
SCHEME = "AddressBase Premium Classification Scheme"


def gazetteer_csv(council: Council, on: date) -> Iterator[str]:
    """The lines of the file, supplied on this date. Streams; every call gives the same lines."""
    yield _line(10, NAME, CUSTODIAN, on, 1, on, "06:00:00", "2.1", "F")
    count = 0
    for record in _records(council):
        count += 1
        kind, *cells = record
        yield _line(kind, "I", count, *cells)
    yield _line(99, 0, count, on, "06:00:00")


def _records(council: Council) -> Iterator[tuple[Cell, ...]]:
    for street in council.streets():
        yield _street(council, street)
    for street in council.streets():
        yield _descriptor(council, street)
    waiting = council.properties()
    to_degrees = Transformer.from_crs(27700, 4326, always_xy=True)
    while batch := list(islice(waiting, 1_000)):
        longs, lats = to_degrees.transform([p.x for p in batch], [p.y for p in batch])
        for place, long, lat in zip(batch, longs, lats, strict=True):
            yield _blpu(place, Decimal(f"{lat:.7f}"), Decimal(f"{long:.7f}"))
    for of_property in (_ward, _lpi, _delivery_point, _organisation, _classification):
        yield from _for_each(council, of_property)


def _for_each(council: Council, of: Callable[[Property], tuple[Cell, ...] | None]) -> Iterator[tuple[Cell, ...]]:
    for place in council.properties():
        record = of(place)
        if record is not None:
            yield record


def _street(council: Council, street: int) -> tuple[Cell, ...]:
    east, north = (float(metres) for metres in council.corner(council.district_of(street)))
    start = (STARTED, None, STARTED, STARTED, east + 10, north + 10, None, None)
    return (11, council.usrn(street), 1, CUSTODIAN, 2, STARTED, 1, 8, 0, *start, east + 990, north + 10, None, None, 10)


def _descriptor(council: Council, street: int) -> tuple[Cell, ...]:
    name, locality, town = council.street_name(street), council.locality(street), council.town(street)
    return (15, council.usrn(street), name.upper(), locality.upper(), town.upper(), NAME.upper(), "ENG", *DATES)


def _blpu(p: Property, lat: Decimal, long: Decimal) -> tuple[Cell, ...]:
    state = {1: 2, 6: 6, 8: 4}[p.logical_status]
    where = (p.parent_uprn, p.x, p.y, lat, long, 1, CUSTODIAN, "E")
    return (21, p.uprn, p.logical_status, state, STARTED, *where, *DATES, "D" if p.postal else "N", p.postcode, 0)


def _ward(p: Property) -> tuple[Cell, ...]:
    return (23, p.uprn, f"9990X{p.serial:09}", p.ward, None, "7666OW", *DATES)


def _lpi(p: Property) -> tuple[Cell, ...]:
    flat = f"FLAT {p.flat}" if p.flat is not None else ""
    sao = (None, "", None, "", flat)
    pao = (p.number, p.suffix, None, "", p.building.upper())
    return (24, p.uprn, f"9990L{p.serial:09}", "ENG", p.logical_status, *DATES, *sao, *pao, p.usrn, "1", "", "", "Y")


def _delivery_point(p: Property) -> tuple[Cell, ...] | None:
    if not p.postal or p.logical_status != 1:
        return None
    flat = f"FLAT {p.flat}" if p.flat is not None else ""
    numbered = p.building.upper() or (f"{p.number}{p.suffix}" if p.suffix else "")
    number = p.number if not p.suffix else None
    places = ("", p.street.upper(), "", p.locality.upper(), p.town.upper(), p.postcode)
    return (
        28,
        p.uprn,
        60_000_000 + p.serial,
        "",
        "",
        flat,
        numbered,
        number,
        *places,
        "S",
        "1A",
        *[""] * 6,
        STARTED,
        *DATES,
    )


def _organisation(p: Property) -> tuple[Cell, ...] | None:
    if not p.class_code.startswith("C"):
        return None
    return (31, p.uprn, f"9990O{p.serial:09}", f"SAMPLE TRADING {p.serial}", "", *DATES)


def _classification(p: Property) -> tuple[Cell, ...]:
    return (32, p.uprn, f"9990C{p.serial:09}", p.class_code, SCHEME, Decimal("1.0"), *DATES)


def _line(*cells: Cell) -> str:
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(value: Cell) -> str:
    """Text in quotes, numbers and dates bare, nothing for nothing."""
    match value:
        case None:
            return ""
        case str():
            return '"' + value.replace('"', '""') + '"'
        case float():
            return f"{value:.2f}"
        case _:
            return str(value)

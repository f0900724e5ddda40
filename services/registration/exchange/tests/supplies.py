"""Small supplies for the tests of the gazetteer, written field by field."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from services.registration.exchange.gazetteer.assembly import PropertySupplied, PropertyWithdrawn
from services.registration.exchange.gazetteer.layouts import LAYOUTS, Format
from services.registration.exchange.gazetteer.property import NOTHING_KNOWN, GazetteerProperty, KnownGazetteer
from services.registration.exchange.gazetteer.refusals import RowRefused
from services.registration.exchange.gazetteer.supply import read_supply

GIVEN: dict[int, dict[str, Any]] = {
    11: {"usrn": 10, "record_type": 1},
    15: {"usrn": 10, "street_description": "HIGH STREET", "language": "ENG", "town_name": "MOOTBRIDGE"},
    21: {"uprn": 1, "logical_status": 1, "x_coordinate": 1000.0, "y_coordinate": 2000.0, "addressbase_postal": "D"},
    23: {"uprn": 1, "xref_key": "X1", "cross_reference": "E05999001", "source": "7666OW"},
    24: {"uprn": 1, "lpi_key": "L1", "language": "ENG", "logical_status": 1, "usrn": 10, "pao_start_number": 2},
    28: {"uprn": 1, "udprn": 5},
    30: {"uprn": 1, "succ_key": "S1"},
    31: {"uprn": 1, "org_key": "O1", "organisation": "CAFE"},
    32: {"uprn": 1, "class_key": "C1", "classification_code": "RD06"},
}


def row(kind: int, operation: str = "I", order: int = 1, form: Format = "abp-csv-v2", **values: Any) -> str:
    """One line: the values given, over plausible ones for the required fields."""
    cells = GIVEN[kind] | values
    columns = [field.name if field else "" for field in LAYOUTS[form][kind].columns]
    return ",".join([str(kind), f'"{operation}"', str(order), *(_cell(cells.get(name)) for name in columns)]) + "\r\n"


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return '"' + value.replace('"', '""') + '"'
        case float():
            return repr(value)
        case date() | int():
            return str(value)
        case _:
            raise TypeError(value)


def supply(*rows: str, file_type: str = "F", volume: int = 1, following: int = 0, count: int | None = None) -> str:
    """A version 2 file with header and trailer."""
    header = f'10,"MOOTSHIRE",9990,2026-11-22,{volume},2026-11-22,06:00:00,"2.1","{file_type}"\r\n'
    return header + "".join(rows) + f"99,{following},{len(rows) if count is None else count},2026-11-22,06:00:00\r\n"


def changes(*rows: str) -> str:
    """A change-only update."""
    return supply(*rows, file_type="C")


HOME = (row(11), row(15), row(21), row(24), row(32))
"""A flat at 2 High Street, Mootbridge, UPRN 1."""


class Known:
    """What earlier supplies said, kept by a test."""

    def __init__(self, properties: Iterable[GazetteerProperty] = ()) -> None:
        self.properties = {p.uprn: p for p in properties}
        self.streets = {street.usrn: street for p in properties for street in p.streets}

    def property(self, uprn: int) -> GazetteerProperty | None:
        return self.properties.get(uprn)

    def street(self, usrn: int) -> Any:
        return self.streets.get(usrn)

    def on_street(self, usrn: int) -> list[int]:
        return [p.uprn for p in self.properties.values() if any(lpi.usrn == usrn for lpi in p.lpis)]


Outcomes = list[PropertySupplied | PropertyWithdrawn]


def outcomes(
    *files: str | bytes, known: KnownGazetteer = NOTHING_KNOWN, **options: Any
) -> tuple[Outcomes, list[RowRefused]]:
    """What a supply says of properties, and the rows it was refused for."""
    refused: list[RowRefused] = []
    uploads = [io.BytesIO(file.encode() if isinstance(file, str) else file) for file in files]
    with read_supply(uploads, known, refused.append, **options) as read:
        list(read.streets())
        return list(read.properties()), refused


def properties(*files: str | bytes, known: KnownGazetteer = NOTHING_KNOWN, **options: Any) -> list[GazetteerProperty]:
    """The properties of a supply that nothing is wrong with."""
    found, refused = outcomes(*files, known=known, **options)
    assert not refused
    return [outcome.property for outcome in found if isinstance(outcome, PropertySupplied)]

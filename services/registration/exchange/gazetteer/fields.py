"""What each field of a gazetteer record may hold, and how its text becomes a value.

A field is written `name:kind`, with `!` where it must have a value: `i8` a whole number of at most 8 digits, `t35` a
text of at most 35 characters, `d` a date, `e` `n` metres east and north (EPSG:27700), `lat` `long` degrees (EPSG:4258).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from services.registration.exchange.gazetteer.records import (
    Blpu,
    Classification,
    CrossReference,
    DeliveryPoint,
    Lpi,
    Organisation,
    Record,
    Street,
    StreetDescriptor,
    Successor,
)
from services.registration.exchange.gazetteer.refusals import (
    CONTROL_CHARACTER,
    MISSING,
    NOT_A_COORDINATE,
    NOT_A_DATE,
    NOT_A_NUMBER,
    OUTSIDE_BRITAIN,
    TOO_LONG,
    Unfit,
    shown,
)

DATES = "start_date:d end_date:d last_update_date:d entry_date:d"

KINDS: dict[type[Record], str] = {
    Street: """usrn:i8! record_type:i1! swa_org_ref_naming:i4 state:i1 state_date:d street_surface:i1
        street_classification:i2 version:i3 street_start_date:d street_end_date:d last_update_date:d
        record_entry_date:d street_start_x:e street_start_y:n street_start_lat:lat street_start_long:long
        street_end_x:e street_end_y:n street_end_lat:lat street_end_long:long street_tolerance:i3""",
    StreetDescriptor: f"""usrn:i8! street_description:t110! locality:t35 town_name:t30 administrative_area:t30
        language:t3! {DATES}""",
    Blpu: f"""uprn:i12! logical_status:i1! blpu_state:i1 blpu_state_date:d parent_uprn:i12 x_coordinate:e!
        y_coordinate:n! latitude:lat longitude:long rpc:i1 local_custodian_code:i4 country:t1 {DATES}
        addressbase_postal:t1 postcode_locator:t8 multi_occ_count:i5 blpu_class:t6 organisation:t100 ward_code:t10
        parish_code:t10""",
    CrossReference: f"""uprn:i12! xref_key:t14! cross_reference:t50! version:i3 source:t6 {DATES}""",
    Lpi: f"""uprn:i12! lpi_key:t14! language:t3! logical_status:i1! usrn:i8! {DATES} sao_start_number:i5
        sao_start_suffix:t2 sao_end_number:i5 sao_end_suffix:t2 sao_text:t90 pao_start_number:i5 pao_start_suffix:t2
        pao_end_number:i5 pao_end_suffix:t2 pao_text:t90 usrn_match_indicator:t1 area_name:t35 level:t30
        official_flag:t1 postal_address:t1 postcode:t8 post_town:t30""",
    DeliveryPoint: f"""uprn:i12! udprn:i8! organisation_name:t60 department_name:t60 sub_building_name:t30
        building_name:t80 building_number:i4 dependent_thoroughfare:t80 thoroughfare:t80 double_dependent_locality:t35
        dependent_locality:t35 post_town:t30 postcode:t8 postcode_type:t1 delivery_point_suffix:t2
        welsh_dependent_thoroughfare:t80 welsh_thoroughfare:t80 welsh_double_dependent_locality:t35
        welsh_dependent_locality:t35 welsh_post_town:t30 po_box_number:t6 process_date:d {DATES}""",
    Successor: f"uprn:i12! succ_key:t14! {DATES} successor:i12",
    Organisation: f"uprn:i12! org_key:t14! organisation:t100 legal_name:t60 {DATES}",
    Classification: f"uprn:i12! class_key:t14! classification_code:t6! class_scheme:t60 scheme_version:t5 {DATES}",
}

EXTENT = {"e": (0.0, 700_000.0), "n": (0.0, 1_300_000.0), "lat": (49.0, 61.5), "long": (-9.5, 2.5)}
"""The grid of Great Britain; catches swapped axes of degrees, zeroes of a lost decimal point and other planets."""


def _integer(digits: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise Unfit(NOT_A_NUMBER)
        number = int(text)  # zero padding is allowed: UPRN 010001234567 is 10001234567
        if number >= 10**digits:
            raise Unfit(TOO_LONG)
        return number

    return read


def _text(length: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > length:
            raise Unfit(TOO_LONG)
        if not text.isprintable():
            raise Unfit(CONTROL_CHARACTER)
        return text

    return read


@lru_cache(maxsize=8192)  # a supply repeats few dates a million times
def _read_date(text: str) -> date:
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise Unfit(NOT_A_DATE)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit(NOT_A_DATE) from None


def _coordinate(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise Unfit(NOT_A_COORDINATE) from None
        if not low <= number <= high:
            raise Unfit(OUTSIDE_BRITAIN)
        return number

    return read


def _reader(kind: str) -> Callable[[str], Any]:
    if kind in EXTENT:
        return _coordinate(*EXTENT[kind])
    if kind == "d":
        return _read_date
    return _integer(int(kind[1:])) if kind[0] == "i" else _text(int(kind[1:]))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record class: its place among the class's fields and how to read its text (stripped, not empty).

    `read` raises Unfit with the rule alone; whoever calls it knows the field and the value.
    """

    name: str
    slot: int
    required: bool
    read: Callable[[str], Any]


def _fields(cls: type[Record], spec: str) -> dict[str, Field]:
    slots = {f.name: i for i, f in enumerate(fields(cls))}
    found: dict[str, Field] = {}
    for word in spec.split():
        name, kind = word.rstrip("!").split(":")
        found[name] = Field(name, slots[name], word.endswith("!"), _reader(kind))
    if len(found) != len(slots):
        raise TypeError(f"{cls.__name__} lacks a kind for {slots.keys() - found.keys()}")
    return found


FIELDS: dict[type[Record], dict[str, Field]] = {cls: _fields(cls, spec) for cls, spec in KINDS.items()}


def build(cls: type[Record], cells: Iterable[tuple[Field | None, str]]) -> Record:
    """A record from its fields' texts; fields left out and empty texts are None. Raises Unfit."""
    values: list[Any] = [None] * len(FIELDS[cls])
    for field, cell in cells:
        if field is None or not (cell or field.required):  # most cells of a supply are empty
            continue
        text = cell.strip()
        if text:
            try:
                values[field.slot] = field.read(text)
            except Unfit as unfit:
                raise Unfit(unfit.rule, field.name.upper(), shown(text)) from None
        elif field.required:
            raise Unfit(MISSING, field.name.upper())
    return cls(*values)


@dataclass(frozen=True, slots=True)
class Layout:
    """The order in which one format writes the fields of one record type.

    `columns` follow RECORD_IDENTIFIER, CHANGE_TYPE and PRO_ORDER; None is a column that we read over.
    """

    cls: type[Record]
    columns: tuple[Field | None, ...]

    def record(self, cells: list[str]) -> Record:
        """The record of one row (all its cells). Raises Unfit."""
        return build(self.cls, zip(self.columns, cells[3:], strict=True))


def layout(cls: type[Record], order: str) -> Layout:
    """A layout from the names of its columns in order; `-` is a column that we read over."""
    kinds = FIELDS[cls]
    columns = tuple(None if name == "-" else kinds[name] for name in order.split())
    return Layout(cls, columns)

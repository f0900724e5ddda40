"""The records of a land and property gazetteer (BS 7666), as AddressBase Premium version 2 names their fields.

Every format is read into these classes; a field that a format lacks is None. Field names are the specification's own,
in lower case, so that a refusal can name the field as the council's gazetteer team knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Operation = Literal["I", "U", "D"]
"""Insert, update (replaces the whole record), delete."""


@dataclass(frozen=True, slots=True)
class Street:
    """Type 11. `record_type` 1 official name, 2 description, 3 numbered (A 30), 4 unofficial, 9 LLPG-only."""

    usrn: int
    record_type: int | None = None
    swa_org_ref_naming: int | None = None
    state: int | None = None
    state_date: date | None = None
    street_surface: int | None = None
    street_classification: int | None = None
    version: int | None = None
    street_start_date: date | None = None
    street_end_date: date | None = None
    last_update_date: date | None = None
    record_entry_date: date | None = None
    street_start_x: float | None = None
    street_start_y: float | None = None
    street_start_lat: float | None = None
    street_start_long: float | None = None
    street_end_x: float | None = None
    street_end_y: float | None = None
    street_end_lat: float | None = None
    street_end_long: float | None = None
    street_tolerance: int | None = None


@dataclass(frozen=True, slots=True)
class StreetDescriptor:
    """Type 15: what a street is called, once per language (ENG, CYM, GAE, BIL)."""

    usrn: int
    street_description: str
    locality: str | None = None
    town_name: str | None = None
    administrative_area: str | None = None
    language: str = "ENG"
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None


@dataclass(frozen=True, slots=True)
class Blpu:
    """Type 21, basic land and property unit: the property itself. Metres of EPSG:27700, degrees of EPSG:4258.

    The last four fields come in DTF only, where they stand on this record.
    """

    uprn: int
    logical_status: int
    blpu_state: int | None = None
    blpu_state_date: date | None = None
    parent_uprn: int | None = None
    x_coordinate: float | None = None
    y_coordinate: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    rpc: int | None = None
    local_custodian_code: int | None = None
    country: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None
    addressbase_postal: str | None = None
    postcode_locator: str | None = None
    multi_occ_count: int | None = None
    blpu_class: str | None = None
    organisation: str | None = None
    ward_code: str | None = None
    parish_code: str | None = None


@dataclass(frozen=True, slots=True)
class CrossReference:
    """Type 23: the property's key in another data set. Sources 7666OW and 7666OP are its ward and parish, ER ours."""

    uprn: int
    xref_key: str
    cross_reference: str
    version: int | None = None
    source: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None


@dataclass(frozen=True, slots=True)
class Lpi:
    """Type 24, land and property identifier: one address of a property in one language. SAO names the part (a flat),
    PAO the whole (a house). `postal_address`, `postcode` and `post_town` come in DTF only."""

    uprn: int
    lpi_key: str
    language: str
    logical_status: int
    usrn: int
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None
    sao_start_number: int | None = None
    sao_start_suffix: str | None = None
    sao_end_number: int | None = None
    sao_end_suffix: str | None = None
    sao_text: str | None = None
    pao_start_number: int | None = None
    pao_start_suffix: str | None = None
    pao_end_number: int | None = None
    pao_end_suffix: str | None = None
    pao_text: str | None = None
    usrn_match_indicator: str | None = None
    area_name: str | None = None
    level: str | None = None
    official_flag: str | None = None
    postal_address: str | None = None
    postcode: str | None = None
    post_town: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPoint:
    """Type 28: Royal Mail's address of the property (PAF)."""

    uprn: int
    udprn: int
    organisation_name: str | None = None
    department_name: str | None = None
    sub_building_name: str | None = None
    building_name: str | None = None
    building_number: int | None = None
    dependent_thoroughfare: str | None = None
    thoroughfare: str | None = None
    double_dependent_locality: str | None = None
    dependent_locality: str | None = None
    post_town: str | None = None
    postcode: str | None = None
    postcode_type: str | None = None
    delivery_point_suffix: str | None = None
    welsh_dependent_thoroughfare: str | None = None
    welsh_thoroughfare: str | None = None
    welsh_double_dependent_locality: str | None = None
    welsh_dependent_locality: str | None = None
    welsh_post_town: str | None = None
    po_box_number: str | None = None
    process_date: date | None = None
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    """Type 30: the property that took this one's place."""

    uprn: int
    succ_key: str
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None
    successor: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Type 31: who occupies the property by name."""

    uprn: int
    org_key: str
    organisation: str | None = None
    legal_name: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """Type 32: what the property is used for, by one scheme."""

    uprn: int
    class_key: str
    classification_code: str
    class_scheme: str | None = None
    scheme_version: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    last_update_date: date | None = None
    entry_date: date | None = None


PropertyRecord = Blpu | CrossReference | Lpi | DeliveryPoint | Successor | Organisation | Classification
StreetRecord = Street | StreetDescriptor
Record = PropertyRecord | StreetRecord


def key(record: Record) -> str:
    """What tells a record from others of its type and property (or street). Languages are records of their own."""
    match record:
        case Street() | Blpu():
            return ""
        case StreetDescriptor():
            return record.language
        case CrossReference():
            return record.xref_key
        case Lpi():
            return f"{record.lpi_key} {record.language}"
        case DeliveryPoint():
            return str(record.udprn)
        case Successor():
            return record.succ_key
        case Organisation():
            return record.org_key
        case Classification():
            return record.class_key


TYPES: dict[type[Record], int] = {
    Street: 11,
    StreetDescriptor: 15,
    Blpu: 21,
    CrossReference: 23,
    Lpi: 24,
    DeliveryPoint: 28,
    Successor: 30,
    Organisation: 31,
    Classification: 32,
}


class Change(NamedTuple):
    """One good row of a file: what it does to which record. `line` counts from 1; `order` is PRO_ORDER."""

    volume: int
    line: int
    operation: Operation
    order: int
    record: Record


@dataclass(frozen=True, slots=True)
class Header:
    """Type 10. `file_type` F is a full supply, C a change-only update."""

    custodian_name: str
    custodian_code: int | None
    process_date: date | None
    volume: int
    version: str
    file_type: str

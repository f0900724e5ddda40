"""The column orders of AddressBase Premium CSV (versions 1 and 2) and of LLPG DTF 7.3.

Sources: OS's loading scripts for AddressBase Premium, and the DTF 7.3 schema sheet. DTF orders its dates differently
and has no coordinates in degrees; version 1 of AddressBase lacks them too, and the dates of street descriptors.
"""

from __future__ import annotations

from typing import Literal

from services.registration.exchange.gazetteer.fields import DATES, Layout, layout
from services.registration.exchange.gazetteer.records import (
    Blpu,
    Classification,
    CrossReference,
    DeliveryPoint,
    Lpi,
    Organisation,
    Street,
    StreetDescriptor,
    Successor,
)

Format = Literal["abp-csv-v1", "abp-csv-v2", "abp-gml", "dtf-7.3"]

_DATES = DATES.replace(":d", "")
_STREET = """usrn record_type swa_org_ref_naming state state_date street_surface street_classification version"""
_NUMBERS = """sao_start_number sao_start_suffix sao_end_number sao_end_suffix sao_text
    pao_start_number pao_start_suffix pao_end_number pao_end_suffix pao_text usrn"""
_BLPU = "uprn logical_status blpu_state blpu_state_date"
_PAF = """organisation_name department_name sub_building_name building_name building_number dependent_thoroughfare
    thoroughfare double_dependent_locality dependent_locality post_town postcode postcode_type"""
_PAF_REST = f"""welsh_dependent_thoroughfare welsh_thoroughfare welsh_double_dependent_locality
    welsh_dependent_locality welsh_post_town po_box_number process_date {_DATES}"""

ABP_V2: dict[int, Layout] = {
    11: layout(
        Street,
        f"""{_STREET} street_start_date street_end_date last_update_date record_entry_date
        street_start_x street_start_y street_start_lat street_start_long
        street_end_x street_end_y street_end_lat street_end_long street_tolerance""",
    ),
    15: layout(StreetDescriptor, f"usrn street_description locality town_name administrative_area language {_DATES}"),
    21: layout(
        Blpu,
        f"""{_BLPU} parent_uprn x_coordinate y_coordinate latitude longitude rpc local_custodian_code country {_DATES}
        addressbase_postal postcode_locator multi_occ_count""",
    ),
    23: layout(CrossReference, f"uprn xref_key cross_reference version source {_DATES}"),
    24: layout(
        Lpi,
        f"""uprn lpi_key language logical_status {_DATES} {_NUMBERS}
        usrn_match_indicator area_name level official_flag""",
    ),
    28: layout(DeliveryPoint, f"uprn udprn {_PAF} delivery_point_suffix {_PAF_REST}"),
    30: layout(Successor, f"uprn succ_key {_DATES} successor"),
    31: layout(Organisation, f"uprn org_key organisation legal_name {_DATES}"),
    32: layout(Classification, f"uprn class_key classification_code class_scheme scheme_version {_DATES}"),
}

ABP_V1: dict[int, Layout] = ABP_V2 | {
    11: layout(
        Street,
        f"""{_STREET} street_start_date street_end_date last_update_date record_entry_date
        street_start_x street_start_y street_end_x street_end_y street_tolerance""",
    ),
    15: layout(StreetDescriptor, "usrn street_description locality town_name administrative_area language"),
    21: layout(
        Blpu,
        f"""{_BLPU} parent_uprn x_coordinate y_coordinate rpc local_custodian_code {_DATES}
        addressbase_postal postcode_locator multi_occ_count""",
    ),
    # Version 1 wrote the parent's UPRN before the UDPRN; record 21 has it as well.
    28: layout(DeliveryPoint, f"uprn - udprn {_PAF} {_PAF_REST}"),
}

DTF: dict[int, Layout] = {
    11: layout(
        Street,
        f"""{_STREET} record_entry_date last_update_date street_start_date street_end_date
        street_start_x street_start_y street_end_x street_end_y street_tolerance""",
    ),
    15: ABP_V1[15],
    21: layout(
        Blpu,
        f"""{_BLPU} blpu_class parent_uprn x_coordinate y_coordinate rpc local_custodian_code
        start_date end_date last_update_date entry_date organisation ward_code parish_code - - -""",
    ),
    24: layout(
        Lpi,
        f"""uprn lpi_key language logical_status start_date end_date entry_date last_update_date {_NUMBERS}
        level postal_address postcode post_town official_flag - - -""",
    ),
}

LAYOUTS: dict[Format, dict[int, Layout]] = {"abp-csv-v1": ABP_V1, "abp-csv-v2": ABP_V2, "dtf-7.3": DTF}

READ_OVER: dict[Format, frozenset[int]] = {
    "abp-csv-v1": frozenset({29}),
    "abp-csv-v2": frozenset({29}),
    # Street cross references and ESUs, provenance, extents and key sequences say nothing of addresses; record 23 of DTF
    # does, but we know no layout of it.
    "dtf-7.3": frozenset({12, 13, 14, 22, 23, 25, 26, 27, 29, 98}),
}
"""Record types that are counted and read over."""

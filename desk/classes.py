"""What the classes of properties mean: officers say terraced house where gazetteers write RD04.

Source: Ordnance Survey, AddressBase classification scheme, as GeoPlace gives it to councils (codes `CLASSIFICATION_CODE`, BLPU class).
"""

from __future__ import annotations

from typing import Final

CLASSES: Final = {
    "C": "Commercial", "CC": "Community services", "CE": "Education", "CH": "Hotel, boarding or guest house", "CL": "Leisure",
    "CM": "Medical", "CO": "Offices", "CR": "Retail", "CS": "Storage land", "CT": "Transport", "CU": "Utility",
    "CI": "Industrial", "CA": "Agricultural", "CN": "Animal centre",
    "L": "Land", "M": "Military", "P": "Parent shell", "PP": "Property shell", "PS": "Street record",
    "R": "Residential", "RB": "Ancillary building", "RC": "Car park space", "RD": "Dwelling", "RD01": "Caravan",
    "RD02": "Detached house", "RD03": "Semi-detached house", "RD04": "Terraced house", "RD06": "Flat", "RD07": "House boat",
    "RD08": "Sheltered accommodation", "RD10": "Private holiday caravan or chalet", "RG": "Garage",
    "RH": "House in multiple occupation", "RH01": "House in multiple occupation, as a whole",
    "RH02": "Bedsit or other room that is no flat of its own", "RH03": "House in multiple occupation, not divided further",
    "RI": "Residential institution", "RI01": "Care or nursing home", "RI02": "Communal residence",
    "RI02NC": "Lodgings that are no business", "RI02RC": "Religious community", "RI03": "Residential education",
    "U": "Unclassified", "UC": "Awaiting classification", "UP": "Pending internal investigation",
    "X": "Dual use", "Z": "Object of interest", "ZW": "Place of worship",
}  # fmt: skip


def property_class(code: str | None) -> str:
    """`Terraced house (RD04)`; of a code that is finer than what is named here, what it is part of."""
    code = (code or "").strip()
    for length in range(len(code), 0, -1):
        if named := CLASSES.get(code[:length]):
            return f"{named} ({code})"
    return code

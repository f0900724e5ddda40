"""How the gazetteer's parts of an address become the lines that people know it by.

Two shapes. `address_lines` is GOV.UK's and EROP's (property, street, locality, town, area, postcode), which the register
keeps and applications arrive in. `os_line` and `paf_line` are the single lines that OS and Royal Mail publish.
Sources: the address builder of GOV.UK's location importer; OS AddressBase Premium getting started guide.
"""

from __future__ import annotations

from typing import NamedTuple

from services.registration.exchange.gazetteer.property import GazetteerProperty
from services.registration.exchange.gazetteer.records import DeliveryPoint, Lpi, StreetDescriptor
from shared.events.values import AddressLines, Uprn

DESCRIPTIVE_STREETS = frozenset({2, 4, 9})
"""Street record types whose text describes ("ROAD FROM A TO B") rather than names."""


def number_range(start: int | None, start_suffix: str | None, end: int | None, end_suffix: str | None) -> str:
    """`12A-14`. A suffix without its number is ignored; an end without a start stands alone."""
    first = f"{start}{start_suffix or ''}" if start is not None else ""
    last = f"{end}{end_suffix or ''}" if end is not None else ""
    return f"{first}-{last}" if first and last else first or last


def sao_range(lpi: Lpi) -> str:
    return number_range(lpi.sao_start_number, lpi.sao_start_suffix, lpi.sao_end_number, lpi.sao_end_suffix)


def pao_range(lpi: Lpi) -> str:
    return number_range(lpi.pao_start_number, lpi.pao_start_suffix, lpi.pao_end_number, lpi.pao_end_suffix)


def sentence_case(text: str) -> str:
    """Each word with a capital, as GOV.UK writes addresses. A word that begins with a digit is a number: `162A`."""
    return " ".join(word if word[0].isdigit() else word.capitalize() for word in text.split())


def address_lines(of: GazetteerProperty, language: str = "ENG") -> AddressLines:
    """The address by the property's current LPI in this language (else in any). Empty lines where nothing is known."""
    lpi = of.address(language)
    if lpi is None:
        return AddressLines(postcode=_postcode(of, None), uprn=Uprn(of.uprn))
    descriptor = _descriptor(of, lpi)
    name = _street_name(of, lpi, descriptor)
    locality, town, area = _places(descriptor, name)
    return AddressLines(
        property=sentence_case(_joined(lpi.sao_text, sao_range(lpi), lpi.pao_text)),
        street=sentence_case(_joined(pao_range(lpi), name)),
        locality=sentence_case(locality),
        town=sentence_case(town),
        area=sentence_case(area),
        postcode=_postcode(of, lpi),
        uprn=Uprn(of.uprn),
    )


def _descriptor(of: GazetteerProperty, lpi: Lpi) -> StreetDescriptor | None:
    """The street's name in the language of the address: a Welsh address stands on a Welsh street."""
    street = of.street(lpi.usrn)
    return street.descriptor(lpi.language) if street is not None else None


def _street_name(of: GazetteerProperty, lpi: Lpi, descriptor: StreetDescriptor | None) -> str:
    street = of.street(lpi.usrn)
    if street is None or street.street is None or street.street.record_type not in DESCRIPTIVE_STREETS:
        return descriptor.street_description if descriptor is not None else ""
    paf = of.delivery_point()
    if paf is None:
        return ""
    if lpi.language == "CYM":
        welsh = paf.welsh_thoroughfare or paf.welsh_dependent_thoroughfare or paf.welsh_double_dependent_locality
        if welsh:
            return welsh
    return paf.thoroughfare or paf.dependent_thoroughfare or paf.double_dependent_locality or ""


def _places(descriptor: StreetDescriptor | None, street: str) -> tuple[str, str, str]:
    """Locality, town and area, without what only repeats the street, and without an area named like its town."""
    if descriptor is None:
        return "", "", ""
    locality, town, area = (
        (place or "") for place in (descriptor.locality, descriptor.town_name, descriptor.administrative_area)
    )
    if _same(area, town):
        area = ""
    locality, town, area = ("" if _same(place, street) else place for place in (locality, town, area))
    return locality, town, area


def _postcode(of: GazetteerProperty, lpi: Lpi | None) -> str:
    paf = of.delivery_point()
    found = of.blpu.postcode_locator or (lpi and lpi.postcode) or (paf and paf.postcode) or ""
    compact = "".join(found.split()).upper()
    return f"{compact[:-3]} {compact[-3:]}" if len(compact) > 4 else compact


def _same(one: str, other: str) -> bool:
    return bool(one) and one.casefold() == other.casefold()


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def os_line(of: GazetteerProperty, lpi: Lpi) -> str:
    """OS's single line: organisation, SAO, PAO, street, locality, town, postcode; `2 HIGH STREET`, `1A, HIGH STREET`."""
    street = _descriptor(of, lpi)
    return _single_line(
        of.organisations[0].organisation if of.organisations else of.blpu.organisation,
        lpi.sao_text,
        _bare(sao_range(lpi)),
        lpi.pao_text,
        _bare(pao_range(lpi)),
        *((street.street_description, street.locality, street.town_name) if street is not None else ()),
        of.blpu.postcode_locator or lpi.postcode,
    )


def paf_line(point: DeliveryPoint) -> str:
    """Royal Mail's single line of a delivery point."""
    return _single_line(
        point.department_name,
        point.organisation_name,
        point.sub_building_name,
        point.building_name,
        point.building_number,
        f"PO BOX {point.po_box_number}" if point.po_box_number else None,
        point.dependent_thoroughfare,
        point.thoroughfare,
        point.double_dependent_locality,
        point.dependent_locality,
        point.post_town,
        point.postcode,
    )


def _single_line(*parts: str | int | None) -> str:
    """A bare number belongs to what follows it, so only a space parts them; every text is followed by a comma."""
    line = "".join(f"{part} " if isinstance(part, int) else f"{part}, " for part in parts if part not in (None, ""))
    return line.strip().removesuffix(",")


def _bare(numbers: str) -> int | str:
    return int(numbers) if numbers.isdecimal() else numbers


class WalkOrder(NamedTuple):
    """Sorts the addresses of one street by their numbers: 2, 2A, 10; flat 9 before flat 10. Names follow numbers."""

    side: int
    number: int
    suffix: str
    name: str
    flat: int
    flat_suffix: str
    flat_name: str


UNNUMBERED = 10**6


def walk_order(lpi: Lpi, odd_then_even: bool = False) -> WalkOrder:
    """Where an address comes in its street: straight through, or up the odd side and then the even. Never as text."""
    number = _first(lpi.pao_start_number, lpi.pao_end_number, UNNUMBERED)
    whole_house = -1 if not lpi.sao_text else UNNUMBERED
    side = 2 if number == UNNUMBERED else 1 - number % 2
    return WalkOrder(
        side=side if odd_then_even else 0,
        number=number,
        suffix=lpi.pao_start_suffix or "",
        name=lpi.pao_text or "",
        flat=_first(lpi.sao_start_number, lpi.sao_end_number, whole_house),
        flat_suffix=lpi.sao_start_suffix or "",
        flat_name=lpi.sao_text or "",
    )


def _first(start: int | None, end: int | None, otherwise: int) -> int:
    return start if start is not None else end if end is not None else otherwise

"""The order in which addresses are printed: by street, then by house number as a number. [RPR 2001 r.38]"""

from __future__ import annotations

import re

from shared.events.values import AddressLines

_NUMBERED = re.compile(r"(\d+)([A-Za-z]?)(?:-\d+[A-Za-z]?)?(?:[\s,]+(.*))?")
_UNNUMBERED = "~"


def walk(address: AddressLines) -> str:
    """A key that sorts (by code point) as one walks: 2, 2A, 10; flat 9 before flat 10; named houses after numbered ones."""
    property_, street = _folded(address.property), _folded(address.street)
    number = _UNNUMBERED
    if (found := _NUMBERED.fullmatch(street)) and found[3]:
        number, street = _padded(found[1]) + found[2], found[3]
    elif found := _NUMBERED.fullmatch(property_):
        number, property_ = _padded(found[1]) + found[2], found[3] or ""
    house = re.sub(r"\d+", lambda digits: _padded(digits[0]), property_)
    return "\t".join((street, _folded(address.locality), _folded(address.town), number, house))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _padded(digits: str) -> str:
    return digits.zfill(12)

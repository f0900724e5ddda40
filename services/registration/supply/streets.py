"""A line of an address taken apart: house and street. `10 Gorse Lane` is number 10 of Gorse Lane."""

from __future__ import annotations

import re

from services.registration.exchange.supply.entry import Home
from shared.events.values import AddressLines

_NUMBERED = re.compile(r"(\d+[A-Za-z]?(?:-\d+[A-Za-z]?)?)(?:[\s,]+(.*))?")


def apart(address: AddressLines) -> Home:
    """The house, its number and its street. Without a street, the locality or town stands for it."""
    prefix, number, street = address.property, "", address.street
    if (found := _NUMBERED.fullmatch(street)) and found[2]:
        number, street = found[1], found[2]
    elif found := _NUMBERED.fullmatch(prefix):
        number, prefix = found[1], found[2] or ""
    return Home(address, prefix, number, street or address.locality or address.town)

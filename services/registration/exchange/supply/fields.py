"""The words that layouts are written in: each names one thing that is printed of an elector.

A title, a date of birth or a nationality is none of them: the register does not hold them (RPR 2001 r.38-42).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from services.registration.exchange.supply.entry import Entry, Occasion

Field = Callable[[Entry, Occasion, int], str]
"""The text of one cell. The number is that of the line, from 1."""

ADDRESS_LINES: Final = 9
LETTERS: Final = {"": "", "addition": "A", "removal": "D", "amendment": "M"}


def postcode(entry: Entry) -> str:
    """The last line of an address, if it is one: there are addresses without."""
    last = entry.address[-1] if entry.address else ""
    return last if any(c.isdigit() for c in last) and len(last) <= 8 else ""


def lines(entry: Entry) -> tuple[str, ...]:
    """The address without its postcode."""
    return entry.address[:-1] if postcode(entry) else entry.address


def of(parts: tuple[str, ...], n: int) -> str:
    return parts[n] if n < len(parts) else ""


def _line(n: int) -> Field:
    return lambda entry, _occasion, _n: of(lines(entry), n)


def _lines_from(n: int) -> Field:
    """That line and all after it, where a layout has no more columns."""
    return lambda entry, _occasion, _n: ", ".join(lines(entry)[n:])


def _line_or_postcode(n: int) -> Field:
    """Of the address with its postcode as last line."""
    return lambda entry, _occasion, _n: of(entry.address, n)


def _month_if(change: str) -> Field:
    """The month of the register in which the entry was created, changed or deleted; 0: not."""
    return lambda entry, occasion, _n: str(occasion.on.month) if entry.change == change else "0"


def _name(part: str) -> Field:
    return lambda entry, _occasion, _n: getattr(entry.name, part) if entry.name else ""


def _forenames(entry: Entry, _occasion: Occasion, _n: int) -> str:
    return " ".join(p for p in (entry.name.first, entry.name.middle) if p) if entry.name else ""


def _surname_first(entry: Entry, _occasion: Occasion, _n: int) -> str:
    return " ".join(p for p in (entry.name.last, entry.name.first, entry.name.middle) if p) if entry.name else ""


def _initials(entry: Entry, _occasion: Occasion, _n: int) -> str:
    return " ".join(part[0] for part in entry.name.middle.split()) if entry.name else ""


FIELDS: Final[Mapping[str, Field]] = MappingProxyType({
    "nothing": lambda _e, _o, _n: "",
    "district": lambda e, _o, _n: str(e.number.district),
    "number": lambda e, _o, _n: str(e.number.number),
    "suffix": lambda e, _o, _n: str(e.number.suffix),
    "number/suffix": lambda e, _o, _n: str(e.number).removeprefix(f"{e.number.district}-"),
    "elector number": lambda e, _o, _n: str(e.number),
    "markers": lambda e, _o, _n: e.marking.before_name + e.marking.after_number,
    "attains on": lambda e, _o, _n: f"{e.marking.attains_on:%d/%m/%Y}" if e.marking.attains_on else "",
    "surname": _name("last"),
    "first name": _name("first"),
    "middle names": _name("middle"),
    "middle initials": _initials,
    "forenames": _forenames,
    "surname first": _surname_first,
    "postcode": lambda e, _o, _n: postcode(e),
    **{f"address {n + 1}": _line(n) for n in range(ADDRESS_LINES)},
    **{f"address {n + 1} on": _lines_from(n) for n in range(ADDRESS_LINES)},
    **{f"address or postcode {n + 1}": _line_or_postcode(n) for n in range(ADDRESS_LINES)},
    "street": lambda e, _o, _n: e.home.street if e.home else "",
    "house number": lambda e, _o, _n: e.home.number if e.home else "",
    "house prefix": lambda e, _o, _n: e.home.prefix if e.home else "",
    "uprn": lambda e, _o, _n: str(e.home.address.uprn or "") if e.home else "",
    "change": lambda e, _o, _n: LETTERS[e.change],
    "month created": _month_if("addition"),
    "month changed": _month_if("amendment"),
    "month deleted": _month_if("removal"),
    "authority": lambda _e, o, _n: o.authority,
    "line number": lambda _e, _o, n: str(n),
    "lines in all": lambda _e, o, _n: str(o.total),
    "register month": lambda _e, o, _n: str(o.on.month),
    "ends on": lambda e, _o, _n: f"{e.ends_on:%d/%m/%Y}" if e.ends_on else "",
})  # fmt: skip

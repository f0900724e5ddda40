"""The words that layouts are written in: each names one thing that is printed of an elector.

A title, a date of birth or a nationality is none of them: the register does not hold them (RPR 2001 r.38-42). Who is under 18, or 76
or over, is told to those who summon jurors (Juries Act 1974 s.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from services.registration.exchange.supply.entry import AbsentVote, Entry, Occasion

Field = Callable[[Entry, Occasion, int], str]
"""The text of one cell. The number is that of the line, from 1."""

ADDRESS_LINES: Final = 9
ABSENT: Final = {"postal-voters": "Postal", "proxies": "Proxy", "proxy-postal-voters": "Postal proxy"}
LETTERS: Final = {"": "", "addition": "A", "removal": "D", "amendment": "M"}


def postcode(address: tuple[str, ...]) -> str:
    """The last line of an address, if it is one: there are addresses without."""
    last = address[-1] if address else ""
    return last if any(c.isdigit() for c in last) and len(last) <= 8 else ""


def lines(address: tuple[str, ...]) -> tuple[str, ...]:
    """The address without its postcode."""
    return address[:-1] if postcode(address) else address


def of(parts: tuple[str, ...], n: int) -> str:
    return parts[n] if n < len(parts) else ""


def _line(n: int) -> Field:
    return lambda entry, _occasion, _n: of(lines(entry.address), n)


def _lines_from(n: int) -> Field:
    """That line and all after it, where a layout has no more columns."""
    return lambda entry, _occasion, _n: ", ".join(lines(entry.address)[n:])


def _line_or_postcode(n: int) -> Field:
    """Of the address with its postcode as last line."""
    return lambda entry, _occasion, _n: of(entry.address, n)


def _month_if(change: str) -> Field:
    """The month of the register in which the entry was created, changed or deleted; 0: not."""
    return lambda entry, occasion, _n: str(occasion.on.month) if entry.change == change else "0"


def _sent_to(n: int) -> Field:
    return lambda entry, _occasion, _n: of(lines(entry.absent.sent_to), n) if entry.absent else ""


def _proxy_line(n: int) -> Field:
    return lambda entry, _occasion, _n: of(lines(entry.absent.proxy_address), n) if entry.absent else ""


def _of_absent(show: Callable[[AbsentVote], str]) -> Field:
    return lambda entry, _occasion, _n: show(entry.absent) if entry.absent else ""


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
    "postcode": lambda e, _o, _n: postcode(e.address),
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
    "absent vote": _of_absent(lambda a: ABSENT[a.kind]),
    "absent from": _of_absent(lambda a: f"{a.valid_from:%d/%m/%Y}"),
    "absent until": _of_absent(lambda a: f"{a.valid_until:%d/%m/%Y}" if a.valid_until else ""),
    "proxy": _of_absent(lambda a: str(a.proxy or "")),
    "proxy surname": _of_absent(lambda a: a.proxy.last if a.proxy else ""),
    "proxy forenames": _of_absent(lambda a: " ".join(p for p in (a.proxy.first, a.proxy.middle) if p) if a.proxy else ""),
    **{f"proxy address {n + 1}": _proxy_line(n) for n in range(ADDRESS_LINES)},
    "proxy postcode": _of_absent(lambda a: postcode(a.proxy_address)),
    **{f"sent to {n + 1}": _sent_to(n) for n in range(ADDRESS_LINES)},
    "sent to postcode": _of_absent(lambda a: postcode(a.sent_to)),
    "juror age": lambda e, _o, _n: e.juror_age,
    "day": lambda _e, o, _n: f"{o.on:%d/%m/%Y}",
    "ends on": lambda e, _o, _n: f"{e.ends_on:%d/%m/%Y}" if e.ends_on else "",
})  # fmt: skip

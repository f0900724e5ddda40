"""A copy on paper: the register a part at a time, by street, other electors, and numbers at the end. [RPR 2001 r.38-45]"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterable
from itertools import groupby
from typing import Final

from services.registration.exchange.supply.entry import Entry
from services.registration.papers.registers import Group, RegisterPaper, long_date, pdf
from services.registration.supply.contents import Edition

PRINT: Final = "print"
"""The layout of every printed copy."""
PRINT_VERSION: Final = 1
OTHER_ELECTORS: Final = "Other electors"
BY_NUMBER: Final = "Entries by number only"
REGISTER_COLUMNS: Final = ("Number", "Mark", "Name", "House", "Postcode")
ABSENT_COLUMNS: Final = ("Number", "Until", "Elector", "Proxy", "Ballot paper sent to")
ABSENT_LISTS: Final = {
    "postal-voters": "Postal voters",
    "proxies": "Proxies",
    "proxy-postal-voters": "Proxy postal voters",
}
LIST_COLUMNS: Final = ("Number", "Mark", "Name", "Address")
TITLES: Final = {
    "full-register": "Register of electors",
    "open-register": "Open register of electors",
    "notices": "Notice of alteration of the register",
    "open-notices": "Alterations of the open register",
    "overseas-list": "List of overseas electors",
    "absent-voter-lists": "Lists of absent voters",
}
CHANGES: Final = {"addition": "Added", "removal": "Removed", "amendment": "Altered"}
_NEVER: Final = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in an archive, so that its bytes do not tell when it was put together."""


async def printed(edition: Edition, parts: AsyncIterator[list[Entry]]) -> AsyncIterator[bytes]:
    """A register as an archive with one PDF for each polling district; a notice or list as one PDF."""
    if edition.document == "absent-voter-lists":
        yield await asyncio.to_thread(pdf, absent_paper(edition, [entry async for part in parts for entry in part]))
        return
    if edition.document in ("notices", "open-notices", "overseas-list"):
        yield await asyncio.to_thread(pdf, list_paper(edition, [entry async for part in parts for entry in part]))
        return
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        async for district, entries in _by_district(parts):
            made = await asyncio.to_thread(pdf, part_paper(edition, district, entries))
            archive.writestr(zipfile.ZipInfo(f"{edition.document}-{district}.pdf", _NEVER), made)
            yield sink.taken()
    yield sink.taken()


def part_paper(edition: Edition, district: str, entries: list[Entry]) -> RegisterPaper:
    """One part of the register."""
    electors = "elector" if len(entries) == 1 else "electors"
    return RegisterPaper(
        f"{TITLES[edition.document]}: polling district {district}",
        (f"In force on {long_date(edition.on)}. {len(entries):,} {electors}.",),
        REGISTER_COLUMNS,
        tuple(_groups(entries)),
        "No elector is registered in this polling district.",
    )


def list_paper(edition: Edition, entries: list[Entry]) -> RegisterPaper:
    """A notice by what it changes, district by district; a list as it is."""
    if edition.document != "overseas-list":
        of = groupby(entries, key=lambda entry: (str(entry.number.district), entry.change))
        groups = tuple(
            Group(f"Polling district {district}: {CHANGES[change].lower()}", tuple(map(_list_line, each)))
            for (district, change), each in of
        )
        nothing, fact = "Nothing is altered.", f"Published on and in force from {long_date(edition.on)}."
    else:
        groups = (Group("Electors by surname", tuple(map(_list_line, entries))),) if entries else ()
        nothing, fact = "There is no overseas elector.", f"In force on {long_date(edition.on)}."
    return RegisterPaper(TITLES[edition.document], (fact,), LIST_COLUMNS, groups, nothing)


def absent_paper(edition: Edition, entries: list[Entry]) -> RegisterPaper:
    """The lists of a poll one after another, each by polling district; of an anonymous elector number and period."""
    of = groupby(entries, key=lambda entry: (entry.absent.kind if entry.absent else "", str(entry.number.district)))
    groups = tuple(
        Group(f"{ABSENT_LISTS[kind]}: polling district {district}", tuple(_absent_line(each) for each in there))
        for (kind, district), there in of
        if kind
    )
    title = f"{TITLES[edition.document]}, poll on {long_date(edition.on)}"
    return RegisterPaper(title, (f"{len(entries):,} lines.",), ABSENT_COLUMNS, groups, "There are none.")


def _absent_line(entry: Entry) -> tuple[str, ...]:
    vote = entry.absent
    assert vote is not None, "a line of these lists says how the elector votes"
    proxy = ", ".join(part for part in (str(vote.proxy or ""), *vote.proxy_address) if part)
    until = f"{vote.valid_until:%d/%m/%Y}" if vote.valid_until else "further notice"
    named = " ".join(part for part in (entry.marking.before_name, _name(entry)) if part)
    return _number(entry), until, named, proxy, ", ".join(vote.sent_to)


def _groups(entries: Iterable[Entry]) -> Iterable[Group]:
    for heading, each in groupby(entries, key=_heading):
        yield Group(heading, tuple(map(_register_line, each)))


def _heading(entry: Entry) -> str:
    if entry.name is None:
        return BY_NUMBER
    if not entry.address:
        return OTHER_ELECTORS
    if entry.home is None:
        return entry.address[0]
    place = entry.home.address
    return ", ".join(dict.fromkeys(part for part in (entry.home.street, place.locality, place.town) if part))


def _register_line(entry: Entry) -> tuple[str, ...]:
    house, postcode = "", ""
    if entry.home is not None:
        house = ", ".join(part for part in (entry.home.prefix, entry.home.number) if part)
        postcode = entry.home.address.postcode
    return _number(entry), _mark(entry), _name(entry), house, postcode


def _list_line(entry: Entry) -> tuple[str, ...]:
    ends = f"Entry ends {long_date(entry.ends_on)}" if entry.ends_on else ""
    return _number(entry), _mark(entry), _name(entry), ", ".join(entry.address) or ends


def _number(entry: Entry) -> str:
    """With its letters: a page may be read alone. N follows the number of an anonymous elector. [r.41A]"""
    return f"{entry.number} {entry.marking.after_number}".rstrip()


def _mark(entry: Entry) -> str:
    attains = f"{entry.marking.attains_on:%d/%m/%Y}" if entry.marking.attains_on else ""
    return " ".join(part for part in (entry.marking.before_name, attains) if part)


def _name(entry: Entry) -> str:
    """`MARSH, Ada Iris`."""
    if entry.name is None:
        return ""
    forenames = " ".join(part for part in (entry.name.first, entry.name.middle) if part)
    return ", ".join(part for part in (entry.name.last.upper(), forenames) if part)


async def _by_district(parts: AsyncIterator[list[Entry]]) -> AsyncIterator[tuple[str, list[Entry]]]:
    district, waiting = "", list[Entry]()
    async for part in parts:
        for entry in part:
            if waiting and entry.number.district != district:
                yield district, waiting
                waiting = []
            district = str(entry.number.district)
            waiting.append(entry)
    if waiting:
        yield district, waiting


class _Sink(io.RawIOBase):
    """Where an archive is written, to be taken away as it grows. It cannot be gone back in."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        before = len(self._waiting)
        self._waiting += part  # type: ignore[arg-type]
        return len(self._waiting) - before

    def taken(self) -> bytes:
        part = bytes(self._waiting)
        self._waiting.clear()
        return part

"""Making the file of a copy, and making it again: the same edition in the same layout is the same file, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.registration.exchange.supply import csvfile, xlsxfile
from services.registration.exchange.supply.entry import Entry, Occasion
from services.registration.exchange.supply.layouts import Document, Layout, layouts, newest
from services.registration.supply.contents import Edition, behind, entries
from services.registration.supply.fingerprint import Fingerprint
from services.registration.supply.printing import PRINT, PRINT_VERSION, printed
from shared.events.registration import SuppliedForm, SupplyFileMade
from shared.law.polls import PollType
from shared.service.database import Connection
from shared.service.problems import invalid, unavailable

MEDIA: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What came out: how many entries, how many bytes, their SHA-256, and the keyed sums of the lines."""

    entries: int
    size: int
    sha256: str
    fingerprint: Fingerprint


@dataclass
class Tally:
    """Counts entries as they pass, and takes their fingerprint where one is asked for."""

    entries: int = 0
    fingerprint: Fingerprint | None = None

    async def of(self, parts: AsyncIterator[list[Entry]]) -> AsyncIterator[list[Entry]]:
        async for part in parts:
            self.entries += len(part)
            if self.fingerprint is not None:
                self.fingerprint.add_all(part)
            yield part


def layout_for(name: str, document: Document, form: SuppliedForm) -> tuple[str, int]:
    """The layout that a copy is made in, and its newest version. Raises `Problem` 422 when it does not fit what is asked for."""
    if form == "print":
        return PRINT, PRINT_VERSION
    layout = newest(name)
    if layout is None or document not in layout.documents:
        fitting = sorted({each.name for each in layouts().values() if document in each.documents})
        raise invalid("layout", "unknown-layout", f"For this document there are: {', '.join(fitting)}.")
    return layout.name, layout.version


def ending(document: Document, layout: tuple[str, int]) -> str:
    """Of the file's name: `csv`, `xlsx`, `pdf`, or `zip` for a register that is printed part by part."""
    if layout[0] == PRINT:
        return "zip" if document in ("full-register", "open-register") else "pdf"
    return layouts()[layout].file


def layout_of_notices(register_in: str) -> str:
    """The layout in which notices follow a register that was supplied in this one."""
    layout = newest(register_in)
    return layout.later if layout is not None else PRINT


async def file_of(
    conn: Connection, authority: str, edition: Edition, layout: tuple[str, int], tally: Tally
) -> AsyncIterator[bytes]:
    """The file in parts. Needs a transaction. Raises `Problem` 503 while what it is made from is still being read."""
    if await behind(conn, edition):
        raise unavailable("read model of addresses or absent voters")
    found = tally.of(entries(conn, authority, edition))
    made = printed(edition, found) if layout[0] == PRINT else _table(layouts()[layout], authority, edition, found)
    async for part in made:
        yield part


async def _table(
    layout: Layout, authority: str, edition: Edition, found: AsyncIterator[list[Entry]]
) -> AsyncIterator[bytes]:
    occasion = Occasion(authority, edition.on)
    if layout.counts_lines:  # such layouts are of notices, which are short
        kept = [part async for part in found]
        occasion, found = Occasion(authority, edition.on, sum(map(len, kept))), _again(kept)
    of_kind = csvfile if layout.file == "csv" else xlsxfile
    async for part in of_kind.written(layout, found, occasion):
        yield part


async def _again(parts: Sequence[list[Entry]]) -> AsyncIterator[list[Entry]]:
    for part in parts:
        yield part


async def make(conn: Connection, authority: str, edition: Edition, layout: tuple[str, int], key: bytes) -> Made:
    """Make the file once, for its hash and fingerprint: whoever fetches it has it made again. `key`: of `fingerprint_key`."""
    fingerprint = Fingerprint(key)
    digest, size, tally = hashlib.sha256(), 0, Tally(fingerprint=fingerprint)
    async for part in file_of(conn, authority, edition, layout, tally):
        digest.update(part)
        size += len(part)
    return Made(tally.entries, size, digest.hexdigest(), fingerprint)


def edition_of(document: Document, file: SupplyFileMade, poll: PollType | None = None) -> Edition:
    """What a file that was made is of; `poll`: of lists of absent voters."""
    return Edition(document, file.effective, file.positions, file.areas, poll)

"""The register and notices of alteration as CSV, in the column layout that suppliers and parties read ("Xpress full").

UTF-8 without BOM, CRLF. The date of birth stands only beside an attainer, never anybody else's (RPR 2001 r.42).
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Literal, Protocol

from shared.events.values import ElectorNumber, PersonName
from shared.law.franchise import Marking

ADDRESS_LINES = 6
COLUMNS = (
    "Elector Number Prefix", "Elector Number", "Elector Number Suffix", "Elector Markers", "Elector DOB",
    "Elector Surname", "Elector Forename", "PostCode", *(f"Address{n}" for n in range(1, ADDRESS_LINES + 1)),
)  # fmt: skip
Change = Literal["addition", "removal", "amendment"]
LETTERS: dict[Change, str] = {"addition": "A", "removal": "D", "amendment": "M"}
CHUNK_ROWS = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Line(Protocol):
    """One elector as printed."""

    @property
    def number(self) -> ElectorNumber: ...
    @property
    def marking(self) -> Marking: ...
    @property
    def name(self) -> PersonName | None: ...
    @property
    def address(self) -> tuple[str, ...]: ...


def cells(line: Line) -> list[str]:
    """One elector as printed. An anonymous elector shows a number with N, and nothing else."""
    number, marking = line.number, line.marking
    attains = f"{marking.attains_on:%d/%m/%Y}" if marking.attains_on else ""
    forenames = " ".join(part for part in (line.name.first, line.name.middle) if part) if line.name else ""
    *address, postcode = line.address or ("",)
    if postcode and not any(c.isdigit() for c in postcode):  # an address without a postcode
        address, postcode = [*address, postcode], ""
    shown = [*address[:ADDRESS_LINES], *[""] * (ADDRESS_LINES - len(address))]
    return [
        str(number.district), str(number.number), str(number.suffix), marking.before_name + marking.after_number, attains,
        line.name.last if line.name else "", forenames, postcode, *shown,
    ]  # fmt: skip


def change_cells(change: Change, line: Line) -> list[str]:
    """One line of a notice: `A` added, `D` removed, `M` amended, then the entry as it now stands (a removal: stood)."""
    return [LETTERS[change], *cells(line)]


async def written(header: Sequence[str], rows: AsyncIterator[Iterable[str]]) -> AsyncIterator[bytes]:
    """CSV in chunks, so that 200,000 electors need little memory."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    waiting = 0
    async for row in rows:
        writer.writerow([safe(cell) for cell in row])
        waiting += 1
        if waiting == CHUNK_ROWS:
            yield _taken(buffer)
            waiting = 0
    yield _taken(buffer)


def safe(cell: str) -> str:
    """A spreadsheet must not take a name for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()

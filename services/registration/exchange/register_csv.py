"""The register and notices of alteration as CSV, in the column layout that suppliers and parties read ("Xpress full").

UTF-8 without BOM, CRLF. The date of birth stands only beside an attainer, never anybody else's (RPR 2001 r.42).
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Literal, Protocol

from shared.events.values import ElectorNumber
from shared.law.franchise import Marking
from shared.service.spreadsheet import inert

COLUMNS = (
    "Elector Number Prefix", "Elector Number", "Elector Number Suffix", "Elector Markers", "Elector DOB",
    "Elector Surname", "Elector Forename", "PostCode", *(f"Address{n}" for n in range(1, 7)),
)  # fmt: skip
Change = Literal["addition", "removal", "amendment"]
LETTERS: dict[Change, str] = {"addition": "A", "removal": "D", "amendment": "M"}
CHUNK_ROWS = 500


class Line(Protocol):
    """One elector as printed. An anonymous one shows a number with N, and empty cells."""

    @property
    def number(self) -> ElectorNumber: ...
    @property
    def marking(self) -> Marking: ...
    @property
    def cells(self) -> tuple[str, ...]:
        """From the surname on."""
        ...


def change_cells(change: Change, line: Line) -> list[str]:
    """One line of a notice: `A` added, `D` removed, `M` amended, then the entry as it now stands (a removal: stood)."""
    number, marking = line.number, line.marking
    attains = f"{marking.attains_on:%d/%m/%Y}" if marking.attains_on else ""
    marks = marking.before_name + marking.after_number
    return [LETTERS[change], number.district, str(number.number), str(number.suffix), marks, attains, *line.cells]


async def headed(header: Sequence[str], copied: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """CSV that PostgreSQL wrote: its line ends are LF, and no cell of ours holds one."""
    yield (",".join(header) + "\r\n").encode()
    async for part in copied:
        yield part.replace(b"\n", b"\r\n")


async def written(header: Sequence[str], rows: AsyncIterator[Iterable[str]]) -> AsyncIterator[bytes]:
    """CSV in chunks, so that long notices need little memory."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    waiting = 0
    async for row in rows:
        writer.writerow([inert(cell) for cell in row])
        waiting += 1
        if waiting == CHUNK_ROWS:
            yield _taken(buffer)
            waiting = 0
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()

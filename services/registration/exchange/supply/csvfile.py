"""A copy as CSV: CRLF, quoted where needed, in the layout's encoding, a part at a time."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import AsyncIterator, Sequence
from typing import Final

from services.registration.exchange.supply.entry import Entry, Occasion
from services.registration.exchange.supply.fields import FIELDS
from services.registration.exchange.supply.layouts import Layout

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def written(layout: Layout, entries: AsyncIterator[Sequence[Entry]], occasion: Occasion) -> AsyncIterator[bytes]:
    """The file in parts, one for each part of the entries."""
    shown = [FIELDS[column.shows] for column in layout.columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if layout.title_line:
        writer.writerow([layout.title])
    writer.writerow(layout.header)
    spreadsheet, n = layout.reader == "spreadsheet", 0
    async for part in entries:
        for n, entry in enumerate(part, n + 1):  # noqa: B020 - the count goes on over the parts
            row = [show(entry, occasion, n) for show in shown]
            writer.writerow(map(harmless, row) if spreadsheet else row)
        yield encoded(buffer.getvalue(), layout.encoding)
        buffer.seek(0)
        buffer.truncate()
    yield encoded(buffer.getvalue(), layout.encoding)


def harmless(cell: str) -> str:
    """A spreadsheet must not take a name for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def encoded(text: str, encoding: str) -> bytes:
    """`text` in an encoding; a letter that it has not is written without its accent, or as a question mark."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_within(letter, encoding) for letter in text).encode(encoding, "replace")


_PLAIN: Final = str.maketrans("łŁđĐıħĦŧŦ", "lLdDihHtT")
"""Letters that are no accent on another."""


def _within(letter: str, encoding: str) -> str:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", letter).translate(_PLAIN)
        return "".join(c for c in bare if not unicodedata.combining(c))
    return letter

"""A copy as a workbook: every cell a text, never a formula or a link; the same bytes each time."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from services.registration.exchange.supply.entry import Entry, Occasion
from services.registration.exchange.supply.fields import FIELDS
from services.registration.exchange.supply.layouts import Layout

CHUNK: Final = 1 << 18
SHEET_ROWS: Final = 1_048_575
"""What fits below the header of one sheet; what is more goes on another."""
_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}


async def written(layout: Layout, entries: AsyncIterator[Sequence[Entry]], occasion: Occasion) -> AsyncIterator[bytes]:
    """The file in parts. It is put together on disk, row by row, so that 200,000 electors need little memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.xlsx"
        workbook = xlsxwriter.Workbook(path, _OPTIONS | {"tmpdir": folder})
        # Bytes depend on what is said in them, never on when or by whom they were made.
        workbook.set_properties({"title": layout.title, "created": datetime.combine(occasion.on, time(), UTC)})
        rows = _Rows(workbook, layout, occasion)
        async for part in entries:
            await asyncio.to_thread(rows.write, part)
        await asyncio.to_thread(workbook.close)
        with path.open("rb") as made:
            while chunk := await asyncio.to_thread(made.read, CHUNK):
                yield chunk


class _Rows:
    """Writes entries below one another, on as many sheets as they need."""

    def __init__(self, workbook: Any, layout: Layout, occasion: Occasion) -> None:
        self._workbook, self._layout, self._occasion = workbook, layout, occasion
        self._shown = [FIELDS[column.shows] for column in layout.columns]
        self._n = 0
        self._sheet = self._new_sheet()

    def write(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if self._n and self._n % SHEET_ROWS == 0:
                self._sheet = self._new_sheet()
            row = self._n % SHEET_ROWS + 1
            self._n += 1
            for column, show in enumerate(self._shown):
                if text := show(entry, self._occasion, self._n):
                    self._sheet.write_string(row, column, text)

    def _new_sheet(self) -> Any:
        sheet = self._workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(self._layout.header):
            sheet.write_string(0, column, title)
        return sheet

"""Reading one volume of AddressBase Premium CSV or LLPG DTF, row by row in bounded memory."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import cast

from services.registration.exchange.gazetteer.layouts import LAYOUTS, READ_OVER, Format
from services.registration.exchange.gazetteer.records import Change, Header, Operation
from services.registration.exchange.gazetteer.refusals import (
    CHANGE_TYPE,
    COUNT_MISMATCH,
    FIELD_COUNT,
    LINE_TOO_LONG,
    NOT_A_NUMBER,
    TRUNCATED,
    UNKNOWN_RECORD,
    UNREADABLE_ROW,
    WRONG_ENCODING,
    FileRefused,
    RowRefused,
    Unfit,
    shown,
)
from shared.law.rules import Rule

LONGEST_LINE = 16_384
UNCOUNTED = frozenset({10, 29, 99})
"""The trailer's RECORD_COUNT leaves out header, metadata and trailer."""
ENCODINGS = {"utf-8", "cp1252"}


class CsvVolume:
    """One volume. Read `changes` to its end; then `header`, `next_volume`, `rows` and `read_over` are complete.

    `extract` says that somebody cut the file from a larger one, so its trailer counts rows that are not there.
    """

    def __init__(
        self, stream: io.BufferedReader, form: Format, number: int = 1, encoding: str = "utf-8", extract: bool = False
    ) -> None:
        if encoding not in ENCODINGS:
            raise ValueError(f"a gazetteer is in one of {sorted(ENCODINGS)}")
        self._stream = stream
        self._layouts = LAYOUTS[form]
        self._read_over = READ_OVER[form]
        self._encoding = encoding
        self._extract = extract
        self._line = 0
        self.format = form
        self.number = number
        """From the header; without one, as given."""
        self.header: Header | None = None
        self.next_volume: int | None = None
        """What the trailer says: 0 is the last volume. None before the trailer, and for a file without one."""
        self.rows = 0
        self.read_over: Counter[int] = Counter()

    @property
    def whole(self) -> bool:
        """Whether a property in this file is described in full: so in a full supply, not in changes."""
        return self.header is not None and self.header.file_type == "F"

    def changes(self) -> Iterator[Change | RowRefused]:
        """Every data row, good or refused. Raises FileRefused when the file as a whole cannot be trusted."""
        for cells in self._cells():
            if isinstance(cells, RowRefused):
                self.rows += 1
                yield cells
                continue
            kind = int(cells[0]) if cells[0].isascii() and cells[0].isdecimal() else None
            if kind is None or self.next_volume is not None:
                yield self._refused(kind, UNKNOWN_RECORD, "RECORD_IDENTIFIER", shown(cells[0]))
                continue
            self.rows += kind not in UNCOUNTED
            if kind == 10:
                self.header = _header(cells, self.number)
                self.number = self.header.volume
            elif kind == 99:
                self._read_trailer(cells)
            elif kind in self._read_over:
                self.read_over[kind] += 1
            else:
                yield self._change(kind, cells)
        if self.header is not None and self.next_volume is None:
            raise FileRefused(TRUNCATED, "It has a header and no trailer (record 99).", line=self._line)

    def _cells(self) -> Iterator[list[str] | RowRefused]:
        offset = 0
        while line := self._stream.readline(LONGEST_LINE + 1):
            self._line += 1
            if len(line) > LONGEST_LINE:
                raise FileRefused(LINE_TOO_LONG, f"It exceeds {LONGEST_LINE:,} bytes.", line=self._line)
            try:
                text = line.decode(self._encoding)
            except UnicodeDecodeError as wrong:
                expected = self._encoding.upper()
                raise FileRefused(
                    WRONG_ENCODING, f"{expected} was expected.", line=self._line, byte=offset + wrong.start
                ) from None
            offset += len(line)
            text = text.removeprefix("\ufeff") if self._line == 1 else text
            if not text.strip():
                continue
            try:
                # One reader per line: no record spans lines, and an open quote must not swallow the rest of the file.
                yield next(csv.reader((text,), strict=True))
            except csv.Error:
                yield self._refused(None, UNREADABLE_ROW)

    def _change(self, kind: int, cells: list[str]) -> Change | RowRefused:
        layout = self._layouts.get(kind)
        if layout is None:
            return self._refused(kind, UNKNOWN_RECORD, "RECORD_IDENTIFIER", shown(cells[0]))
        if len(cells) != len(layout.columns) + 3:
            return self._refused(kind, FIELD_COUNT, value=f"{len(cells)}, not {len(layout.columns) + 3}")
        if cells[1] not in ("I", "U", "D"):
            return self._refused(kind, CHANGE_TYPE, "CHANGE_TYPE", shown(cells[1]))
        if not (cells[2].isascii() and cells[2].isdecimal() and len(cells[2]) <= 16):
            return self._refused(kind, NOT_A_NUMBER, "PRO_ORDER", shown(cells[2]))
        try:
            return Change(self.number, self._line, cast(Operation, cells[1]), int(cells[2]), layout.record(cells))
        except Unfit as unfit:
            return self._refused(kind, unfit.rule, unfit.field, unfit.value)

    def _refused(self, kind: int | None, rule: Rule, field: str = "", value: str = "") -> RowRefused:
        return RowRefused(self._line, kind, rule, field, value, volume=self.number)

    def _read_trailer(self, cells: list[str]) -> None:
        following, count = [*cells[1:], "", ""][:2]
        self.next_volume = int(following) if following.isdecimal() else 0
        if count.isdecimal() and int(count) != self.rows and not self._extract:
            rule = TRUNCATED if int(count) > self.rows else COUNT_MISMATCH
            raise FileRefused(rule, f"The trailer counts {int(count):,} records, {self.rows:,} are here.", self._line)


def _header(cells: list[str], number: int) -> Header:
    # No sample of a DTF header is public: it is expected to be like AddressBase's, and nothing in it is insisted on.
    name, code, day, volume, _, _, version, file_type = [*cells[1:], *[""] * 8][:8]
    return Header(
        custodian_name=name.strip(),
        custodian_code=int(code) if code.isdecimal() else None,
        process_date=_date(day),
        volume=int(volume) if volume.isdecimal() else number,
        version=version.strip(),
        file_type=file_type.strip().upper(),
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

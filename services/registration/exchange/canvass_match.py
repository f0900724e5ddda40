"""The files of a canvass's data step: electors out, who matched in. UTF-8 CSV with a header line.

Out: one line an elector, `elector_id` to be given back. In: `elector_id` and `result` (`match` or `no-match`), in any order and
among any other columns; no reason is given, and none is read. [RPR 2001 r.32ZBA]
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from shared.law.rules import Refused, Rule

COLUMNS = (
    "elector_id", "first_name", "middle_name", "last_name", "date_of_birth", "uprn",
    "property", "street", "locality", "town", "area", "postcode",
)  # fmt: skip
RESULTS = {"match": True, "no-match": False}
_ADDRESS = ("property", "street", "locality", "town", "area", "postcode")

NOT_A_MATCH_RESULT = Rule(
    "not-a-match-result",
    "A match result is a CSV file with the columns elector_id and result.",
    "RPR 2001 r.32ZBA",
    "Send the file as it came, with its header line, in UTF-8.",
    invalid=True,
)


def cells(
    elector_id: UUID, name: dict[str, str], date_of_birth: str, uprn: int | None, address: dict[str, Any]
) -> list[str]:
    """One elector as sent; a date of birth only where it is known."""
    return [
        str(elector_id), name.get("first", ""), name.get("middle", ""), name.get("last", ""), date_of_birth,
        str(uprn or ""), *(str(address.get(part) or "") for part in _ADDRESS),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    elector_id: UUID
    matched: bool


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that says nothing we can use. `line` counts from 1, the header."""

    line: int
    column: str
    reason: str


def results(file: IO[bytes]) -> Iterator[Result | BadRow]:
    """The rows of a match result, one at a time. Raises `Refused`: `not-a-match-result`."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        rows = csv.DictReader(text)
        if not {"elector_id", "result"}.issubset(rows.fieldnames or ()):
            raise Refused(NOT_A_MATCH_RESULT, "Its first line does not name them.")
        yield from _read(rows)
    except (UnicodeDecodeError, csv.Error) as problem:
        raise Refused(NOT_A_MATCH_RESULT, f"It cannot be read: {type(problem).__name__}.") from None
    finally:
        text.detach()


def _read(rows: csv.DictReader[str]) -> Iterable[Result | BadRow]:
    for row in rows:
        matched = RESULTS.get((row["result"] or "").strip().lower())
        if matched is None:
            yield BadRow(rows.line_num, "result", "It must be match or no-match.")
            continue
        try:
            yield Result(UUID(row["elector_id"]), matched)
        except ValueError:
            yield BadRow(rows.line_num, "elector_id", "It is not an id that was sent.")

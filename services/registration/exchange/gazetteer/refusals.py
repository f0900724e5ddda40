"""Why a gazetteer file, or one row of it, is refused.

A file is refused with an exception (`FileRefused`) before anything of it takes effect. A row is refused with a value
(`RowRefused`), and the good rows go on. Neither quotes free text of the file: an organisation may be somebody's name.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.law.rules import Refused, Rule

SPECIFICATION = "OS AddressBase Premium technical specification; LLPG Data Transfer Format 7.3 (BS 7666)"


def _rule(name: str, because: str, then: str = "") -> Rule:
    return Rule(name, because, SPECIFICATION, then, invalid=True)


UPLOAD_TOO_LARGE = _rule(
    "upload-too-large", "The file is larger than this system takes in one piece.", "Supply volumes."
)
EXPANDS_TOO_FAR = _rule("expands-too-far", "The archive unpacks to far more than a gazetteer of its size can hold.")
DAMAGED_ARCHIVE = _rule("damaged-archive", "The archive cannot be unpacked.", "Download or copy it again.")
NOT_ONE_FILE = _rule("not-one-file", "A zip must hold exactly one gazetteer file.", "Unpack it and send one file.")
UNKNOWN_FORMAT = _rule(
    "unknown-format",
    "This is none of AddressBase Premium CSV (version 1 or 2), AddressBase Premium GML and LLPG DTF 7.3.",
    "Order AddressBase Premium, or export DTF 7.3 from the gazetteer.",
)
WRONG_ENCODING = _rule("wrong-encoding", "The text is not in the encoding it should be in.", "Save the file as UTF-8.")
LINE_TOO_LONG = _rule("line-too-long", "No record of a gazetteer is as long as this line.")
TRUNCATED = _rule("truncated-file", "The file ends before its end.", "Download or copy it again.")
COUNT_MISMATCH = _rule(
    "record-count-mismatch",
    "The trailer counts another number of records than the file holds.",
    "Supply the whole file, or declare it an extract.",
)
MISSING_VOLUME = _rule("missing-volume", "A volume of this supply is missing.", "Supply all its volumes together.")
VOLUME_TWICE = _rule(
    "volume-twice", "The same volume was supplied twice.", "Import separate supplies (tiles) one after another."
)
MIXED_FORMATS = _rule("mixed-formats", "The volumes of one supply must have one format.")
MALFORMED_XML = _rule("malformed-xml", "The file is not well-formed XML.")
DOCUMENT_TYPE = _rule("document-type-declared", "Gazetteer GML declares no document type; this file does.")

UNREADABLE_ROW = _rule("unreadable-row", "The row cannot be read as comma-separated values: a quote is not closed.")
UNKNOWN_RECORD = _rule("unknown-record-type", "The row's first cell is not a record type of this format.")
FIELD_COUNT = _rule("wrong-number-of-fields", "The row has more or fewer fields than its record type has.")
CHANGE_TYPE = _rule("unknown-change-type", "CHANGE_TYPE must be I, U or D.")
MISSING = _rule("missing-value", "The field must have a value.")
NOT_A_NUMBER = _rule("not-a-number", "The field must be a whole number.")
TOO_LONG = _rule("too-long", "The value is longer than the field.")
NOT_A_DATE = _rule("not-a-date", "The field must be a date written YYYY-MM-DD.")
NOT_A_COORDINATE = _rule("not-a-coordinate", "The field must be a number.")
OUTSIDE_BRITAIN = _rule("outside-great-britain", "The coordinate lies outside the grid of Great Britain.")
CONTROL_CHARACTER = _rule("control-character", "The text holds a character that cannot be printed.")
UNKNOWN_CRS = _rule("unknown-coordinate-system", "Coordinates must be in EPSG:27700 or EPSG:4258.")
DUPLICATE_UPRN = _rule("duplicate-uprn", "The file inserts this UPRN twice; the first row stands.")
DUPLICATE_RECORD = _rule("duplicate-record", "The file inserts this record twice; the first row stands.")
NOTHING_TO_DELETE = _rule("nothing-to-delete", "The row deletes a record that is not held.")
NO_PROPERTY = _rule("no-property", "The row describes a property whose own record (21) is not held.")


class FileRefused(Refused):
    """The whole file is refused; nothing of it was taken. `line` counts from 1, `byte` from 0."""

    def __init__(self, rule: Rule, detail: str = "", line: int | None = None, byte: int | None = None) -> None:
        place = ", ".join(f"{what} {n}" for what, n in (("line", line), ("byte", byte)) if n is not None)
        super().__init__(rule, f"{place}: {detail}" if place and detail else place or detail)
        self.line = line
        self.byte = byte

    def __str__(self) -> str:
        return f"{self.rule.name}: {self.rule.because} {self.detail}".rstrip()


@dataclass(frozen=True, slots=True)
class RowRefused:
    """One refused row. `value` is a code, number or date of the row; of free text only the length."""

    line: int
    record: int | None
    rule: Rule
    field: str = ""
    value: str = ""
    first_line: int | None = None
    """The line that stands, when the row repeats it."""
    volume: int = 1

    def __str__(self) -> str:
        where = f"line {self.line}" + (f" (record {self.record})" if self.record else "")
        what = f", {self.field} “{self.value}”" if self.field else ""
        earlier = f" First on line {self.first_line}." if self.first_line is not None else ""
        return f"{where}{what}: {self.rule.because}{earlier}"


class Unfit(Exception):
    """A cell that breaks a rule; its row becomes a `RowRefused`."""

    def __init__(self, rule: Rule, field: str = "", value: str = "") -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.field = field
        self.value = value


def shown(value: str) -> str:
    """What of a cell may be repeated: short codes, numbers and dates; otherwise its length only."""
    short = value.strip()
    if len(short) <= 16 and (not any(c.isalpha() for c in short) or len(short) <= 3):
        return "".join(c if c.isprintable() else "�" for c in short)
    return f"{len(value)} characters"

"""Jobs for a print house: a folder with a CSV of addresses, a PDF for each letter, and a manifest that counts and hashes both.

Everything in a job follows from its letters and their order, so that a job made again is the same to the byte. A job appears
in one step, by the renaming of its folder; whoever fetches it never sees half of one.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, cast, get_args

from services.notifications.templates.rendering import MOST_LINES
from shared.events.values_notifications import PageForm, PrintJobId, PrintOutcome, printed_as

COLUMNS: Final = (
    "job", "seq", "doc_type", "name", *(f"addr{number}" for number in range(1, MOST_LINES + 1)), "postcode", "barcode",
    "inserts", "colour", "class",
)  # fmt: skip
INSERTS, COLOUR, CLASS = "", "mono", "2"
POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
ADDRESSES, MANIFEST = "addresses.csv", "manifest.json"
PARTIAL: Final = ".partial"
"""What the print house must leave alone."""

REPORT_COLUMNS: Final = ("job", "seq", "outcome")
MOST_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """One letter: name and address as they stand in the window, and the page itself."""

    seq: int
    doc_type: str
    block: tuple[str, ...]
    content: bytes
    form: PageForm = "pdf"

    @property
    def file(self) -> str:
        return f"letters/{self.seq:06}.{self.form}"


def addresses(job: PrintJobId, pages: Sequence[Page]) -> bytes:
    """UTF-8, CRLF, one row a letter."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for page in pages:
        name, *lines = page.block
        postcode = lines.pop() if lines and POSTCODE.fullmatch(lines[-1].upper()) else ""
        padded = [*lines, *[""] * (MOST_LINES - len(lines))]
        code = printed_as(job, page.seq)
        writer.writerow([job, page.seq, page.doc_type, name, *padded, postcode, code, INSERTS, COLOUR, CLASS])
    return text.getvalue().encode()


def files(job: PrintJobId, pages: Sequence[Page]) -> dict[str, bytes]:
    """Every file of a job by its name; the manifest speaks of all others."""
    made = {ADDRESSES: addresses(job, pages), **{page.file: page.content for page in pages}}
    manifest = {
        "job": str(job),
        "count": len(pages),
        "files": [
            {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in made.items()
        ],
    }
    return {**made, MANIFEST: (json.dumps(manifest, indent=1) + "\n").encode()}


class Folder:
    """Where the print house fetches jobs. Raises `OSError` when it cannot be written."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def stage(self, name: str, content: Mapping[str, bytes]) -> None:
        """Write a job where nobody fetches it yet, down to the disk."""
        place = self._root / (name + PARTIAL)
        shutil.rmtree(place, ignore_errors=True)
        for file, data in content.items():
            path = place / file
            path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            with path.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())

    def staged(self, name: str) -> dict[str, bytes]:
        """The files of a job that was written and not yet published; none when there is none."""
        place = self._root / (name + PARTIAL)
        found = sorted(path for path in place.rglob("*") if path.is_file())
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in found}

    def publish(self, name: str) -> None:
        """Let the print house have it. Harmless when it has it already."""
        if not self.published(name):
            os.replace(self._root / (name + PARTIAL), self._root / name)

    def published(self, name: str) -> bool:
        return (self._root / name).is_dir()

    def discard(self, name: str) -> None:
        shutil.rmtree(self._root / (name + PARTIAL), ignore_errors=True)

    def unpublished(self) -> Iterator[str]:
        """The jobs that were begun: there are names and addresses in them."""
        return (path.name.removesuffix(PARTIAL) for path in self._root.glob(f"*{PARTIAL}"))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One thing wrong with a report. The value is not repeated: it may be anything."""

    line: int
    column: str
    reason: str


def read_report(job: PrintJobId, data: bytes) -> tuple[dict[int, PrintOutcome], list[Unreadable]]:
    """What the print house says of each letter of a job, and what of its file cannot be read. Further columns may be there."""
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if missing := [column for column in REPORT_COLUMNS if column not in (rows.fieldnames or ())]:
            return {}, [Unreadable(1, column, "this column is missing") for column in missing]
        return _read_rows(job, rows)
    except UnicodeDecodeError:
        return {}, [Unreadable(1, "", "the file is not UTF-8")]
    except csv.Error:
        return {}, [Unreadable(1, "", "the file is not CSV")]


def _read_rows(job: PrintJobId, rows: csv.DictReader[str]) -> tuple[dict[int, PrintOutcome], list[Unreadable]]:
    outcomes: dict[int, PrintOutcome] = {}
    wrong: list[Unreadable] = []
    for row in rows:
        line = rows.line_num
        if line > MOST_ROWS:
            return {}, [Unreadable(line, "", f"a report has at most {MOST_ROWS} rows")]
        named, seq, outcome = ((row[column] or "").strip() for column in REPORT_COLUMNS)
        if named != str(job):
            wrong.append(Unreadable(line, "job", "this row is about another job"))
        elif not re.fullmatch(r"[0-9]{1,6}", seq):
            wrong.append(Unreadable(line, "seq", "this is no number of a letter"))
        elif outcome not in get_args(PrintOutcome):
            wrong.append(Unreadable(line, "outcome", f"it must be one of {', '.join(get_args(PrintOutcome))}"))
        elif outcomes.setdefault(int(seq), cast(PrintOutcome, outcome)) != outcome:
            wrong.append(Unreadable(line, "outcome", "an earlier row says something else of this letter"))
    return outcomes, wrong

"""The register, a notice of alteration and the list of overseas electors on paper: tagged PDF (PDF/UA-1), by Typst.

All names and addresses reach the template as data and are never read as markup.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

import typst

from shared.service.printing import typeset

LARGE: Final = 200
"""Lines from which on it matters what a paper leaves behind in memory."""
REMEMBERED: Final = 10
TEMPLATE: Final = Path(__file__).parent / "templates" / "register.typ"


@dataclass(frozen=True, slots=True)
class Group:
    """A street, or another heading of the register, with the lines below it; each has as many cells as the paper has columns."""

    heading: str
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RegisterPaper:
    """`title` names the document, `facts` stand below it, `columns` head every table."""

    title: str
    facts: tuple[str, ...]
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    nothing: str
    """What is said when there are no lines."""


def pdf(paper: RegisterPaper) -> bytes:
    """As PDF/UA-1. Call it in a thread. Raises `Problem`."""
    made = typeset(TEMPLATE, "paper", asdict(paper))
    if sum(len(group.lines) for group in paper.groups) > LARGE:
        # Typst remembers how it set a paper until it has set ten others: the parts of a register would fill a gigabyte.
        for _ in range(REMEMBERED + 1):
            typst.compile(b".", ignore_system_fonts=True)
    return made


def long_date(day: date) -> str:
    """`1 December 2026`."""
    return f"{day:%-d %B %Y}"

"""A member's pay statement and an invoice as PDF: tagged (PDF/UA-1), by Typst, from the fonts it brings along.

All words reach the template as data and are never read as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from shared.service.printing import typeset

TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Amount:
    """A line of a paper: what it is for, and pounds as printed."""

    what: str
    pounds: str


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """One month of a statement; `sums` close it: gross, deductions, net."""

    title: str
    lines: tuple[Amount, ...]
    sums: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class StatementPaper:
    title: str
    name: str
    period: str
    months: tuple[PaidMonth, ...]
    owed: tuple[Amount, ...]
    total: str


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """`facts`: reference, days and the like, label and text."""

    title: str
    customer: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Amount, ...]
    total: str
    note: str


def pdf(paper: StatementPaper | InvoicePaper) -> bytes:
    """As PDF/UA-1. Call it in a thread. Raises `Problem`."""
    template = "statement.typ" if isinstance(paper, StatementPaper) else "invoice.typ"
    return typeset(TEMPLATES / template, "paper", asdict(paper))


def pounds(pence: int) -> str:
    """`£1,944.06`, or `-£427.40`."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"


def long_date(day: date) -> str:
    """`29 May 2026`."""
    return f"{day:%-d %B %Y}"


TITLES: Final = {"basic": "Basic allowance", "co-optee": "Co-optee’s allowance"}
REASONS: Final = {"ARR": "arrears", "REC": "recovered"}


def line_of(office: str, pence: int, first: date, last: date, reason: str) -> Amount:
    """A pay line in words: `Special responsibility allowance, leader, 19 May 2026 to 31 May 2026`."""
    role = office.partition(":")[0].replace("-", " ")
    title = TITLES.get(office, f"Special responsibility allowance, {role}")
    said = [title, f"{long_date(first)} to {long_date(last)}", *([REASONS[reason]] if reason in REASONS else [])]
    return Amount(", ".join(said), pounds(pence))


def sums_of(gross: int, deductions: int | None, net: int | None) -> tuple[Amount, ...]:
    """Gross, deductions and net; only the gross of somebody whose data was erased."""
    found: Sequence[tuple[str, Any]] = (("Gross", gross), ("Deductions", deductions), ("Net, paid", net))
    return tuple(Amount(what, pounds(pence)) for what, pence in found if pence is not None)

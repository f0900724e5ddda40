"""An entry as it stands in files: its cells, made once when it changes. Empty cells are None, as COPY wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared.events.values import FranchiseFacts, PersonName
from shared.law.marks import markings
from shared.law.recorded import facts_of
from shared.service.spreadsheet import inert

ADDRESS_CELLS = ("postcode", *(f"address{n}" for n in range(1, 7)))
_ONE_LINE = str.maketrans("\r\n", "  ")


def name_cells(name: PersonName | None) -> dict[str, str | None]:
    forenames = " ".join(part for part in (name.first, name.middle) if part) if name else ""
    return {"surname": cell(name.last if name else ""), "forenames": cell(forenames)}


def address_cells(lines: Sequence[str]) -> dict[str, str | None]:
    """The postcode and the first six lines; an address may have no postcode."""
    *before, last = lines or ("",)
    postcode = last if any(c.isdigit() for c in last) else ""
    shown = [postcode, *(before if postcode else lines)]
    return {name: cell(shown[n]) if n < len(shown) else None for n, name in enumerate(ADDRESS_CELLS)}


def mark_cells(facts: FranchiseFacts | None, since: date) -> list[dict[str, str | None]] | None:
    """What the law prints with the entry from each day on, newest first: letter, and the day on which an attainer comes of
    age. None when it prints nothing on any day. [RPR 2001 r.42]"""
    found: list[dict[str, str | None]] = [
        {
            "from": day.isoformat(),
            "letter": at.before_name,
            "attains": f"{at.attains_on:%d/%m/%Y}" if at.attains_on else None,
        }
        for day, at in reversed(markings(facts_of(facts), since) if facts else [])
    ]
    return found if any(at["letter"] or at["attains"] for at in found) else None


def cell(text: str) -> str | None:
    """On one line, and no formula."""
    return inert(text.translate(_ONE_LINE)) or None

"""The certificate of anonymous registration. [RPA 1983 s.9B(9)-(10); RPR 2001 r.45G]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from shared.events.values import ElectorNumber
from shared.service.printing import typeset

TEMPLATE = Path(__file__).parent / "templates" / "certificate.typ"


def certificate(name: str, number: ElectorNumber, effective_on: date, ends_on: date) -> bytes:
    """As PDF/UA-1. Call it in a thread. Raises `Problem`."""
    told = {
        "name": name,
        "number": f"{number} N",
        "from": f"{effective_on:%-d %B %Y}",
        "until": f"{ends_on:%-d %B %Y}",
    }
    return typeset(TEMPLATE, "certificate", told)

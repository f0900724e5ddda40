"""The same lists on a screen: at a supervised inspection, where notes are made by hand only. [RPR 2001 r.7, r.43, r.118]

Accessible HTML: one `h1`, a heading and a table for each street or change, row and column headers, words that wrap at 400 %. Nothing
on it is searched, marked or printed; that keeps honest people to the conditions, and the officer who supervises keeps the others.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.registration.papers.registers import RegisterPaper

TEMPLATES: Final = Path(__file__).parent / "templates"
STYLE: Final = (TEMPLATES / "register.css").read_text("utf-8")
CONDITIONS: Final = (
    "For inspection under supervision. You may make notes by hand. You may not photograph, print or copy it, nor search it "
    "for a name."
)
_HTML: Final = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""No script runs beside it, and no copy stays on the machine at the counter."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where another part of the same document is."""

    words: str
    address: str


def html(paper: RegisterPaper, links: Sequence[Link] = ()) -> str:
    """A list as a page. `links` lead to the parts of a document that is too long for one."""
    template = _HTML.get_template("register.html")
    return template.render(paper=paper, links=links, style=Markup(STYLE), conditions=CONDITIONS)

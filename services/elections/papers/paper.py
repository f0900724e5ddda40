"""A public paper: one content, as accessible HTML and as tagged PDF (PDF/UA-1), with the same words.

What officers wrote reaches both templates as data and is never read as markup.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.service.printing import typeset

TEMPLATES: Final = Path(__file__).parent / "templates"
_HTML: Final = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Span:
    """Some words. `moment`: the ISO 8601 date or instant that they mean, for machines."""

    text: str
    moment: str = ""
    strong: bool = False


Words = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` begin with the cell that heads them."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`heading` may be empty, for what follows the title."""

    heading: str = ""
    paragraphs: tuple[Words, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """`title` names the document, `heading` stands over it."""

    title: str
    heading: str
    sections: tuple[Section, ...]


def words(*parts: Span | str) -> Words:
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def html(paper: Paper) -> str:
    return _HTML.get_template("paper.html").render(paper=paper)


def pdf(paper: Paper) -> bytes:
    """As PDF/UA-1. Call it in a thread. Raises `Problem`."""
    return typeset(TEMPLATES / "paper.typ", "paper", asdict(paper))

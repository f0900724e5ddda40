"""What every picture is: a drawing, what it says in a sentence, and the figures that it was made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH = 720
"""Units across. The page scales a drawing to the width that there is."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`takeaway` says in a sentence what one sees; `columns` and `rows` are the table beside it, and the CSV."""

    name: str
    title: str
    takeaway: str
    svg: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def csv(self) -> str:
        """The table, as a spreadsheet reads it and does not calculate it."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerows([[as_cell(value) for value in row] for row in (self.columns, *self.rows)])
        return out.getvalue()


def as_cell(value: Any) -> Any:
    """A value for a spreadsheet: text that would be a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def drawing(name: str, title: str, height: float, parts: Iterable[str]) -> str:
    """The SVG around `parts`, named by its title to those who cannot see it. Colours are classes of the style sheet, so that
    forced colours and print replace them; nothing here has a style of its own, which our pages forbid."""
    return (
        f'<svg class="desk-picture" viewBox="0 0 {WIDTH} {height:g}" role="img" aria-labelledby="{name}-title" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title>{"".join(parts)}</svg>'
    )


def rect(x: float, y: float, width: float, height: float, kind: str, said: str = "") -> str:
    tip = f"<title>{escape(said)}</title>" if said else ""
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}">{tip}</rect>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def text(x: float, y: float, words: str, anchor: str = "start", kind: str = "desk-picture__text") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'

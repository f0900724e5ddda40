"""The figures as one SVG: a bar per comparison on a logarithmic scale of the ratio, its spread, and the target as a mark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10

from bench.measuring import Comparison

WIDTH, LEFT, ROW, TOP = 960, 400, 26, 56
LOWEST, HIGHEST = 0.01, 100.0
MET, MISSED, OPEN, MARK = "#00703c", "#d4351c", "#505a5f", "#0b0c0c"


def svg(found: Sequence[Comparison]) -> str:
    """A drawing of every comparison that has a ratio. Text is real text, and its title says what it shows."""
    shown = [one for one in found if one.ratio is not None]
    height = TOP + ROW * len(shown) + 30
    title = "Ours beside the references: ratios of the same round, median with spread; the black mark is the target"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13" role="img">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="15">{title}</text>',
    ]
    for power in range(round(log10(LOWEST)), round(log10(HIGHEST)) + 1):
        x = _x(10.0**power)
        parts.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 24}" stroke="#b1b4b6"/>')
        parts.append(f'<text x="{x}" y="{height - 8}" text-anchor="middle">{10.0**power:g} ×</text>')
    for row, one in enumerate(shown):
        parts += _bar(one, TOP + ROW * row)
    return "\n".join([*parts, "</svg>", ""])


def _bar(one: Comparison, y: int) -> list[str]:
    assert one.ratio is not None
    middle, colour = y + 9, {True: MET, False: MISSED, None: OPEN}[one.met]
    low, mid, high = (_x(v) for v in (one.ratio.minimum, one.ratio.median, one.ratio.maximum))
    target = None if one.target is None or one.at_most else _x(one.target)
    said = [
        f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end">{escape(f"{one.part}: {one.case}")}</text>',
        f'<rect x="{LEFT}" y="{y}" width="{max(mid - LEFT, 1):.1f}" height="18" fill="{colour}"/>',
        f'<line x1="{low}" y1="{middle}" x2="{high}" y2="{middle}" stroke="{MARK}"/>',
        f'<text x="{max(high, target or 0) + 6:.1f}" y="{y + 13}">{one.ratio.median:.2f} ×</text>',
    ]
    if target is not None:
        said.append(f'<line x1="{target}" y1="{y - 2}" x2="{target}" y2="{y + 20}" stroke="{MARK}" stroke-width="3"/>')
    return said


def _x(ratio: float) -> float:
    bounded = min(max(ratio, LOWEST), HIGHEST)
    share = (log10(bounded) - log10(LOWEST)) / (log10(HIGHEST) - log10(LOWEST))
    return round(LEFT + share * (WIDTH - LEFT - 60), 1)

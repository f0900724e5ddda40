"""What was spent beside what may be spent: a bar and a mark for each line of a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desk.pictures.picture import WIDTH, Picture, drawing, line, rect, text

LEFT, RIGHT, ROW, TOP = 220, 130, 34, 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a budget in pounds: the `budget` of the year, what was `spent` of it, and what would be by now."""

    name: str
    spent: Decimal
    budget: Decimal
    expected: Decimal


def budget(lines: Sequence[Line], year: str) -> Picture:
    title = f"Allowances of {year} against their budget"
    rows = [
        (each.name, f"{each.spent:.2f}", f"{each.expected:.2f}", f"{each.budget:.2f}", f"{_share(each):.0%}")
        for each in lines
    ]
    return Picture(
        "budget", title, _takeaway(lines), _svg(title, lines),
        ("Budget line", "Spent £", "Expected by now £", "Budget £", "Spent of budget"), rows,
    )  # fmt: skip


def _share(one: Line) -> Decimal:
    return one.spent / one.budget if one.budget else Decimal(0)


def _takeaway(lines: Sequence[Line]) -> str:
    if not lines:
        return "No budget has been set for this year."
    spent, whole = sum(each.spent for each in lines), sum(each.budget for each in lines)
    over = [each.name for each in lines if each.spent > each.budget]
    ahead = [each.name for each in lines if each.budget >= each.spent > each.expected]
    said = f"£{spent:,.2f} of £{whole:,.2f} is spent"
    if over:
        return f"{said}; over its budget: {', '.join(over)}."
    return f"{said}; ahead of the year: {', '.join(ahead)}." if ahead else f"{said}; no line is ahead of the year."


def _svg(title: str, lines: Sequence[Line]) -> str:
    most = max(Decimal(1), *(max(each.spent, each.budget) for each in lines)) if lines else Decimal(1)
    wide = WIDTH - LEFT - RIGHT

    def x(amount: Decimal) -> float:
        return LEFT + float(amount / most) * wide

    parts: list[str] = []
    for n, each in enumerate(lines):
        y = TOP + n * ROW
        late = " desk-picture__bar--late" if each.spent > each.budget else ""
        parts += [
            text(LEFT - 8, y + 18, each.name, "end"),
            rect(LEFT, y + 2, x(each.budget) - LEFT, 24, "desk-picture__ground"),
            rect(
                LEFT,
                y + 8,
                x(each.spent) - LEFT,
                12,
                f"desk-picture__bar{late}",
                f"{each.name}: £{each.spent:,.2f} spent",
            ),
            line(x(each.expected), y, x(each.expected), y + 28, "desk-picture__mark"),
            text(WIDTH - RIGHT + 8, y + 18, f"£{each.spent:,.0f} of £{each.budget:,.0f}"),
        ]
    return drawing("budget", title, TOP * 2 + ROW * max(1, len(lines)), parts)

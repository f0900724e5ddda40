"""Households that have replied to the canvass, day by day, beside last year's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.pictures.picture import WIDTH, Picture, drawing, line, text

LEFT, RIGHT, TOP, HEIGHT, FOOT = 52, 96, 16, 200, 40

Series = Sequence[tuple[date, int]]
"""Replies by the day, running total, days ascending."""


def curve(this_year: Series, asked: int, last_year: Series = (), *, year: int) -> Picture:
    """`asked`: the households that were contacted. Last year's days are laid upon this year's."""
    replied = this_year[-1][1] if this_year else 0
    shifted = [
        (day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1), n)
        for day, n in last_year
    ]
    title = f"Replies to the canvass of {year}"
    before = {day: count for day, count in shifted}
    rows = [(f"{day:%-d %B %Y}", count, before.get(day, "")) for day, count in this_year]
    return Picture(
        "replies", title, _takeaway(replied, asked, this_year, shifted), _svg(title, this_year, asked, shifted, year),
        ("Day", f"Replies {year}", f"Replies {year - 1}"), rows,
    )  # fmt: skip


def _takeaway(replied: int, asked: int, this_year: Series, last_year: Series) -> str:
    if not asked:
        return "No household has been contacted yet."
    said = f"{replied:,} of {asked:,} households have replied ({replied / asked:.0%})"
    then = [count for day, count in last_year if this_year and day <= this_year[-1][0]]
    if not then:
        return f"{said}."
    return f"{said}; at this point last year it was {then[-1]:,}."


def _svg(title: str, this_year: Series, asked: int, last_year: Series, year: int) -> str:
    days = [day for day, _ in (*this_year, *last_year)]
    if not days or not asked:
        return drawing("replies", title, 40, [text(LEFT, 24, "Nothing has come in yet.")])
    first, span = min(days), max(1, (max(days) - min(days)).days)
    most = max(asked, 1, *(count for _, count in (*this_year, *last_year)))
    floor = TOP + HEIGHT

    def at(day: date, count: int) -> tuple[float, float]:
        return LEFT + (day - first).days / span * (WIDTH - LEFT - RIGHT), floor - count / most * HEIGHT

    parts = [line(LEFT, floor, WIDTH - RIGHT, floor, "desk-picture__axis")]
    for count in sorted({0, most // 2, most}):
        parts.append(text(LEFT - 6, floor - count / most * HEIGHT + 4, f"{count:,}", "end"))
    parts.append(text(LEFT, floor + 18, f"{first:%-d %b}"))
    if max(days) > first:
        parts.append(text(WIDTH - RIGHT, floor + 18, f"{max(days):%-d %b}", "end"))
    for series, name, kind in (
        (last_year, str(year - 1), "desk-picture__line desk-picture__line--before"),
        (this_year, str(year), "desk-picture__line"),
    ):
        if series:
            points = " ".join("{:.1f},{:.1f}".format(*at(day, count)) for day, count in series)
            x, y = at(*series[-1])
            parts += [f'<polyline class="{kind}" points="{points}"/>', text(min(x + 6, WIDTH - RIGHT + 6), y + 4, name)]
    return drawing("replies", title, TOP + HEIGHT + FOOT, parts)

"""What happened to an elector, on a line of time: when each thing held, over each other where they fall close together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.pictures.picture import WIDTH, Picture, drawing, line, text

LEFT, RIGHT, TOP, ROW, APART = 20, 20, 14, 20, 150
"""`APART`: units that the words of one happening want for themselves."""


def timeline(happenings: Sequence[tuple[date, str]], today: date) -> Picture:
    """`happenings`: the day and what happened, in any order."""
    ordered = sorted(happenings)
    title = "What happened, and when"
    rows = [(f"{day:%-d %B %Y}", what) for day, what in ordered]
    return Picture("timeline", title, _takeaway(ordered), _svg(title, ordered, today), ("Day", "What happened"), rows)


def _takeaway(ordered: Sequence[tuple[date, str]]) -> str:
    if not ordered:
        return "Nothing has happened yet."
    (first, began), (last, latest) = ordered[0], ordered[-1]
    if len(ordered) == 1:
        return f"One thing so far: {began}, {first:%-d %B %Y}."
    return f"{len(ordered)} things since {first:%-d %B %Y} ({began}); the latest: {latest}, {last:%-d %B %Y}."


def _svg(title: str, ordered: Sequence[tuple[date, str]], today: date) -> str:
    if not ordered:
        return drawing("timeline", title, 40, [text(LEFT, 24, "Nothing yet.")])
    first, last = min(today, ordered[0][0]), max(today, ordered[-1][0])
    span = max(1, (last - first).days)
    ends: list[float] = []  # of each row of words, where the last word on it ends
    placed: list[tuple[float, int, str, str]] = []
    for day, what in ordered:
        x = LEFT + (day - first).days / span * (WIDTH - LEFT - RIGHT)
        anchor = "start" if x < WIDTH - APART else "end"
        begins, until = (x, x + APART) if anchor == "start" else (x - APART, x)
        row = next((n for n, end in enumerate(ends) if end <= begins), len(ends))
        ends[row : row + 1] = [until]
        placed.append((x, row, anchor, what))
    floor = TOP + ROW * len(ends) + 10
    parts = [line(LEFT, floor, WIDTH - RIGHT, floor, "desk-picture__axis")]
    for x, row, anchor, what in placed:
        y = TOP + ROW * row
        parts += [
            line(x, y + 4, x, floor, "desk-picture__stem"),
            f'<circle class="desk-picture__dot" cx="{x:.1f}" cy="{floor:.1f}" r="4"/>',
            text(x + (4 if anchor == "start" else -4), y, what if len(what) <= 26 else f"{what[:25]}…", anchor),
        ]
    parts += [text(LEFT, floor + 20, f"{first:%-d %b %Y}"), text(WIDTH - RIGHT, floor + 20, f"{last:%-d %b %Y}", "end")]
    return drawing("timeline", title, floor + 32, parts)

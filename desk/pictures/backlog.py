"""Open applications by the next day that the law sets for them: what is past it, what reaches it, what may wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from desk.pictures.picture import WIDTH, Picture, drawing, line, rect, text

LEFT, TOP, HEIGHT, FOOT = 44, 16, 200, 44
DAYS_SHOWN = 28


def backlog(due: Iterable[date], today: date) -> Picture:
    """`due`: the statutory deadline of each open application. Later ones than four weeks stand in the last column."""
    by_day = Counter(due)
    late = sum(count for day, count in by_day.items() if day < today)
    total = by_day.total()
    last = today + timedelta(days=DAYS_SHOWN - 1)
    columns = [("Past", late)]
    columns += [(f"{today + timedelta(days=n):%-d %b}", by_day[today + timedelta(days=n)]) for n in range(DAYS_SHOWN)]
    columns.append(("Later", sum(count for day, count in by_day.items() if day > last)))
    title = "Open applications by the next day that the law sets for them"
    soon = sum(count for day, count in by_day.items() if today <= day < today + timedelta(days=5))
    return Picture(
        "backlog", title, _takeaway(total, late, soon), _svg(title, columns), ("Next day", "Applications"), columns
    )


def _takeaway(total: int, late: int, soon: int) -> str:
    if not total:
        return "No application is open."
    overdue = {0: "none is past it", 1: "1 is past it"}.get(late, f"{late:,} are past it")
    return f"{total:,} open: {overdue}, and {soon:,} reach it in the next five days."


def _svg(title: str, columns: list[tuple[str, int]]) -> str:
    most = max(1, *(count for _, count in columns))
    step = (WIDTH - LEFT - 8) / len(columns)
    floor = TOP + HEIGHT
    parts = [
        line(LEFT, floor, WIDTH - 8, floor, "desk-picture__axis"),
        text(LEFT - 6, TOP + 5, f"{most:,}", "end"),
        text(LEFT - 6, floor + 4, "0", "end"),
    ]
    for n, (day, count) in enumerate(columns):
        x, high = LEFT + n * step, HEIGHT * count / most
        kind = "desk-picture__bar desk-picture__bar--late" if n == 0 else "desk-picture__bar"
        if count:
            parts.append(rect(x + 1, floor - high, step - 2, high, kind, f"{day}: {count:,}"))
        if n in {0, len(columns) - 1} or (n > 1 and n % 7 == 1):
            parts.append(
                text(x + step / 2, floor + 18, day, "start" if n == 0 else "end" if n == len(columns) - 1 else "middle")
            )
    return drawing("backlog", title, TOP + HEIGHT + FOOT, parts)

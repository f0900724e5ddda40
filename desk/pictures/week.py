"""The rooms of a council in one week: a row a room, a column a day, a bar a meeting with the time around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desk.pictures.picture import WIDTH, Picture, drawing, line, rect, text

LEFT, RIGHT, ROW, TOP, FOOT = 170, 6, 26, 26, 22
OPENS, CLOSES = 7, 23
"""Hours of a day that are drawn; what is outside them stands at the edge."""
DAYS = 7
LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Booking:
    """A meeting in a room, by the clock on the wall: from `setup_from` the room is taken, until `clear_to`."""

    room: str
    what: str
    starts: datetime
    ends: datetime
    setup_from: datetime
    clear_to: datetime


def week(monday: date, rooms: Sequence[str], bookings: Sequence[Booking]) -> Picture:
    """`rooms` in the order in which they shall stand, booked or not."""
    title = f"Rooms in the week from {monday:%-d %B %Y}"
    rows = [
        (
            each.room, f"{each.starts:%A %-d %B}", f"{each.starts:%H:%M}", f"{each.ends:%H:%M}", each.what,
            f"{each.setup_from:%H:%M}", f"{each.clear_to:%H:%M}",
        )
        for each in bookings
    ]  # fmt: skip
    return Picture(
        "rooms", title, _takeaway(rooms, bookings), _svg(title, monday, rooms, bookings),
        ("Room", "Day", "From", "Until", "Body", "Set up from", "Cleared by"), rows,
    )  # fmt: skip


def _takeaway(rooms: Sequence[str], bookings: Sequence[Booking]) -> str:
    if not rooms:
        return "The council has described no room."
    if not bookings:
        return "No room is booked in this week."
    used = Counter(each.room for each in bookings)
    busiest, times = max(used.items(), key=lambda entry: entry[1])
    if len(used) == 1:
        return f"1 of {_many(len(rooms), 'room')} is booked: {busiest}, {_many(times, 'time')}."
    return (
        f"{len(used)} of {_many(len(rooms), 'room')} are booked, {_many(len(bookings), 'time')} in all; "
        f"{busiest} most often, {_many(times, 'time')}."
    )


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _svg(title: str, monday: date, rooms: Sequence[str], bookings: Sequence[Booking]) -> str:
    wide = (WIDTH - LEFT - RIGHT) / DAYS
    floor = TOP + ROW * max(len(rooms), 1)
    parts: list[str] = []
    for n in range(DAYS):
        day = monday + timedelta(days=n)
        parts += [
            line(LEFT + n * wide, TOP - 8, LEFT + n * wide, floor, "desk-picture__axis"),
            text(LEFT + (n + 0.5) * wide, 14, f"{day:%a %-d}", "middle"),
        ]
    for n, room in enumerate(rooms):
        y = TOP + n * ROW
        name = room if len(room) <= LONGEST_NAME else f"{room[: LONGEST_NAME - 1]}…"
        parts += [
            text(LEFT - 8, y + 17, name, "end"),
            line(LEFT, y + ROW, WIDTH - RIGHT, y + ROW, "desk-picture__axis"),
            *_bars(monday, wide, y, (each for each in bookings if each.room == room)),
        ]
    parts.append(
        text(LEFT, floor + 16, f"Each day from {OPENS}:00 to {CLOSES}:00; the pale ends are setting up and clearing")
    )
    return drawing("rooms", title, floor + FOOT, parts)


def _bars(monday: date, wide: float, y: float, bookings: Iterable[Booking]) -> Iterable[str]:
    for each in bookings:
        said = f"{each.room}: {each.what}, {each.starts:%A %H:%M} to {each.ends:%H:%M}"
        taken, sits = ((_at(a, monday, wide), _at(b, monday, wide)) for a, b in (
            (each.setup_from, each.clear_to), (each.starts, each.ends)
        ))  # fmt: skip
        yield rect(taken[0], y + 4, taken[1] - taken[0], ROW - 8, "desk-picture__ground")
        yield rect(sits[0], y + 4, max(sits[1] - sits[0], 2), ROW - 8, "desk-picture__bar", said)


def _at(instant: datetime, monday: date, wide: float) -> float:
    """How far across an instant is, within its day's column and within the week."""
    day = (instant.date() - monday).days
    if day < 0:
        return LEFT
    if day >= DAYS:
        return WIDTH - RIGHT
    clock = instant.time()
    since = (datetime.combine(date.min, clock) - datetime.combine(date.min, time(OPENS))) / timedelta(
        hours=CLOSES - OPENS
    )
    return LEFT + (day + min(max(since, 0), 1)) * wide

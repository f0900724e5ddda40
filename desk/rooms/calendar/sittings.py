"""When a meeting sits: times as they are typed, the days of a month, and a form's meeting as the service takes it."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from desk.forms import Form
from shared.eventcore.clock import LONDON

LAYOUTS = {"boardroom": "Boardroom", "theatre": "Theatre", "chamber": "Chamber", "hybrid": "Hybrid"}
NOT_A_TIME = "Enter a time, such as 7pm or 19:30"
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def typed_time(text: str) -> time | None:
    """The time that was typed: 7pm, 7.30pm, 19:30 or 1930. Nothing where there is no such time."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif found[2] is None:
        return None  # a bare number may be either half of the day
    return time(hour, minute) if hour < 24 and minute < 60 else None


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address asks for (`2026-09`), or of this month."""
    found = _MONTH.fullmatch(text)
    if found is None or not (1974 < int(found[1]) < 2100 and 1 <= int(found[2]) <= 12):
        return today.replace(day=1)
    return date(int(found[1]), int(found[2]), 1)


def weeks_of(month: date) -> list[list[date]]:
    """The weeks that a month touches, each from Monday to Sunday."""
    return calendar.Calendar().monthdatescalendar(month.year, month.month)


def beside(month: date) -> tuple[str, str]:
    """The months before and after, as an address asks for them."""
    return f"{month - timedelta(days=1):%Y-%m}", f"{month + timedelta(days=31):%Y-%m}"


def sitting(form: Form) -> dict[str, Any]:
    """Day and times of a form; what is wrong with them is noted in it."""
    return {
        "day": str(form.day("day", "Enter the day of the meeting") or ""),
        "starts": _time(form, "starts", "Enter when it starts"),
        "ends": _time(form, "ends", "Enter when it ends"),
    }


def room(form: Form) -> dict[str, Any] | None:
    """The room that a form asks for, if it asks for one."""
    wanted = form.typed("room")
    if not wanted:
        return None
    layout = form.choice("layout", LAYOUTS, "Choose how the room is laid out")
    needed = form.number("needed", "Enter how many seats are needed, the public's included")
    return {"room_id": wanted, "layout": layout, "needed": needed}


def instants(when: dict[str, Any]) -> tuple[str, str]:
    """From when until when a sitting lasts; one that ends before it starts ends on the next day."""
    first = date.fromisoformat(when["day"])
    starts, ends = time.fromisoformat(when["starts"]), time.fromisoformat(when["ends"])
    last = first if ends > starts else first + timedelta(days=1)
    return tuple(datetime.combine(day, at, LONDON).isoformat() for day, at in ((first, starts), (last, ends)))  # type: ignore[return-value]


def _time(form: Form, name: str, missing: str) -> str:
    typed = form.typed(name)
    found = typed_time(typed)
    if found is None:
        form.errors[name] = NOT_A_TIME if typed else missing
    return f"{found:%H:%M}" if found else ""

"""Hearings as iCalendar (RFC 5545), for the officers' own calendars. It names cases by number, and nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
LONDON: Final = ZoneInfo("Europe/London")
PRODUCT: Final = "-//Moothall//Registration//EN"


def calendar(hearings: Iterable[Mapping[str, Any]]) -> bytes:
    """A calendar of rows of the view `hearings`. Times are UTC, so that it needs no rules of summer time; one that was
    cancelled stays, so that calendars strike it out."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "Registration hearings")
    for row in hearings:
        made.add_component(event(row))
    written: bytes = made.to_ical()
    return written


def event(row: Mapping[str, Any]) -> Event:
    start = datetime.combine(row["day"], row["starts"], LONDON).astimezone(ZoneInfo("UTC"))
    made = Event()
    made.add("uid", f"{row['hearing_id']}@moothall")
    made.add("dtstamp", row["changed_at"])
    made.add("sequence", 1 if row["cancelled"] else 0)
    made.add("dtstart", start)
    made.add("dtend", start + timedelta(minutes=row["minutes"]))
    made.add("summary", f"Hearing: {row['about']} {str(row['case_id'])[:8]}")
    made.add("location", row["room"])
    made.add("status", "CANCELLED" if row["cancelled"] else "CONFIRMED")
    return made

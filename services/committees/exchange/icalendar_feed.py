"""Meetings as iCalendar (RFC 5545), for the calendars of members and the public.

A meeting keeps its UID for ever; SEQUENCE rises with each move or cancellation, and a cancelled meeting stays in the feed
with STATUS:CANCELLED, so that calendars strike it out. Times are local with the rules of British summer time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from shared.events.values_committees import Sitting

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Moothall//Committees//EN"
LONDON = "Europe/London"


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting in a calendar. `changed_at` is UTC; `address` is a page about it, or empty."""

    meeting_id: UUID
    title: str
    sitting: Sitting
    place: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False
    reason: str = ""
    address: str = ""


def feed(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar called `name`: lines end with CRLF and are folded at 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what most calendars show; NAME (RFC 7986) is newer
    calendar.add_component(british_time())
    for entry in entries:
        calendar.add_component(event(entry))
    written: bytes = calendar.to_ical()
    return written


def event(entry: Entry) -> Event:
    made = Event()
    made.add("uid", f"{entry.meeting_id}@moothall")
    made.add("sequence", entry.sequence)
    made.add("dtstamp", entry.changed_at)
    made.add("last-modified", entry.changed_at)
    made.add("dtstart", entry.sitting.starts_at)
    made.add("dtend", entry.sitting.ends_at)
    made.add("summary", f"Cancelled: {entry.title}" if entry.cancelled else entry.title)
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    for field, value in (("location", entry.place), ("description", entry.reason), ("url", entry.address)):
        if value:
            made.add(field, value)
    return made


def british_time() -> Timezone:
    """The zone as the law puts it: one hour ahead from the last Sunday of March to the last of October, at 1 am GMT.
    [Summer Time Act 1972 s.1; SI 2002/262]"""
    zone = Timezone()
    zone.add("tzid", LONDON)
    for made, name, month, start, before, after in (
        (TimezoneDaylight(), "BST", 3, datetime(1981, 3, 29, 1), 0, 1),  # noqa: DTZ001 - onsets are told by the local clock
        (TimezoneStandard(), "GMT", 10, datetime(1996, 10, 27, 2), 1, 0),  # noqa: DTZ001
    ):
        made.add("dtstart", start)
        made.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        made.add("tzoffsetfrom", timedelta(hours=before))
        made.add("tzoffsetto", timedelta(hours=after))
        made.add("tzname", name)
        zone.add_component(made)
    return zone

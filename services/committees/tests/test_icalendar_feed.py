"""Feeds as a calendar program reads them: parsed by the library, and by hand where the bytes matter."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from icalendar import Calendar

from services.committees.exchange.icalendar_feed import Entry, british_time, feed
from shared.events.values_committees import Sitting

BEFORE = Sitting(date(2026, 10, 21), time(19), time(21))
AFTER = Sitting(date(2026, 10, 28), time(19), time(21))
ENTRY = Entry(
    UUID(int=7), "Planning Committee", BEFORE, "Council Chamber, Town Hall", 0, datetime(2026, 8, 10, 9, tzinfo=UTC)
)


def read(*entries):
    return Calendar.from_ical(feed("Planning Committee", entries)).walk("VEVENT")


def test_seven_in_the_evening_stays_seven_when_the_clocks_go_back():
    starts = [event["DTSTART"].dt.astimezone(UTC).time() for event in read(ENTRY, replace(ENTRY, sitting=AFTER))]
    assert starts == [time(18), time(19)]
    assert b"DTSTART;TZID=Europe/London:20261021T190000" in feed("", [ENTRY])


def test_the_zone_says_when_the_clocks_change_in_every_year():
    zone = british_time().to_tz()
    changes = []
    for year in (2025, 2026, 2031, 2037):
        hours = (datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(24 * 365))
        offsets = [(hour, hour.astimezone(zone).utcoffset()) for hour in hours]
        pairs = pairwise(offsets)
        changes += [(f"{b[0]:%Y-%m-%d %H}", b[1].seconds // 3600) for a, b in pairs if a[1] != b[1]]
    assert changes == [
        ("2025-03-30 01", 1), ("2025-10-26 01", 0), ("2026-03-29 01", 1), ("2026-10-25 01", 0),
        ("2031-03-30 01", 1), ("2031-10-26 01", 0), ("2037-03-29 01", 1), ("2037-10-25 01", 0),
    ]  # fmt: skip


def test_a_meeting_moved_keeps_its_uid_and_counts_its_changes():
    (before,), (after,) = read(ENTRY), read(replace(ENTRY, sitting=AFTER, sequence=1))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_a_cancelled_meeting_stays_in_the_feed_and_says_so():
    (gone,) = read(replace(ENTRY, cancelled=True, sequence=1, reason="No business"))
    assert (gone["STATUS"], gone["SUMMARY"], gone["DESCRIPTION"]) == (
        "CANCELLED", "Cancelled: Planning Committee", "No business",
    )  # fmt: skip
    assert read(ENTRY)[0]["STATUS"] == "CONFIRMED"


def test_lines_are_folded_and_text_is_escaped_as_the_format_wants():
    written = feed("", [replace(ENTRY, title="Adults, Children; Health \\ " * 6 + "é" * 40)])
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert b"Adults\\, Children\\; Health \\\\ " in written.replace(b"\r\n ", b"")
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert event["SUMMARY"].startswith("Adults, Children; Health \\ Adults")


def test_a_meeting_past_midnight_ends_on_the_next_day():
    (event,) = read(replace(ENTRY, sitting=Sitting(date(2026, 10, 21), time(19), time(0, 30))))
    assert event["DTEND"].dt.date() == date(2026, 10, 22)

"""The bank holidays proclaimed for one council's polls, and the timetables that they may move.

Timetables are entered in the same stream as holidays, so that neither can miss the other: whichever comes second finds
the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.elections import BankHolidayProclaimed, ElectionId, ProclaimedHoliday, TimetableEntered
from shared.law.working_days import HolidaysUnknown, Nation, calendar

PAST_HOLIDAY = Rule(
    "holiday-has-passed",
    "A holiday is proclaimed before its day.",
    "Banking and Financial Dealings Act 1971 s.1(3)",
    "Check the day.",
    invalid=True,
)
UNKNOWN_NATION = Rule(
    "unknown-nation",
    "A holiday is proclaimed for England and Wales, Scotland or Northern Ireland.",
    "Banking and Financial Dealings Act 1971 s.1, Sch 1",
    "Name at least one of them.",
    invalid=True,
)


@dataclass(frozen=True, slots=True)
class ProclaimBankHoliday:
    holiday: ProclaimedHoliday
    on: date


@dataclass(frozen=True, slots=True)
class EnterTimetable:
    """A timetable was fixed, from its first step to polling day."""

    election_id: ElectionId
    first: date
    last: date


Command = ProclaimBankHoliday | EnterTimetable
Event = BankHolidayProclaimed | TimetableEntered


@dataclass(frozen=True, slots=True)
class Holidays:
    proclaimed: tuple[ProclaimedHoliday, ...] = ()
    timetables: tuple[TimetableEntered, ...] = ()


def decide(command: Command, known: Holidays) -> Sequence[Event]:
    match command:
        case ProclaimBankHoliday(holiday, on):
            if not holiday.nations or not set(holiday.nations) <= {nation.value for nation in Nation}:
                raise Refused(UNKNOWN_NATION)
            if holiday.day < on:
                raise Refused(PAST_HOLIDAY)
            if holiday in known.proclaimed or all(rests(Nation(n), holiday.day) for n in holiday.nations):
                return []
            spanned = tuple(t.election_id for t in known.timetables if t.first <= holiday.day <= t.last)
            return [BankHolidayProclaimed(holiday, on, spanned)]
        case EnterTimetable(election, first, last):
            if any(entered.election_id == election for entered in known.timetables):
                return []
            spanned_by = tuple(h for h in known.proclaimed if first <= h.day <= last)
            return [TimetableEntered(election, first, last, spanned_by)]
        case _:
            assert_never(command)


def rests(nation: Nation, day: date) -> bool:
    """Whether that day is off there anyway, as far as is known."""
    try:
        return not calendar(nation).is_working_day(day)
    except HolidaysUnknown:
        return False


def evolve(known: Holidays, event: Event) -> Holidays:
    match event:
        case BankHolidayProclaimed(holiday=holiday):
            return replace(known, proclaimed=(*known.proclaimed, holiday))
        case TimetableEntered():
            return replace(known, timetables=(*known.timetables, event))
        case _:
            assert_never(event)


bank_holidays: Decider[Command, Holidays, Event] = Decider("calendar", Holidays(), decide, evolve)

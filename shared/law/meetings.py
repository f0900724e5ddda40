"""Calling a meeting: clear days, the day by which an agenda is out, and how long a member may stay away.

A clear day is neither the day of publication nor the day of the meeting. Statute does not say which days count at a
principal council; most constitutions count working days, parishes often those of section 243. So the way of counting
is a council's own choice, with its closure days and the time of day after which a publication counts as the next day's.
[LGA 1972 s.100A-100B, Sch 12 para 4, s.243, s.85; SI 2012/2089 reg 5, 9-11]
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from shared.law.dated import Dated, Provision
from shared.law.holidays import bank_holidays
from shared.law.reckoning import LONDON, MIDNIGHT, Reckoning
from shared.law.working_days import ONE_DAY, WEEKEND, DayOff, HolidaysUnknown, Nation

SINCE: Final = date(2012, 9, 10)
"""First day these tables answer for: SI 2012/2089 came into force."""

COUNCIL_NOTICE: Final = Dated("clear days of a meeting", Provision(5, SINCE, "LGA 1972 s.100A(6), Sch 12 para 4(2)"))
PARISH_NOTICE: Final = Dated("clear days of a parish meeting", Provision(3, SINCE, "LGA 1972 Sch 12 para 10(2)"))
KEY_DECISION_NOTICE: Final = Dated("clear days of a key decision", Provision(28, SINCE, "SI 2012/2089 reg 9"))
ABSENCE_MONTHS: Final = Dated("months without attendance", Provision(6, date(1974, 4, 1), "LGA 1972 s.85(1)"))

Counting = Literal["working", "calendar", "s243"]
"""Which days count: working days; every day; every day but Sundays, bank holidays and the Christmas and Easter breaks."""


@dataclass(frozen=True, slots=True)
class ClearDays:
    """How many clear days, and how this council counts them.

    `closed`: days on which the offices are shut. `cutoff`: London time after which a publication counts as made on the
    next day that counts."""

    days: int
    counting: Counting = "working"
    closed: tuple[date, ...] = ()
    cutoff: time = MIDNIGHT

    def not_counted(self, day: date) -> str:
        """Why `day` does not count; empty when it does. Raises `HolidaysUnknown`."""
        if self.counting == "calendar":
            return ""
        if day in self.closed:
            return "offices closed"
        if self.counting == "s243":
            return "Sunday" if day.weekday() == 6 else _break(day) or _holiday(day)
        return WEEKEND.get(day.weekday(), "") or _holiday(day)

    def counts(self, day: date) -> bool:
        return not self.not_counted(day)

    def publish_by(self, meeting: date, source: str = "LGA 1972 s.100A-100B, Sch 12 para 4") -> Reckoning:
        """The last day on which publication leaves all the clear days before `meeting`."""
        day = self._step(meeting, self.days + 1, -ONE_DAY)
        return Reckoning(
            "Agenda and summons out by", day, f"{self._said()} before the meeting on {meeting:%A %-d %B %Y}",
            source, self._skipped(day, meeting),
        )  # fmt: skip

    def earliest_meeting(self, published: date) -> date:
        """The first day that counts on which a meeting may be held when its agenda is published on `published`."""
        return self._step(published, self.days + 1, ONE_DAY)

    def between(self, published: date, meeting: date) -> int:
        """How many clear days lie between two days."""
        gap = (meeting - published).days
        return sum(self.counts(published + timedelta(days=n)) for n in range(1, gap))

    def day_of_publication(self, at: datetime) -> date:
        """The day as whose publication one made at `at` (aware) counts: after the cut-off, the next day that counts."""
        local = at.astimezone(LONDON)
        day = local.date()
        if local.time() > self.cutoff or not self.counts(day):
            return self._step(day, 1, ONE_DAY)
        return day

    def _step(self, day: date, n: int, step: timedelta) -> date:
        while n > 0:
            day += step
            if self.counts(day):
                n -= 1
        return day

    def _skipped(self, first: date, last: date) -> tuple[DayOff, ...]:
        days = (first + timedelta(days=n) for n in range(1, (last - first).days))
        return tuple((day, why) for day in days if (why := self.not_counted(day)))

    def _said(self) -> str:
        kind = {"working": "clear working", "calendar": "clear", "s243": "clear (section 243)"}[self.counting]
        return f"{self.days} {kind} day{'' if self.days == 1 else 's'}"


Stage = Literal["4-months", "5-months", "5.5-months"]
"""When to warn that an absence is costing the office."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The clock of section 85 after a last attendance: the days to warn on, and the last day of office if nothing is done."""

    last_attended: date
    alerts: tuple[tuple[Stage, date], ...]
    lapses_after: date


def absence(last_attended: date) -> Absence:
    """Six consecutive months from the last attendance; warnings at four, five and five and a half. [LGA 1972 s.85(1)]"""
    months = ABSENCE_MONTHS.on(last_attended)
    four, five = months_after(last_attended, months - 2), months_after(last_attended, months - 1)
    alerts: tuple[tuple[Stage, date], ...] = (
        ("4-months", four),
        ("5-months", five),
        ("5.5-months", five + timedelta(days=15)),
    )
    return Absence(last_attended, alerts, months_after(last_attended, months))


def months_after(day: date, months: int) -> date:
    """The corresponding date some months later; the month's last day where it has no such date. [Dodds v Walker, 1981]"""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def easter(year: int) -> date:
    """Easter Day of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + n - 7 * ((a + 11 * h + 22 * n) // 451) + 114, 31)
    return date(year, month, day + 1)


def _holiday(day: date) -> str:
    holidays = bank_holidays(Nation.ENGLAND_AND_WALES.value)
    if all(day.year != known.year for known in holidays):
        raise HolidaysUnknown(day.year, (Nation.ENGLAND_AND_WALES,))
    return holidays.get(day, "")


def _break(day: date) -> str:
    """The Easter break is Thursday to Tuesday; the Christmas break the last weekday before to the first one after that is
    no bank holiday. [LGA 1972 s.243(4)]"""
    sunday = easter(day.year)
    if sunday - timedelta(days=3) <= day <= sunday + timedelta(days=2):
        return "Easter break"
    first = last = date(day.year, 12, 25)
    while first.day == 25 or first.weekday() == 6:
        first -= ONE_DAY
    while last.day == 25 or last.weekday() == 6 or _holiday(last):
        last += ONE_DAY
    return "Christmas break" if first <= day <= last else ""

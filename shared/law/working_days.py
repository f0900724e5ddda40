"""Working days: the days that count when the law says "the twelfth day before the poll".

Not counted: Saturday, Sunday, Christmas Eve, Christmas Day, Good Friday, bank holidays under the Banking and Financial
Dealings Act 1971 (proclaimed ones included) and days of public thanksgiving or mourning.
Maundy Thursday counts. [RPA 1983 s.119; RPR 2001 r.8, r.56(6)]
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias

from shared.law.holidays import bank_holidays

DayOff: TypeAlias = tuple[date, str]
"""A day that does not count, and the plain English reason: `(date(2022, 9, 19), "State funeral")`."""

ONE_DAY: Final = timedelta(days=1)
WEEKEND: Final = {5: "Saturday", 6: "Sunday"}


class Nation(Enum):
    """A part of the United Kingdom with bank holidays of its own; the value is its gov.uk division."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").title().replace(" And ", " and ")


class HolidaysUnknown(LookupError):
    """A date was asked for in a year whose bank holidays are not known: a guess would move a statutory deadline."""

    def __init__(self, year: int, nations: Iterable[Nation]) -> None:
        where = ", ".join(nation.title for nation in nations)
        super().__init__(
            f"Bank holidays of {year} are not known for {where}. Update the package uk-election-timetables "
            f"to a release that holds {year}, then compute this date again."
        )
        self.year = year


class Calendar:
    """The working days of one nation, or of several at once (a day off in any of them is a day off). Immutable.

    Every method raises `HolidaysUnknown` rather than step into a year without holiday data.
    """

    def __init__(self, nations: tuple[Nation, ...], extra: tuple[DayOff, ...] = ()) -> None:
        self.nations = nations
        self.extra = extra
        self._years = frozenset[int].intersection(*(_known_years(nation) for nation in nations))
        self._days_off = _days_off(nations, self._years) | dict(extra)

    def is_working_day(self, day: date) -> bool:
        self._must_know(day.year)
        return day.weekday() < 5 and day not in self._days_off

    def back(self, day: date, n: int) -> date:
        """The working day `n` working days before `day`, which is not counted itself; `n` = 0 gives `day`."""
        return self._step(day, n, -ONE_DAY)

    def forward(self, day: date, n: int) -> date:
        """The working day `n` working days after `day`, which is not counted itself; `n` = 0 gives `day`."""
        return self._step(day, n, ONE_DAY)

    def previous(self, day: date) -> date:
        """The last working day before `day`."""
        return self.back(day, 1)

    def first_on_or_after(self, day: date) -> date:
        """`day` itself if it is a working day, else the next one: how a period that ends on a day off is extended."""
        return day if self.is_working_day(day) else self.forward(day, 1)

    def last_on_or_before(self, day: date) -> date:
        """`day` itself if it is a working day, else the one before: the last office day before a limit."""
        return day if self.is_working_day(day) else self.back(day, 1)

    def skipped(self, a: date, b: date) -> list[DayOff]:
        """The days from `a` to `b` (both included, in either order) that do not count, with the reason, in order."""
        day, last = min(a, b), max(a, b)
        for year in range(day.year, last.year + 1):
            self._must_know(year)
        found: list[DayOff] = []
        while day <= last:
            weekday = day.weekday()
            if weekday >= 5:
                found.append((day, WEEKEND[weekday]))
            elif day in self._days_off:
                found.append((day, self._days_off[day]))
            day += ONE_DAY
        return found

    def days_off(self, year: int) -> list[DayOff]:
        """The named days off of `year` (weekends aside), earliest first."""
        self._must_know(year)
        return sorted((day, reason) for day, reason in self._days_off.items() if day.year == year)

    def with_days_off(self, days: Iterable[DayOff]) -> Calendar:
        """This calendar with more days that do not count."""
        return _calendar(self.nations, (*self.extra, *days))

    def _step(self, day: date, n: int, step: timedelta) -> date:
        if n < 0:
            raise ValueError("count working days with back() or forward(), not with a negative number")
        while n > 0:
            day += step
            if self.is_working_day(day):
                n -= 1
        return day

    def _must_know(self, year: int) -> None:
        if year not in self._years:
            raise HolidaysUnknown(year, self.nations)


def calendar(*nations: Nation, proclaimed: Iterable[DayOff] = ()) -> Calendar:
    """The calendar of `nations` together; England and Wales if none is named.

    `proclaimed` are days off that were proclaimed after the holiday data was released. Cached: ask as often as needed.
    """
    chosen = tuple(nation for nation in Nation if nation in nations) or (Nation.ENGLAND_AND_WALES,)
    return _calendar(chosen, tuple(proclaimed))


@lru_cache(maxsize=64)
def _calendar(nations: tuple[Nation, ...], extra: tuple[DayOff, ...]) -> Calendar:
    return Calendar(nations, extra)


def _known_years(nation: Nation) -> frozenset[int]:
    return frozenset(day.year for day in bank_holidays(nation.value))


def _days_off(nations: tuple[Nation, ...], years: Iterable[int]) -> dict[date, str]:
    """Each day off with its reason; where only some of several nations have it, the reason says which."""
    kept_by: dict[date, list[tuple[str, Nation]]] = {}
    for nation in nations:
        for day, name in bank_holidays(nation.value).items():
            kept_by.setdefault(day, []).append((name, nation))
    days = {day: _named(names, len(nations)) for day, names in kept_by.items()}
    return days | {date(year, 12, 24): "Christmas Eve" for year in years}


def _named(names: list[tuple[str, Nation]], nations: int) -> str:
    name = names[0][0]
    return name if len(names) == nations else f"{name} ({', '.join(nation.title for _, nation in names)})"

"""How a date was found: the rule in words, its source, and every day that did not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.law.working_days import Calendar, DayOff

LONDON: Final = ZoneInfo("Europe/London")
"""The clock of every electoral deadline."""

MIDNIGHT: Final = time.max
"""As a limit: the midnight that ends the day. "No stated time" in electoral law means this."""


Day = date
# A field called `date` hides the type of that name from whoever reads the annotations at run time.


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of working days before (or after) another day, and the time of day at which it closes."""

    working_days: int
    at: time = MIDNIGHT


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A derived date that explains itself. `rule` reads on from the date: "12 working days before the poll on …"."""

    what: str
    date: Day
    rule: str
    source: str
    skipped: tuple[DayOff, ...] = ()

    def __str__(self) -> str:
        named = [f"{day:%-d %B} ({reason})" for day, reason in self.skipped if day.weekday() < 5]
        missed = (["weekends"] if len(named) < len(self.skipped) else []) + named
        not_counted = f", not counting {'; '.join(missed)}" if missed else ""
        return f"{self.what}: {_long(self.date)}, {self.rule}{not_counted} [{self.source}]"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last moment of `day` at which something may still be done, on the London clock."""

    day: date
    closes: time
    reckoning: Reckoning

    @property
    def at(self) -> datetime:
        """The aware instant on which it closes: 17:00 of the day, or 00:00 of the next day for a midnight."""
        if self.closes == MIDNIGHT:
            return datetime.combine(self.day + timedelta(days=1), time(0), LONDON)
        return datetime.combine(self.day, self.closes, LONDON)

    def met_by(self, instant: datetime) -> bool:
        """Whether something done at `instant` (aware) was in time: 17:00:00 meets 5pm, a second later does not."""
        if instant.tzinfo is None:
            raise ValueError("a deadline is compared with an aware instant only")
        return instant.astimezone(LONDON) <= datetime.combine(self.day, self.closes, LONDON)

    def __str__(self) -> str:
        when = "midnight at the end of" if self.closes == MIDNIGHT else f"{self.closes:%-I:%M%p} on".lower()
        return f"{when} {_long(self.day)}"


def working_days_before(what: str, anchor: date, n: int, anchored: str, source: str, working: Calendar) -> Reckoning:
    """`n` working days before `anchor`, which the words `anchored` name ("the poll")."""
    day = working.back(anchor, n)
    rule = f"{_days(n)} before {anchored} on {_long(anchor)}"
    return Reckoning(what, day, rule, source, tuple(working.skipped(day, anchor)))


def working_days_after(what: str, anchor: date, n: int, anchored: str, source: str, working: Calendar) -> Reckoning:
    """`n` working days after `anchor`, which the words `anchored` name ("the notice")."""
    day = working.forward(anchor, n)
    rule = f"{_days(n)} after {anchored} on {_long(anchor)}"
    return Reckoning(what, day, rule, source, tuple(working.skipped(anchor, day)))


def calendar_days_after(what: str, anchor: date, n: int, anchored: str, source: str, working: Calendar) -> Reckoning:
    """`n` calendar days after `anchor`; a last day that does not count rolls to the next working day."""
    end = anchor + timedelta(days=n)
    day = working.first_on_or_after(end)
    rolled = tuple(working.skipped(end, day)) if day != end else ()
    return Reckoning(what, day, f"{n} days after {anchored} on {_long(anchor)}", source, rolled)


def _days(n: int) -> str:
    return f"{n} working day" + ("" if n == 1 else "s")


def _long(day: date) -> str:
    return f"{day:%A %-d %B %Y}"

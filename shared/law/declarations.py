"""Declarations of those who are registered elsewhere than where they live: how old, how long good, when to remind.

Overseas electors, HM forces, Crown servants with British Council employees, and people with a local connection each make
one; their entry lasts as long as it does. [RPA 1983 s.7B-7C, s.14-17; RPA 1985 s.1-2; EC guidance, special category electors]
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from shared.law import provisions
from shared.law.dated import Dated, Provision
from shared.law.rules import Rule

Limited: TypeAlias = Literal["overseas", "forces", "crown", "local-connection"]
"""The categories that need a declaration. `crown` includes British Council employees."""
LIMITED: Final[tuple[Limited, ...]] = ("overseas", "forces", "crown", "local-connection")

TOO_OLD: Final = Rule(
    "declaration-too-old",
    "A declaration counts only when it is received within three months of its date.",
    "RPA 1983 s.7C(2), s.16; RPA 1985 s.2(3)",
    "Ask for a new declaration.",
)
DATED_AHEAD: Final = Rule(
    "declaration-dated-ahead",
    "A declaration is dated on or before the day it is received.",
    "RPA 1983 s.7C(2), s.16; RPA 1985 s.2(3)",
    "Check the date on the declaration.",
    invalid=True,
)
NONE_IN_FORCE: Final = Rule(
    "no-declaration-in-force",
    "This elector has no declaration in force.",
    "RPA 1983 s.7B-7C, s.15; RPA 1985 s.1-2",
    "Take a fresh application to register.",
)

GOOD_FOR: Final = Dated(
    "months within which a declaration must be received",
    Provision(3, date(2001, 2, 16), "RPA 1983 s.7C(2), s.16; RPA 1985 s.2(3)"),
)
_MONTHS: Final[dict[Limited, Dated[int]]] = {
    "forces": Dated(
        "months that a forces declaration lasts", Provision(60, date(2010, 5, 1), "RPA 1983 s.15(2); SI 2010/882")
    ),
    "crown": Dated(
        "months that a Crown or British Council declaration lasts", Provision(12, date(2001, 2, 16), "RPA 1983 s.15(2)")
    ),
    "local-connection": Dated(
        "months that a declaration of local connection lasts", Provision(12, date(2001, 2, 16), "RPA 1983 s.7C(1)")
    ),
}


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last day on which a reminder is due, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reminding:
    """When the first reminder of a term of months is due: in the months after this many have passed; and how many days
    later the second."""

    after_months: tuple[int, int]
    second_after_days: tuple[int, int]


REMINDING: Final[dict[Limited, Dated[Reminding]]] = {
    "forces": Dated(
        "reminders to forces voters",
        Provision(Reminding((57, 58), (21, 28)), date(2001, 2, 16), "RPR 2001 r.25; EC guidance"),
    ),
    "crown": Dated(
        "reminders to Crown servants and British Council employees",
        Provision(Reminding((9, 10), (21, 28)), date(2001, 2, 16), "RPR 2001 r.25; EC guidance"),
    ),
    "local-connection": Dated(
        "reminders to people with a local connection",
        Provision(Reminding((9, 10), (21, 28)), date(2001, 2, 16), "RPR 2001 r.25; EC guidance"),
    ),
}
RENEWAL_SEASON: Final = Dated(
    "overseas electors are reminded and renew from one day to another (month, day) of the year in which they expire",
    Provision(
        ((7, 1), (10, 31)), date(2024, 1, 16), "RPA 1985 s.1D-1E; Elections Act 2022 (wording of the duty: verify)"
    ),
)


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_date(made_on: date, received_on: date) -> bool:
    """Whether a declaration of `made_on` was received soon enough."""
    return received_on <= months_later(made_on, GOOD_FOR.on(received_on))


def last_day(category: Limited, effective_on: date) -> date:
    """The last day of an entry that takes effect on `effective_on`: the third 1 November after it (overseas), or the day
    before so many months are over."""
    if category == "overseas":
        return provisions.OVERSEAS_ENDS.on(effective_on).after(effective_on)
    return months_later(effective_on, _MONTHS[category].on(effective_on)) - timedelta(days=1)


def renewed_until(category: Limited, renewed_on: date, until: date) -> date:
    """The last day after a renewal of a declaration that runs to `until`.

    An overseas elector who renews in the season of the last year gets a whole further term on top: an absent vote granted
    with it may so exceed three years. Everybody else's term runs afresh from the renewal.
    """
    if category == "overseas" and season(until).first <= renewed_on <= until:
        return last_day(category, until)
    return max(until, last_day(category, renewed_on))


def season(until: date) -> Window:
    """When an overseas registration that runs to `until` is renewed."""
    first, last = RENEWAL_SEASON.on(until)
    return Window(date(until.year, *first), date(until.year, *last))


def first_reminder(category: Limited, effective_on: date, until: date) -> Window:
    """When a declaration in effect since `effective_on` must be reminded of."""
    if category == "overseas":
        return season(until)
    first, last = REMINDING[category].on(effective_on).after_months
    return Window(months_later(effective_on, first), months_later(effective_on, last))


def second_reminder(category: Limited, reminded_on: date) -> Window | None:
    """When to remind again of one who has not answered; an overseas elector is reminded once in the season."""
    if category == "overseas":
        return None
    first, last = REMINDING[category].on(reminded_on).second_after_days
    return Window(reminded_on + timedelta(days=first), reminded_on + timedelta(days=last))

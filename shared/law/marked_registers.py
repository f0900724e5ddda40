"""The marked register and the marked lists of absent voters: who voted at one poll. Open for a year, then destroyed.
[RPA 1983 Sch 1 r.55-57; RPR 2001 r.117-120]"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.dates import anniversary
from shared.law.rules import Refused, Rule

YEARS_KEPT: Final = Dated(
    "years for which the papers of a poll are kept",
    Provision(1, date(2007, 1, 1), "RPA 1983 Sch 1 r.57(1); RPR 2001 r.117-118 (12 months)"),
)
"""Elections under other rules say the same: after that they are destroyed, unless a court or the House orders otherwise."""

NOT_MARKED_YET: Final = Rule(
    "marked-register-not-open-yet",
    "Nobody has voted yet, or the poll is today: the register is marked at the poll and open after it.",
    "RPA 1983 Sch 1 r.55-57; RPR 2001 r.117-118",
    "Offer the unmarked register, or enter the request after the poll.",
)
NO_LONGER_OPEN: Final = Rule(
    "marked-register-destroyed",
    "Marked registers are kept for twelve months after their poll and then destroyed.",
    "RPA 1983 Sch 1 r.57(1); RPR 2001 r.117-118",
    "Tell whoever asks that it is not held any more; the register itself is kept.",
)


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day on which the marked papers of a poll are open to inspection and may be copied."""

    opens: date
    closes: date


def open_period(polling_day: date) -> Period:
    """Open from the day after the poll, for as long as the papers are kept."""
    return Period(polling_day + timedelta(days=1), anniversary(polling_day, YEARS_KEPT.on(polling_day)))


def require_open(polling_day: date, on: date) -> None:
    """Raises `Refused` where the marked papers of that poll are not open on that day."""
    period = open_period(polling_day)
    if on < period.opens:
        raise Refused(NOT_MARKED_YET, f"They open on {period.opens:%-d %B %Y}.")
    if on > period.closes:
        raise Refused(NO_LONGER_OPEN, f"They were open until {period.closes:%-d %B %Y}.")

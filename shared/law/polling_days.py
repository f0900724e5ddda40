"""On which day a poll may be held: the ordinary day of local elections, and the limits that a cause of a poll sets.

A cause is a vacancy, a demand at a parish meeting, the Speaker's notice, a council's decision. Days are counted from the
day on which it came about. [LGA 1972 s.89; SI 2006/3305 r.5; SI 1987/1; Recall of MPs Act 2015 s.7; SI 2012/2031]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.law import provisions
from shared.law.dated import Dated, Provision
from shared.law.polls import PollType
from shared.law.provisions import SINCE
from shared.law.rules import Rule
from shared.law.voting_systems import PollKind
from shared.law.working_days import Calendar, calendar

OUTSIDE_WINDOW: Final = Rule(
    "polling-day-outside-its-window",
    "The law allows the poll only on certain days after what brought it about.",
    "LGA 1972 s.89; SI 2006/3305 r.5; SI 1987/1; Recall of MPs Act 2015 s.7; SI 2012/2031",
    "Choose a day in the window named.",
    invalid=True,
)


def _days(subject: str, value: int, source: str) -> Dated[int]:
    return Dated(subject, Provision(value, SINCE, source))


PRINCIPAL_VACANCY_DAYS: Final = _days("working days to fill a principal council's vacancy", 35, "LGA 1972 s.89")
PARISH_VACANCY_DAYS: Final = _days("working days from the notice of a parish vacancy", 60, "SI 2006/3305 r.5")
PARISH_POLL_FIRST: Final = _days("first day of a parish poll after its demand", 14, "SI 1987/1 r.4")
PARISH_POLL_LAST: Final = _days("last day of a parish poll after its demand", 25, "SI 1987/1 r.4")
RECALL_OPENS: Final = _days("working days from the Speaker's notice to a petition", 10, "Recall of MPs Act 2015 s.7")
RECALL_PERIOD_DAYS: Final = _days("days of a recall petition's signing period", 42, "Recall of MPs Act 2015 s.9")
NEIGHBOURHOOD_DAYS: Final = _days("working days from the decision to a neighbourhood poll", 56, "SI 2012/2031")
NEIGHBOURHOOD_BUSINESS_DAYS: Final = _days(
    "working days from the decision to a neighbourhood poll with a business referendum", 84, "SI 2012/2031"
)
ORDINARY_DAY: Final = Dated("Thursday in May of ordinary local elections", Provision(1, SINCE, "RPA 1983 s.37"))


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day (None: no limit in days) that the law allows, with the rule in words and its source."""

    first: date
    last: date | None
    rule: str
    source: str

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        until = f"to {self.last:%A %-d %B %Y}" if self.last else "or later"
        return f"{self.first:%A %-d %B %Y} {until}: {self.rule} [{self.source}]"


def ordinary_day(year: int) -> date:
    """The day of ordinary local elections, unless an order names another."""
    first_may = date(year, 5, 1)
    thursday = first_may + timedelta(days=(3 - first_may.weekday()) % 7)
    return thursday + timedelta(weeks=ORDINARY_DAY.on(first_may) - 1)


def recall_period(opens: date) -> date:
    """The last day of a signing period that begins with `opens`."""
    return opens + timedelta(days=RECALL_PERIOD_DAYS.on(opens) - 1)


def recall_opened(closes: date) -> date:
    """The first day of a signing period that ends with `closes`."""
    return closes - timedelta(days=RECALL_PERIOD_DAYS.on(closes) - 1)


def polling_window(
    kind: PollKind,
    cause_on: date,
    *,
    by_election: bool = False,
    business: bool = False,
    working: Calendar | None = None,
) -> Window | None:
    """The days on which a poll may be held that was brought about on `cause_on`; None where no such limit is known here.

    For a recall petition they are the last days of its signing period: it opens ten working days after the Speaker's
    notice or as soon as practicable, so only the first is a limit in days. Raises `HolidaysUnknown`.
    """
    days = working or calendar()
    match kind:
        case PollKind.LOCAL if by_election:
            return _vacancy(
                cause_on, PRINCIPAL_VACANCY_DAYS, PollType.LOCAL, "the vacancy was declared or claimed", days
            )
        case PollKind.PARISH if by_election:
            return _vacancy(cause_on, PARISH_VACANCY_DAYS, PollType.PARISH, "the notice of the vacancy", days)
        case PollKind.PARISH_POLL:
            first, last = PARISH_POLL_FIRST.provision(cause_on), PARISH_POLL_LAST.on(cause_on)
            return Window(
                cause_on + timedelta(days=first.value),
                cause_on + timedelta(days=last),
                f"from the {first.value}th to the {last}th day after the demand",
                first.source,
            )
        case PollKind.RECALL:
            opens = RECALL_OPENS.provision(cause_on)
            closes = recall_period(days.forward(cause_on, opens.value))
            rule = (
                f"the petition opens {opens.value} working days after the Speaker's notice, or as soon as practicable"
            )
            return Window(closes, None, rule, opens.source)
        case PollKind.NEIGHBOURHOOD_REFERENDUM:
            table = NEIGHBOURHOOD_BUSINESS_DAYS if business else NEIGHBOURHOOD_DAYS
            law = table.provision(cause_on)
            return Window(
                days.forward(cause_on, 1),
                days.forward(cause_on, law.value),
                f"within {law.value} working days, beginning with the day after the decision",
                law.source,
            )
        case _:
            return None


def _vacancy(cause_on: date, table: Dated[int], poll_type: PollType, since: str, days: Calendar) -> Window:
    """From the first day for which a notice of election can still be given to the last that the law allows."""
    law = table.provision(cause_on)
    notice = provisions.PROCEEDINGS[poll_type].on(cause_on).notice
    assert notice is not None, "an election has a notice"
    rule = f"{notice.working_days} working days' notice, and within {law.value} working days after {since}"
    return Window(days.forward(cause_on, notice.working_days), days.forward(cause_on, law.value), rule, law.source)

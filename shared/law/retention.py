"""How long what is held of people is kept, as dated data. [UK GDPR article 5(1)(e); EC guidance on data protection]

Few of these periods are in a statute: where there is none it is the council's policy, and its row says so. A council with
another policy adds a `Provision`. What the register printed is kept: earlier registers prove an overseas elector's connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.law.dated import Dated, Provision


class Class(Enum):
    """Kinds of record that are destroyed by themselves."""

    CANVASS_REPLIES = "canvass-replies"
    INVITATIONS = "invitations"
    UNSUCCESSFUL_APPLICATIONS = "unsuccessful-applications"
    PROXIES = "proxies"
    REQUESTS_FOR_COPIES = "requests-for-copies"
    VOTER_CARDS = "voter-cards"


@dataclass(frozen=True, slots=True)
class Period:
    """Months kept after the day that `since` names."""

    months: int
    since: str


_POLICY: Final = "UK GDPR article 5(1)(e); the council's policy (example of a district council)"
_BEGAN: Final = date(2018, 5, 25)

SCHEDULE: Final[dict[Class, Dated[Period]]] = {
    kept: Dated(f"retention of {kept.value}", Provision(Period(months, since), _BEGAN, _POLICY))
    for kept, months, since in (
        (Class.CANVASS_REPLIES, 1, "the canvass was closed"),
        (Class.INVITATIONS, 1, "the invitation was closed without an application"),
        (Class.UNSUCCESSFUL_APPLICATIONS, 1, "the application was rejected, withdrawn or forwarded"),
        (Class.PROXIES, 36, "the appointment ended"),
        (Class.REQUESTS_FOR_COPIES, 24, "the copy was asked for"),
    )
} | {
    Class.VOTER_CARDS: Dated(
        "retention of voter-cards",
        Provision(
            Period(0, "the 1 July came that its record names: the tenth after issue, of a temporary one the second"),
            date(2023, 1, 16),
            "SI 2022/1382; EC guidance on voter identification",
        ),
    )
}


def ended_by(kept: Class, today: date) -> date:
    """Records of this class are due on `today` when what they wait for happened on or before this day."""
    return _months_before(today, SCHEDULE[kept].on(today).months)


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month; the last of it where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")

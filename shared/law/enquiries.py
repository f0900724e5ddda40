"""By when an enquiry is answered: in working days after the day on which it was received, which is not counted.

For requests for information a working day is one that is a bank holiday in no part of the United Kingdom; Christmas Eve
counts, unlike in elections. [FOIA 2000 s.10(1), (6); SI 2004/3391 reg 2(1), 5(2)]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.law.dated import Dated, Provision
from shared.law.holidays import bank_holidays
from shared.law.working_days import ONE_DAY, HolidaysUnknown, Nation

SINCE: Final = date(2005, 1, 1)
"""First day these tables answer for: the Act's right of access and the regulations came into force."""


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """`days` working days, counted by the bank holidays of all of `nations`."""

    days: int
    nations: tuple[Nation, ...]


ANSWER_TIME: Final = {
    "general": Dated(
        "working days for an answer",
        Provision(AnswerTime(10, (Nation.ENGLAND_AND_WALES,)), SINCE, "Council's service standard for correspondence"),
    ),
    "foi": Dated(
        "working days for an answer under FOIA",
        Provision(AnswerTime(20, tuple(Nation)), SINCE, "FOIA 2000 s.10(1), (6)"),
    ),
    "eir": Dated(
        "working days for an answer under EIR",
        Provision(AnswerTime(20, tuple(Nation)), SINCE, "SI 2004/3391 reg 2(1), 5(2)"),
    ),
}
"""By kind of enquiry."""


def answer_due(kind: str, received_on: date) -> tuple[date, str]:
    """The last day for an answer, and the rule that says so. Raises `HolidaysUnknown`, `NoLawOn`."""
    provision = ANSWER_TIME[kind].provision(received_on)
    day, left = received_on, provision.value.days
    while left:
        day += ONE_DAY
        left -= _counts(day, provision.value.nations)
    return day, provision.source


def _counts(day: date, nations: tuple[Nation, ...]) -> bool:
    for nation in nations:
        holidays = bank_holidays(nation.value)
        if not min(holidays).year <= day.year <= max(holidays).year:
            raise HolidaysUnknown(day.year, (nation,))
        if day in holidays:
            return False
    return day.weekday() < 5

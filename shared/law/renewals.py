"""When absent voters are asked to apply or to sign again: the three-year postal vote, the five-year signature.

[RPA 2000 Sch 4 para 3; RPR 2001 r.60A; Elections Act 2022; EC guidance for EROs (EC-E)]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from shared.law.dated import Dated, Provision
from shared.law.provisions import SINCE
from shared.law.proxies import SIGNATURE_YEARS
from shared.law.rules import Refused, Rule

Need = Literal["reapplication", "signature"]

NOTICE_WEEKS: Final = Dated("weeks before it ends that a postal voter is told", Provision(6, SINCE, "EC-E"))
REMINDER_WEEKS: Final = Dated("weeks before it ends that a postal voter is reminded", Provision(3, SINCE, "EC-E"))
ANSWER_WEEKS: Final = Dated("weeks to give a fresh signature", Provision(6, SINCE, "RPR 2001 r.60A(2)"))
COPY_WEEKS: Final = Dated("weeks after which a copy of that notice is sent", Provision(3, SINCE, "RPR 2001 r.60A(3)"))
RENEWAL_DAYS: Final = Dated(
    "days on which absent votes end: month and day",
    Provision(((1, 31), (11, 1)), SINCE, "RPA 2000 Sch 4; RPA 1985 s.1"),
)
"""31 January at home; 1 November, with the registration, for overseas electors."""

NO_RENEWAL_DAY: Final = Rule(
    "no-renewal-day",
    "Absent votes end on 31 January, those of overseas electors on 1 November; old signatures are looked at on 31 January.",
    "RPA 2000 Sch 4; RPA 1985 s.1; RPR 2001 r.60A",
    "Choose one of these days.",
    invalid=True,
)
TOO_EARLY: Final = Rule(
    "too-early-to-ask",
    "Notices of this campaign are not due yet.",
    "EC-E; RPR 2001 r.60A",
    "Wait for the day the campaign names.",
)
NO_CAMPAIGN: Final = Rule("no-such-campaign", "This campaign has not been opened.", "EC-E", "Open it first.")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Of one campaign: when notices go out, when reminders, until when an answer counts."""

    notice_on: date
    remind_on: date
    answer_by: date


def calendar(need: Need, ends_on: date) -> Calendar:
    """Raises `Refused` for a day on which nothing ends.

    Who has to apply again is told six weeks ahead and reminded at three. Who has to sign again is given notice by
    31 January, has six weeks to answer, and gets a copy at three.
    """
    days = RENEWAL_DAYS.on(ends_on)
    if (ends_on.month, ends_on.day) not in (days if need == "reapplication" else days[:1]):
        raise Refused(NO_RENEWAL_DAY)
    if need == "signature":
        answer_by = ends_on + timedelta(weeks=ANSWER_WEEKS.on(ends_on))
        return Calendar(ends_on, ends_on + timedelta(weeks=COPY_WEEKS.on(ends_on)), answer_by)
    ahead, again = NOTICE_WEEKS.on(ends_on), REMINDER_WEEKS.on(ends_on)
    return Calendar(ends_on - timedelta(weeks=ahead), ends_on - timedelta(weeks=again), ends_on)


def latest_old_signature(ends_on: date) -> date:
    """Signatures of that day and before are more than five years old on `ends_on`."""
    years = SIGNATURE_YEARS.on(ends_on)
    return ends_on.replace(year=ends_on.year - years) - timedelta(days=1)

"""What a timetable consists of: its entries, who owns each, and what it is worked out from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from shared.law.election_provisions import Hours
from shared.law.polls import Country
from shared.law.reckoning import LONDON, MIDNIGHT, Deadline, Reckoning
from shared.law.voting_systems import PollKind
from shared.law.working_days import DayOff


class Owner(Enum):
    """Who has to act by a step."""

    CROWN = "the Crown"
    RETURNING_OFFICER = "returning officer"
    REGISTRATION_OFFICER = "registration officer"
    CANDIDATES = "candidates and agents"
    ELECTORS = "electors"
    PARISH = "parish council"
    COUNCIL = "council"
    ANYONE = "anyone entitled"


@dataclass(frozen=True, slots=True)
class Entry:
    """One step. `opens` is the aware instant from which something may be done (None: from now on, or at the moment it
    closes); `deadline` the last moment. `key` is a stable kebab-case name."""

    key: str
    title: str
    owner: Owner
    deadline: Deadline
    opens: datetime | None = None
    note: str = ""

    @property
    def day(self) -> date:
        return self.deadline.day


@dataclass(frozen=True, slots=True)
class Poll:
    """What a timetable is worked out from.

    `cause_on`: the Speaker's notice of a recall. `close`: the day a returning officer chose at a UK Parliamentary
    by-election. `second_interim`: the day the registration officer chose. `result_on`: of the declaration, the day after
    the poll until it is known. `nomination_hours`: those in the notice where no law fixes them. `proclaimed`: days off
    that were proclaimed after the holiday data was released. `business`: with a business referendum."""

    kind: PollKind
    polling_day: date
    country: Country = Country.ENGLAND
    by_election: bool = False
    business: bool = False
    cause_on: date | None = None
    close: date | None = None
    second_interim: date | None = None
    result_on: date | None = None
    nomination_hours: Hours | None = None
    proclaimed: tuple[DayOff, ...] = ()


def calendar_days_before(what: str, anchor: date, n: int, anchored: str, source: str) -> Deadline:
    """`n` calendar days before `anchor`, which the words `anchored` name."""
    day = anchor - timedelta(days=n)
    return Deadline(day, MIDNIGHT, Reckoning(what, day, f"{n} days before {anchored} on {anchor:%A %-d %B %Y}", source))


def by(key: str, title: str, owner: Owner, reckoning: Reckoning) -> Entry:
    """Until the midnight that ends the day."""
    return Entry(key, title, owner, Deadline(reckoning.date, MIDNIGHT, reckoning))


def published(key: str, title: str, day: date, because: Reckoning, source: str) -> Entry:
    """A notice of alteration: on that day, neither before nor after."""
    reckoning = replace(because, what=title, source=source)
    return Entry(key, title, Owner.REGISTRATION_OFFICER, Deadline(day, MIDNIGHT, reckoning), opens=at(day, time()))


def at(day: date, clock: time) -> datetime:
    """The aware instant of a time of day in London."""
    return datetime.combine(day, clock, LONDON)

"""What happens to the people of a council in the twelve months between two revised registers. Pure.

Applications come at rates that follow the calendar: a quiet Christmas, a rise towards the registration deadline of a poll and
fifty ordinary days in that one day, a little more in the months of the canvass. [Electoral Commission, registration statistics]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from services.registration.absent_votes.commands import GrantPostalVote
from services.registration.absent_votes.decider import absent_votes
from services.registration.applications.commands import AllowApplication
from services.registration.demonstration.casework import Case, Story, added, elector_of, office_hour, story_of
from services.registration.demonstration.casework import straightforward as is_confirmed
from services.registration.demonstration.numbering import Register
from services.registration.electors.commands import RemoveElector
from services.registration.electors.decider import electors
from shared.eventcore.policy import Do
from shared.events.registration import RemovalGround
from shared.events.values import ElectorId, EvidenceSource, PersonId, absent_votes_id
from shared.law.effect import Effect, PollAhead, Programme
from shared.law.franchise import entitlement
from shared.law.polls import PollType
from shared.law.reckoning import LONDON
from shared.law.recorded import facts_of
from shared.law.registration import HOME, ElectionNotices, election_notices, monthly_notice
from shared.law.rules import Refused

DEADLINE_DAY = 50.0
"""Ordinary days of applications that come in on the last day before a poll."""
DAYS_OF_RISE = 42
BEFORE_WITHDRAWAL = date(2015, 9, 1)


@dataclass(frozen=True)
class Year:
    """From the revised register of `first`, 1 December, to the one a year later, with a local poll in May."""

    first: date
    polling_day: date

    @property
    def last(self) -> date:
        """The day of the next revised register."""
        return self.first.replace(year=self.first.year + 1)

    @cached_property
    def poll(self) -> PollAhead:
        return PollAhead(PollType.LOCAL, self.polling_day)

    @cached_property
    def notices(self) -> ElectionNotices:
        return election_notices(self.poll.poll_type, self.polling_day)

    @property
    def programme(self) -> Programme:
        """What will be published, as far as any address of the council is concerned: all of it polls."""
        return Programme((self.poll,))

    @cached_property
    def monthly(self) -> frozenset[date]:
        """The days of the monthly notices; in the two months before the revised register none is due. [RPA 1983 s.13A(3)]"""
        return frozenset(monthly_notice(self.last.year, month).publish for month in range(1, 10))

    @property
    def renewal(self) -> date:
        """The 31 January on which postal votes end."""
        return date(self.last.year, 1, 31)

    @property
    def canvass_from(self) -> date:
        return date(self.last.year, 7, 1)

    def working_days(self) -> Iterator[date]:
        """Every day on which the office is open, the first and the last included."""
        on = HOME.first_on_or_after(self.first)
        while on <= self.last:
            yield on
            on = HOME.forward(on, 1)

    def weight(self, on: date) -> float:
        """How many ordinary days' applications come in on this one."""
        left = (self.notices.registration.day - on).days
        if left == 0:
            return DEADLINE_DAY
        if (on.month, on.day) >= (12, 22) or (on.month, on.day) <= (1, 2):
            return 0.3
        if 0 < left <= DAYS_OF_RISE:
            return 1 + 5 * (1 - left / DAYS_OF_RISE) ** 2
        return 1.3 if self.canvass_from.month <= on.month <= 11 and on > self.canvass_from else 1.0

    def arrivals(self, applications: int) -> Iterator[tuple[date, int]]:
        """Each day with how many of so many applications come in on it; they come until the last month begins."""
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days - 1)]
        total = sum(map(self.weight, days))
        reached, given = 0.0, 0
        for on in days:
            reached += self.weight(on)
            until = round(applications * reached / total)
            yield on, until - given
            given = until


# -------------------------------------------------------------- who is there


def stands(case: Case, register: Register, on: date, postal_since: date | None) -> list[Do]:
    """An entry of the register that the year begins with, and its postal vote, determined on that day."""
    facts = case.franchise
    try:
        entitlement(facts_of(facts), on)
    except Refused:
        facts = replace(facts, resident_since=BEFORE_WITHDRAWAL)
    command = replace(added(case, register, facts, Effect(on, "revised-register")), application_id=None)
    steps = [Do(electors, command.elector_id, command)]
    if postal_since is not None:
        steps.append(votes_by_post(command.elector_id, command.person_id, postal_since, "taken over"))
    return steps


def votes_by_post(elector: ElectorId, person: PersonId, on: date, reference: str) -> Do:
    asked = datetime.combine(on, time(9), LONDON)
    command = GrantPostalVote(elector, person, "maximum", asked, on, reference=reference)
    return Do(absent_votes, absent_votes_id(elector), command)


# ------------------------------------------------------------------- stories


def arrives(case: Case) -> Story:
    """Somebody new, with all that may become of an application."""
    return story_of(case)


def moves_within(case: Case, old: ElectorId) -> Story:
    """An elector applies at another address of this council; the old entry goes when that is allowed."""
    for step in is_confirmed(case):
        yield step
        if isinstance(step, Do) and isinstance(step.command, AllowApplication):
            origin = f"application {case.receipt.application_id}"
            yield removal(
                old, "moved-within-area", "application-allowed", origin, step.command.determined_on, case.programme
            )


def moves_away(elector: ElectorId, on: date, programme: Programme) -> Story:
    """Another council has allowed their application, and says so."""
    yield removal(elector, "registered-elsewhere", "other-ero-allowed", f"ierds {on}", on, programme)


def dies(elector: ElectorId, on: date, programme: Programme) -> Story:
    """The registrar of births and deaths sends the month's list."""
    yield removal(elector, "registrar-notice", "registrar-notice", f"registrar {on:%Y-%m}", on, programme)


def applies_again(elector: ElectorId, person: PersonId, on: date) -> Story:
    """A postal voter whose three years are over answers the notice."""
    yield votes_by_post(elector, person, on, f"renewed {on.year}")


def removal(elector: ElectorId, ground: RemovalGround, kind: str, origin: str, on: date, programme: Programme) -> Do:
    source = EvidenceSource(kind, origin, on)
    return Do(electors, elector, RemoveElector(ground, on, (source,), programme=programme))


__all__ = [
    "Year", "applies_again", "arrives", "dies", "elector_of", "moves_away", "moves_within", "office_hour", "stands",
]  # fmt: skip

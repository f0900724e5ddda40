"""Who votes otherwise at the May poll, in time and too late, and who stood in for others before: stories of absent votes. Pure.

A late application goes to the decider like any other, which must refuse it; the office then writes the refusal. What may not be
granted is `REFUSED`: those rules and no others are broken in a rehearsed year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import uuid5

from cli.rehearse.rates import RATES
from services.registration.absent_votes.commands import (
    AppointProxy,
    GrantPostalVote,
    Proxy,
    RefusePostalVote,
    RefuseProxy,
)
from services.registration.absent_votes.decider import absent_votes
from services.registration.demonstration.casework import Story
from services.registration.demonstration.year import Year
from shared.eventcore.policy import Do
from shared.events.registration import ProxyKind
from shared.events.values import AddressLines, ElectorId, PersonId, PersonName, absent_votes_id
from shared.law.absent_voting import deadlines
from shared.law.proxies import IDENTITY_CHECKS
from shared.law.reckoning import LONDON
from shared.law.registration import HOME

REFUSED: Final = frozenset({"too-late-for-the-poll", "too-late-for-a-proxy", "proxy-acts-for-enough-domestic"})
DAYS_BEFORE: Final = 40
"""Within which people ask before a deadline."""
SHARING: Final = 3
"""Electors at home who name one and the same proxy: one more than may."""


@dataclass(frozen=True)
class AbsentVoter:
    """An elector who votes otherwise, by their ids and chance."""

    elector: ElectorId
    person: PersonId
    chance: Random

    def do(self, command: AppointProxy | GrantPostalVote | RefusePostalVote | RefuseProxy) -> Do:
        return Do(absent_votes, absent_votes_id(self.elector), command)

    def names(self, sharing: str = "") -> Proxy:
        """Somebody of another council, who is nobody else's proxy; or with `sharing` the one whom others name too."""
        who = sharing or uuid5(self.elector, "proxy").hex[:8]
        home = AddressLines(street=f"1 Stand-in Lane {who}", town="Elsewhere", postcode="ZZ9 9ZZ")
        return Proxy(PersonId(uuid5(self.elector, "proxy")), PersonName("Percy", f"Thimble {who}"), home)


def stands_in(voter: AbsentVoter, signed_on: date) -> Do:
    """A proxy until further notice, appointed in the months in which all older ones had to be applied for anew [Elections Act
    2022, transitional provision], on a signature that may be older: the register was taken over from another system."""
    appointed = IDENTITY_CHECKS + timedelta(days=voter.chance.randrange(90))
    return voter.do(
        AppointProxy(
            voter.elector, voter.person, "indefinite", voter.names(), office_hour(min(signed_on, appointed)), appointed,
            ground="registered-blind", reference="taken over",
        )
    )  # fmt: skip


def votes_at_the_poll(voter: AbsentVoter, year: Year, what: str) -> tuple[date, Story]:
    """One elector's application for the poll, with the day on which the office reads it."""
    limits = deadlines(year.poll.poll_type, year.poll.polling_day)
    late = voter.chance.random() < RATES["too-late"].share
    match what:
        case "emergency-proxies":
            days = (year.polling_day - limits.proxy.at.date()).days
            at = limits.proxy.at + timedelta(days=voter.chance.randrange(days), hours=1)
            return office_day(at), appoints(voter, year, "emergency", at)
        case "postal-for-the-poll":
            at = asked_at(voter.chance, limits.postal.at, late)
            return office_day(at), votes_by_post(voter, year, at, late)
        case _:
            at = asked_at(voter.chance, limits.proxy.at, late)
            return office_day(at), appoints(voter, year, "particular-poll", at, late=late)


def share_a_proxy(voters: list[AbsentVoter], year: Year) -> Iterator[tuple[date, Story]]:
    """One person is named by one elector more than they may act for, on days of their own: the last is refused."""
    first = year.notices.registration.day - timedelta(days=20)
    for n, voter in enumerate(voters):
        at = office_hour(HOME.forward(first, n + 1))
        shared, last = voters[0].elector.hex[:8], n == len(voters) - 1
        yield office_day(at), appoints(voter, year, "particular-poll", at, sharing=shared, late=last)


def asked_at(chance: Random, deadline: datetime, late: bool) -> datetime:
    """Some weeks before, most in the last days; or within two days after, from the first minute on."""
    if late:
        return deadline + timedelta(minutes=1 + chance.randrange(2 * 24 * 60))
    return deadline - timedelta(days=DAYS_BEFORE * chance.random() ** 2)


def votes_by_post(voter: AbsentVoter, year: Year, at: datetime, late: bool) -> Story:
    on, reference = office_day(at), f"poll {year.polling_day}"
    yield voter.do(
        GrantPostalVote(voter.elector, voter.person, "particular-poll", at, on, poll=year.poll, reference=reference)
    )
    if late:
        yield (on := HOME.forward(on, 1))
        yield voter.do(
            RefusePostalVote(voter.elector, voter.person, on, ("too-late",), reference=f"{reference} refused")
        )


def appoints(
    voter: AbsentVoter, year: Year, kind: ProxyKind, at: datetime, *, sharing: str = "", late: bool = False
) -> Story:
    on, reference = office_day(at), f"{kind} {year.polling_day}"
    ground, said = ("disability-arisen", "") if kind == "emergency" else ("", "I shall be abroad on the day.")
    yield voter.do(
        AppointProxy(
            voter.elector, voter.person, kind, voter.names(sharing), at, on, poll=year.poll, ground=ground, reason=said,
            attested_by="Dr Hale" if kind == "emergency" else "", reference=reference,
        )
    )  # fmt: skip
    if late:
        yield (on := HOME.forward(on, 1))
        yield voter.do(RefuseProxy(voter.elector, voter.person, on, ("not-granted",), reference=f"{reference} refused"))


def office_day(at: datetime) -> date:
    """The day on which the office reads what came then. On polling day it works until the poll closes."""
    return HOME.first_on_or_after(at.astimezone(LONDON).date())


def office_hour(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=LONDON)

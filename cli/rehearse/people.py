"""Who lives in Mootshire when the year begins, and who comes, moves and dies in it: the same seed, the same people."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour
from random import Random
from typing import NamedTuple
from uuid import uuid5

from cli.rehearse.absent import SHARING, AbsentVoter, share_a_proxy, stands_in, votes_at_the_poll
from cli.rehearse.rates import RATES
from deploy.sample.applications import application, households
from deploy.sample.council import AUTHORITY, Council, Property
from services.registration.demonstration.casework import Case, Story, elector_of
from services.registration.demonstration.diary import Page
from services.registration.demonstration.numbering import Register
from services.registration.demonstration.year import (
    Year,
    applies_again,
    arrives,
    dies,
    moves_away,
    moves_within,
    stands,
)
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Do
from shared.events.values import (
    Authority,
    ElectorId,
    PersonId,
    PollingDistrict,
    Uprn,
    application_id,
    property_id,
)
from shared.law.effect import NO_PROGRAMME

MOOTSHIRE = Authority(AUTHORITY)
AT_ONCE = 200
FEWEST = 8
"""Standing proxies of the smallest council, so that some sign again and some lapse."""


class Fate(NamedTuple):
    """What the year brings one of the electors it begins with."""

    what: str
    on: date


@dataclass
class People:
    """Everybody of one year, by number: first those on the register, in its order, then those who come."""

    council: Council
    year: Year
    _homes: list[int] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _with_proxy: frozenset[int] = frozenset()
    """Who votes by proxy until further notice."""

    def __post_init__(self) -> None:
        for home, electors in households(self.council):
            if electors:
                self._homes.append(home.serial)
                self._starts.append(electors.start)
        electors, many = range(self.council.electors), RATES["standing-proxies"].many(self.council.electors, FEWEST)
        self._with_proxy = frozenset(Random(f"{self.council.seed}/proxies").sample(electors, many))

    def home_of(self, elector: int) -> Property:
        return self.council.property(self._homes[bisect_right(self._starts, elector) - 1])

    def form(self, elector: int) -> dict[str, str]:
        return application(self.council, elector, self.home_of(elector), self.year.first)

    def entry_of(self, elector: int) -> ElectorId:
        return elector_of(MOOTSHIRE, str(99_000_000_000 + elector))

    def fate_of(self, elector: int) -> Fate | None:
        """None: they stay, as most do."""
        chance = Random(f"{self.council.seed}/fate/{elector}")
        drawn = chance.random()
        days = (self.year.last - self.year.first).days
        deaths, leavers = RATES["deaths"].share, RATES["leavers"].share
        if drawn < deaths:
            return Fate("dies", self.year.first + timedelta(days=chance.randrange(7, days - 7)))
        if drawn < deaths + leavers:
            return Fate("leaves", self.year.first + timedelta(days=chance.randrange(7, days - 7)))
        moving = 1.3 * RATES["movers"].share * RATES["applications"].share
        return Fate("moves", self.year.first) if drawn < deaths + leavers + moving else None

    def postal_since(self, elector: int) -> date | None:
        """When the postal vote of an elector of the old register was determined; None without one."""
        chance = Random(f"{self.council.seed}/post/{elector}")
        if chance.random() >= RATES["postal-voters"].share or elector in self._with_proxy:
            return None
        return self.year.first - timedelta(days=chance.randrange(30, 700))

    def signed_since(self, elector: int) -> date:
        """When an elector with a standing proxy gave the signature that the appointment rests on: mostly over five years ago."""
        chance = Random(f"{self.council.seed}/proxy/{elector}")
        return self.year.first - timedelta(days=round(365.25 * chance.uniform(4, 8)))

    # --- the register that the year begins with ---------------------------------------------------------------------

    def entries(self) -> Iterator[Page]:
        """Everybody of the register of the first day, in its order."""
        register = Register(self.council.electors)
        page: list[list[Do]] = []
        for elector in range(self.council.electors):
            case = self._case(elector, self.form(elector), self.home_of(elector), self.year.first, register)
            steps = stands(case, register, self.year.first, self.postal_since(elector))
            if elector in self._with_proxy:
                steps.append(stands_in(self._voter(elector), self.signed_since(elector)))
            page.append(steps)
            if len(page) == AT_ONCE:
                yield Page(self.year.first, page)
                page = []
        if page:
            yield Page(self.year.first, page)

    # --- what happens -----------------------------------------------------------------------------------------------

    def stories(self) -> Iterator[tuple[date, Story]]:
        """All of the year's stories, by the day on which they begin."""
        planned = sorted([*self._planned(), *self._absent_at_the_poll()], key=lambda plan: plan[0])
        movers = iter([n for n in range(self.council.electors) if (fate := self.fate_of(n)) and fate.what == "moves"])
        waiting = iter(planned)
        coming, serial = next(waiting, None), self.council.electors
        for on, many in self.year.arrivals(RATES["applications"].many(self.council.electors)):
            while coming is not None and coming[0] <= on:
                yield coming
                coming = next(waiting, None)
            for _ in range(many):
                chance = Random(f"{self.council.seed}/arrival/{serial}")
                mover = next(movers, None) if chance.random() < RATES["movers"].share else None
                yield on, self._application(serial, on, chance, mover)
                serial += 1

    def _planned(self) -> Iterator[tuple[date, Story]]:
        programme = self.year.programme
        for elector in range(self.council.electors):
            fate = self.fate_of(elector)
            match fate:
                case Fate("dies", on):
                    yield on, dies(self.entry_of(elector), on, programme)
                case Fate("leaves", on):
                    yield on, moves_away(self.entry_of(elector), on, programme)
                case None if self._renews(elector):
                    chance = Random(f"{self.council.seed}/renewal/{elector}")
                    on = self.year.renewal - timedelta(days=chance.randrange(3, 40))
                    yield on, applies_again(self.entry_of(elector), self._person(elector), on)
                case _:
                    pass

    def _absent_at_the_poll(self) -> Iterator[tuple[date, Story]]:
        """Who asks to vote otherwise in May, of those who stay and vote at the station so far; each asks once."""
        voters = self._who_stay()
        for what in ("postal-for-the-poll", "proxies-for-the-poll", "emergency-proxies"):
            for _ in range(RATES[what].many(self.council.electors)):
                yield votes_at_the_poll(next(voters), self.year, what)
        for _ in range(RATES["proxies-shared"].many(self.council.electors)):
            yield from share_a_proxy([next(voters) for _ in range(SHARING)], self.year)

    def _who_stay(self) -> Iterator[AbsentVoter]:
        chance, met = Random(f"{self.council.seed}/absent"), set(self._with_proxy)
        while True:
            elector = self.someone_who_stays(chance)
            if elector not in met and self.postal_since(elector) is None:
                met.add(elector)
                yield self._voter(elector)

    def _voter(self, elector: int) -> AbsentVoter:
        chance = Random(f"{self.council.seed}/absent/{elector}")
        return AbsentVoter(self.entry_of(elector), self._person(elector), chance)

    def _renews(self, elector: int) -> bool:
        since = self.postal_since(elector)
        ends = since is not None and since <= date(self.year.renewal.year - 2, 1, 31)
        return ends and Random(f"{self.council.seed}/renews/{elector}").random() < RATES["renewing"].share

    def _application(self, serial: int, on: date, chance: Random, mover: int | None) -> Story:
        home = self.council.property(chance.choice(self._homes))
        if mover is None:
            return arrives(self._case(serial, application(self.council, serial, home, on), home, on, None))
        form = application(self.council, mover, home, self.year.first)
        form["refNum"] = str(99_000_000_000 + serial)
        return moves_within(self._case(serial, form, home, on, None), self.entry_of(mover))

    def _case(self, serial: int, form: dict[str, str], home: Property, on: date, register: Register | None) -> Case:
        chance = Random(f"{self.council.seed}/case/{serial}")
        return Case(
            form=form,
            applied_at=datetime.combine(on, hour(chance.randrange(6, 15), chance.randrange(60)), LONDON),
            home=property_id(MOOTSHIRE, Uprn(home.uprn)),
            district=PollingDistrict(home.district),
            place=serial,
            somebody=self.entry_of(self.someone_who_stays(chance)),
            chance=chance,
            register=register,
            programme=NO_PROGRAMME if on > self.year.polling_day else self.year.programme,
        )

    def someone_who_stays(self, chance: Random) -> int:
        """An elector who stays on the register all year: who objects, or whom an applicant turns out to be."""
        while self.fate_of(found := chance.randrange(self.council.electors)) is not None:
            pass
        return found

    def _person(self, elector: int) -> PersonId:
        return PersonId(uuid5(application_id(MOOTSHIRE, str(99_000_000_000 + elector)), "person"))

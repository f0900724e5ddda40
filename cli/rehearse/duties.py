"""What a registration office does on the days that the law sets: each by its API, and each harmless when done again."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any, get_args
from uuid import UUID, uuid5

from cli.rehearse.anonymity import STAYS, Applicant, applicants, apply_for_anonymity, is_anonymous_no_longer
from cli.rehearse.correcting import correct, days_of, misspelt, too_late
from cli.rehearse.office import Office
from cli.rehearse.people import People
from cli.rehearse.rates import RATES
from cli.rehearse.signing import last_answer, signatures
from cli.rehearse.visiting import visitors, walk
from services.registration.canvass.commands import ReceiveResponse
from services.registration.canvass.decider import Canvassed, properties_in_canvass
from services.registration.demonstration.diary import Page
from services.registration.demonstration.year import Year
from services.registration.notices.decider import Published, notices
from shared.eventcore.policy import Do
from shared.events.registration import Answer, CanvassReply, CanvassRoute, RenewalNeed, ReplyChannel, canvass_id
from shared.events.registration.canvass import NewResident
from shared.events.values import Authority, ElectorId, PersonName, campaign_id, notice_id
from shared.law.registration import HOME
from shared.law.renewals import calendar

Duty = Callable[[Office], Coroutine[Any, Any, object]]
CAMPAIGNS: tuple[RenewalNeed, ...] = get_args(RenewalNeed)
CHANNELS: dict[ReplyChannel, int] = {"web": 60, "phone": 12, "sms": 8, "form": 20}


VISITS_AFTER = timedelta(days=14)
"""From the last contact by telephone to the first visits."""
VISITING_DAYS = 20
"""Working days on which visiting officers go out. [RPR 2001 r.32ZBD: at least one visit]"""


@dataclass(frozen=True)
class Duties:
    """The year's calendar of an office. `seed` decides who replies to what."""

    year: Year
    areas: tuple[str, ...]
    seed: int
    visitors: int
    anonymous: tuple[Applicant, ...]
    misspelt: list[UUID]

    @classmethod
    def of(cls, people: People) -> Duties:
        council = people.council
        areas = tuple(council.district_code(n) for n in range(council.district_count))
        return cls(
            people.year, areas, council.seed, visitors(council.electors), tuple(applicants(people)), misspelt(people)
        )

    @property
    def canvass_closes(self) -> date:
        return HOME.back(self.year.last, 2)

    def before_work(self, on: date) -> list[Duty]:
        """What is done when the office opens."""
        year, due = self.year, list[Duty]()
        if on in year.monthly:
            due.append(lambda office: publish(office, on, "monthly"))
        polls, first = year.notices, year.notices.first_interim
        if first is not None and on == first.publish:
            due.append(lambda office: self._for_poll(office, on, "interim-1"))
        if on == polls.final.publish:
            due.append(lambda office: self._for_poll(office, on, "final"))
        if on in (year.first, year.last):
            due.append(lambda office: publish(office, on, "revised-register"))
        return [*due, *self._renewals(on), *self._canvass(on), *self._anonymous(on)]

    def after_work(self, on: date) -> list[Duty]:
        """What is done when everything else of the day is done: what people brought, the corrections of a poll, the last
        evening's numbering of the register."""
        year, due = self.year, list[Duty]()
        if year.renewal < on <= last_answer(year.renewal):
            due.append(lambda office: signatures(office, on, year.renewal, self.seed))
        if on in days_of(year):
            due.append(lambda office: correct(office, year, on, self.misspelt))
        if on == year.polling_day:
            due.append(lambda office: too_late(office, year, self.misspelt[0]))
        if on == HOME.back(year.last, 1):
            due.append(lambda office: renumber(office, year.last))
        return due

    async def replies(self, office: Office, on: date) -> AsyncIterator[Page]:
        """The households that answer on this day, by what each was last asked; none before the canvass and after it."""
        if not self.year.canvass_from < on < self.canvass_closes:
            return
        year = self.year.canvass_from.year
        canvass = canvass_id(Authority(office.authority), year)
        rows = await office.pool.fetch(
            "SELECT canvass_property_id AS place, last_contact_on AS since FROM canvass.property"
            " WHERE canvass_id = $1 AND outcome = '' AND NOT enquiry AND route = 2 AND last_contact_on < $2 ORDER BY 1",
            canvass, on,
        )  # fmt: skip
        work: list[list[Do]] = []
        for row in rows:
            chance = Random(f"{self.seed}/{row['place']}/{on}")
            if chance.random() < daily(on - row["since"]):
                state = (await office.execute.state(properties_in_canvass, row["place"], office.authority)).state
                if isinstance(state, Canvassed):
                    work.append([Do(properties_in_canvass, row["place"], reply(row["place"], state, on, chance))])
        if work:
            yield Page(on, work)

    async def _for_poll(self, office: Office, on: date, kind: str) -> None:
        poll = self.year.poll
        named = {"poll_type": poll.poll_type.value, "polling_day": poll.polling_day.isoformat()}
        await publish(office, on, kind, poll=named, areas=list(self.areas))

    def _renewals(self, on: date) -> list[Duty]:
        """New applications after three years, fresh signatures after five: notices, then reminders."""
        ends_on, due = self.year.renewal, list[Duty]()
        for need in CAMPAIGNS:
            days = calendar(need, ends_on)
            if on == HOME.first_on_or_after(days.notice_on):
                due.append(partial(renewals, need=need, ends_on=ends_on, stage="notice"))
            if on == HOME.first_on_or_after(days.remind_on):
                due.append(partial(renewals, need=need, ends_on=ends_on, stage="reminder"))
        return due

    def _anonymous(self, on: date) -> list[Duty]:
        due: list[Duty] = [
            partial(apply_for_anonymity, year=self.year, who=who) for who in self.anonymous if who.on == on
        ]
        first = self.anonymous[0]
        if on == HOME.first_on_or_after(first.on + STAYS):
            due.append(partial(is_anonymous_no_longer, who=first))
        return due

    def _canvass(self, on: date) -> list[Duty]:
        start = self.year.canvass_from
        path = f"/canvasses/{start.year}"
        answered = HOME.forward(start, 5)
        letters = HOME.forward(answered, 3)
        contacts: dict[date, tuple[str, CanvassRoute]] = {
            letters: ("form", 2),
            HOME.first_on_or_after(letters + timedelta(days=28)): ("form", 2),
            HOME.first_on_or_after(letters + timedelta(days=56)): ("phone", 2),
        }
        due = list[Duty]()
        if on == start:
            begin = {"year": start.year, "recent_days": 90}
            due.append(lambda office: office.ask("POST", "/canvasses", done="canvass-started", json=begin))
        if on == answered:
            due.append(lambda office: self._match(office, path))
        if on == letters:
            due.append(lambda office: contact(office, path, "cca", 1, on))
        if on in contacts:
            due.append(lambda office: contact(office, path, *contacts[on], on))
        visited_from = HOME.first_on_or_after(max(contacts) + VISITS_AFTER)
        if visited_from <= on < min(HOME.forward(visited_from, VISITING_DAYS), self.canvass_closes):
            due.append(lambda office: walk(office, on, self.visitors, self.seed))
        if on == self.canvass_closes:
            due.append(lambda office: office.ask("POST", f"{path}/close", done="canvass-closed"))
        return due

    async def _match(self, office: Office, path: str) -> None:
        """The national match is asked and answers; then every property gets its route."""
        sent = await office.ask("POST", f"{path}/match-file")
        electors = [row["elector_id"] for row in csv.DictReader(io.StringIO(sent.text))]
        said = [
            f"{elector},{'match' if Random(f'{self.seed}/match/{elector}').random() < RATES['matched'].share else 'no-match'}"
            for elector in electors
        ]
        result = "\n".join(["elector_id,result", *said, ""]).encode()
        await office.ask("POST", f"{path}/match-results/national", content=result, form="text/csv")
        await office.ask("POST", f"{path}/routes")
        await office.jobs_done()


async def publish(office: Office, on: date, kind: str, **about: Any) -> None:
    """One officer prepares it, another looks at it and publishes it."""
    polled = date.fromisoformat(about["poll"]["polling_day"]) if "poll" in about else None
    identity = notice_id(Authority(office.authority), kind, on, polled)
    if isinstance((await office.execute.state(notices, identity, office.authority)).state, Published):
        return
    await office.level()
    prepared = await office.ask("POST", "/notices/drafts", json={"kind": kind, **about})
    await office.ask("POST", "/notices", "checker", json={"draft": prepared.json()["draft"]})


async def renumber(office: Office, publish_on: date) -> None:
    await office.level()
    await office.ask("POST", "/renumberings", json={"publish_on": publish_on.isoformat()})
    await office.jobs_done()


async def renewals(office: Office, need: RenewalNeed, ends_on: date, stage: str) -> None:
    """The campaign of those whose absent votes end, or whose signatures are old: each call asks some, until nobody waits."""
    identity = campaign_id(Authority(office.authority), need, ends_on)
    await office.ask("POST", "/renewal-campaigns", json={"need": need, "ends_on": ends_on.isoformat()})
    waiting = 1
    while waiting:
        ran = await office.ask("POST", f"/renewal-campaigns/{identity}/runs", json={"stage": stage, "most": 2000})
        await office.follow()
        waiting = ran.json()["waiting"]


async def contact(office: Office, path: str, kind: str, route: CanvassRoute, on: date) -> None:
    body = {"batch": f"{kind}-{on}", "contact": kind, "route": route}
    await office.ask("POST", f"{path}/contacts", json=body)
    await office.jobs_done()


def daily(since: timedelta) -> float:
    """The chance that a household answers so long after it was contacted: most in the first days, then fewer and fewer."""
    replying = RATES["replying"].share
    return float(replying * 0.13 * 0.87**since.days / (1 - replying * (1 - 0.87**since.days)))


def reply(place: UUID, state: Canvassed, on: date, chance: Random) -> ReceiveResponse:
    """What a household says: mostly that nothing has changed."""
    drawn = chance.random()
    channel = chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    answers: tuple[Answer, ...] = ("no-change",)
    said = CanvassReply()
    if not state.electors or drawn < 0.08:
        answers, said = ("added",), CanvassReply(added=(NewResident(PersonName("Tansy", f"Thimble{place.hex[:6]}")),))
    elif drawn < 0.14:
        gone = ElectorId(chance.choice(state.electors).elector_id)
        answers, said = ("left",), CanvassReply(gone=(gone,))
    return ReceiveResponse(uuid5(place, f"reply {on}"), channel, answers, said, on)

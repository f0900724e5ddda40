"""The working process of a rehearsal: the register is loaded, then day after day goes by. Started again, it goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from uuid import NAMESPACE_URL, uuid5

from cli.council import layer
from cli.rehearse.duties import Duties
from cli.rehearse.ledger import LEDGER, Ledger
from cli.rehearse.office import Office, open_office
from cli.rehearse.people import MOOTSHIRE, People
from deploy.sample.council import AUTHORITY, Council
from deploy.sample.gazetteer import gazetteer_csv
from services.registration.demonstration.diary import Diary
from services.registration.demonstration.loading import Teller, Told
from services.registration.demonstration.numbering import Register
from services.registration.demonstration.places import places
from services.registration.demonstration.year import Year
from shared.eventcore.recording import Metadata

FILLING = 5000
"""Events that the readers take together while the council is loaded."""
DayOver = Callable[[date, str], None]
"""Told the rehearsed date and what is going on."""


@dataclass(frozen=True)
class Rehearsal:
    """What is rehearsed, and where its state lies: `url` of the owner, keys, and the ledger of what was acknowledged."""

    council: Council
    year: Year
    url: str
    directory: Path

    @property
    def keys(self) -> Path:
        return self.directory / "keys"

    @property
    def ledger(self) -> Path:
        return self.directory / LEDGER


async def live_through(rehearsal: Rehearsal, told_day: DayOver) -> None:
    """The year from where it stands to its end."""
    told = Told()
    with closing(Ledger(rehearsal.ledger)) as ledger:
        async with open_office(AUTHORITY, rehearsal.url, rehearsal.keys, rehearsal.year.first) as office:
            done = ledger.last_day()
            await _live(rehearsal, office, ledger, told, done, told_day)


async def _live(
    rehearsal: Rehearsal, office: Office, ledger: Ledger, told: Told, done: date | None, told_day: DayOver
) -> None:
    council, year = rehearsal.council, rehearsal.year
    people = People(council, year)
    origin = f"rehearsal of {council.electors} electors, seed {council.seed}"
    by = Metadata("rehearsal", AUTHORITY, str(uuid5(NAMESPACE_URL, origin)), origin=origin)
    teller = Teller(office.execute, office.clock, by, ledger.acknowledged, ledger.was_refused)
    office.answered = ledger.answered
    duties = Duties.of(people)
    diary = Diary(people.stories(), Register(0))
    if done is None:
        await _load(council, year, people, office, teller, ledger, told, told_day)
    for on in year.working_days():
        pages = diary.pages(on, on)
        if done is not None and on <= done:
            for _ in pages:  # told before we were started again
                pass
            continue
        office.clock.turn_to(on)
        await office.settle()
        for duty in duties.before_work(on):
            await duty(office)
            await office.follow()
        async for _ in teller.tell(pages, told):
            ledger.keep()
            await office.follow()
        async for page in duties.replies(office, on):
            async for _ in teller.tell([page], told):
                ledger.keep()
                await office.follow()
        for duty in duties.after_work(on):
            await duty(office)
            await office.follow()
        ledger.day_over(on)
        told_day(on, "")


async def _load(
    council: Council, year: Year, people: People, office: Office, teller: Teller, ledger: Ledger, told: Told,
    told_day: DayOver,
) -> None:  # fmt: skip
    layers = layer("ward", council.wards()), layer("polling-district", council.polling_districts())
    with TemporaryFile() as gazetteer:
        gazetteer.writelines(line.encode() for line in gazetteer_csv(council, year.first))
        gazetteer.seek(0)
        async for _ in teller.tell(places(MOOTSHIRE, gazetteer, *layers, year.first), told):
            told_day(year.first, "properties")
    entered = 0
    async for page in teller.tell(people.entries(), told):
        entered += len(page.work)
        told_day(year.first, f"{entered:,} electors of the register")
    ledger.keep()
    told_day(year.first, "views of the register")
    await office.follow(FILLING)

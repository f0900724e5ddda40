"""Our own mistakes put right on the days of a poll: until nine in the evening of polling day, and not a minute later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from cli.rehearse.office import Office, RehearsalRefused
from cli.rehearse.people import People
from cli.rehearse.rates import RATES
from services.registration.demonstration.year import Year
from services.registration.electors.decider import OnRegister, electors
from shared.law.reckoning import LONDON
from shared.law.registration import HOME

TOO_LATE = "too-late-to-correct"


def misspelt(people: People) -> list[UUID]:
    """Whose names we spelt wrongly, and who tell us so; they stay on the register all year."""
    chance = Random(f"{people.council.seed}/misspelt")
    many = RATES["clerical-errors"].many(people.council.electors, 3)
    return [people.entry_of(people.someone_who_stays(chance)) for _ in range(many)]


def days_of(year: Year) -> tuple[date, date]:
    return HOME.back(year.polling_day, 1), year.polling_day


async def correct(office: Office, year: Year, on: date, whose: list[UUID]) -> None:
    """The day's corrections: half on the eve of the poll, half on polling day, when the presiding officer is told."""
    for elector in whose[days_of(year).index(on) :: 2]:
        await _correct(office, year, elector)


async def too_late(office: Office, year: Year, elector: UUID) -> None:
    """A minute past nine on polling day. Raises `RehearsalRefused` when it is not refused."""
    closes = year.notices.clerical_errors.at
    office.clock.go_on_from(closes + timedelta(minutes=1))
    answer = await _correct(office, year, elector, again="the Late")
    if not answer:
        raise RehearsalRefused(f"A clerical error was corrected after {closes.astimezone(LONDON):%-d %B %Y %H:%M}.")


async def _correct(office: Office, year: Year, elector: UUID, again: str = "the Well-spelt") -> bool:
    """Whether it was refused as too late."""
    entry = (await office.execute.state(electors, elector, office.authority)).state
    if not isinstance(entry, OnRegister) or entry.name is None:
        return False
    name = replace(entry.name, middle=again)
    poll = {"poll_type": year.poll.poll_type.value, "polling_day": year.polling_day.isoformat()}
    body = {
        "name": {"first": name.first, "middle": name.middle, "last": name.last}, "own_mistake": True,
        "poll": poll, "told_presiding_officer": True,
    }  # fmt: skip
    answer = await office.ask("POST", f"/electors/{elector}/correction", done=TOO_LATE, json=body)
    return bool(answer.is_error)

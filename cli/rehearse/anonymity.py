"""Anonymous electors of a rehearsed year: each comes on paper, is granted by two named officers, and one asks to be ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from cli.rehearse.office import Office
from cli.rehearse.people import MOOTSHIRE, People
from cli.rehearse.rates import RATES
from services.registration.anonymous.decider import Case, cases
from services.registration.demonstration.year import Year
from shared.events.values import PropertyId, Uprn, property_id
from shared.law.registration import HOME

FEWEST = 3
STAYS = timedelta(days=120)
"""After which the first of them wishes to be on the register no longer."""
MAKER, CHECKER = "named officer", "other named officer"


@dataclass(frozen=True)
class Applicant:
    """`serial`: the first is 0."""

    serial: int
    on: date
    home: PropertyId

    @property
    def reference(self) -> str:
        return f"A-{self.serial:04}"


def applicants(people: People) -> Iterator[Applicant]:
    """Spread over the months of the monthly notices, in homes where others are registered too."""
    many = RATES["anonymous"].many(people.council.electors, FEWEST)
    for serial in range(many):
        neighbour = Random(f"{people.council.seed}/anonymous/{serial}").randrange(people.council.electors)
        on = HOME.first_on_or_after(people.year.first + timedelta(days=14 + 250 * serial // many))
        yield Applicant(serial, on, property_id(MOOTSHIRE, Uprn(people.home_of(neighbour).uprn)))


async def apply_for_anonymity(office: Office, year: Year, who: Applicant) -> None:
    """From the form to the grant, on one day. Nothing is asked twice of a case that was granted."""
    form = {
        "channel": "paper", "reference": who.reference, "anonymous": True, "date_of_birth": "1979-04-17",
        "nino": "AB123456C", "nationalities": "GB", "name": {"first": "Zephyrine", "last": f"Quill{who.serial:04}"},
        "address": {"property": "1", "street": "Larch Way", "town": "Gavelford", "postcode": "ZZ9 9ZZ"},
    }  # fmt: skip
    taken = await office.ask("POST", "/applications/entered", json=form)
    case = UUID(taken.json()["stream_id"])
    known = (await office.closed.execute.state(cases, case, office.authority)).state
    if isinstance(known, Case) and known.granted is not None:
        return
    path = f"/anonymous/cases/{case}"
    poll = {"poll_type": year.poll.poll_type.value, "polling_day": year.polling_day.isoformat()}
    order = {"kind": "restraining-order", "made_on": (who.on - timedelta(days=30)).isoformat()}
    await office.ask("POST", f"{path}/home", MAKER, json={"property_id": str(who.home)})
    await office.ask("POST", f"{path}/identity", MAKER, json={"route": "documents"})
    await office.ask("POST", f"{path}/evidence", MAKER, json=order)
    await office.ask("POST", f"{path}/proposal", MAKER, json={})
    await office.ask("POST", f"{path}/grant", CHECKER, json={"polls": [poll] if who.on <= year.polling_day else []})
    await office.anonymous_desk()


async def is_anonymous_no_longer(office: Office, who: Applicant) -> None:
    case, _ = office.closed.case_of(who.reference, office.authority)
    await office.ask("POST", f"/anonymous/cases/{case}/ending", MAKER, done="not-on-register", json={"polls": []})
    await office.anonymous_desk()

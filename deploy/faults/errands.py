"""What the clerks do: commands of every service, cheap, and each with a known number of events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.faults.clerks import Desk
from shared.eventcore.clock import LONDON, wall_clock

DISTRICTS = 8
FIRST_HOLIDAY = date(2040, 1, 1)
FIRST_BIRTH = date(1940, 1, 1)
SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su")
PROPERTY: dict[str, Any] = {"class_code": "RD", "logical_status": 1, "lpi_status": 1, "postal": True}


async def register_a_household(desk: Desk, case: int) -> None:
    """A new property and a new application, each changed several times; messages are written in another service. One property
    is written to by all clerks, so that order is proven where it is contended.

    An officer may allow an application only after five working days (RPR 2001 r.29), for which no clerk here can wait. So it
    is rejected, and the county court allows the appeal the same day (RPA 1983 s.56), for which no law sets a wait: then one
    policy allows the application, and by that another adds the elector.
    """
    commons = await desk.shared("/properties", PROPERTY | {"address": {"property": "The Commons"}}, events=1)
    home = (await desk.command("/properties", PROPERTY | {"address": address(case)}, events=1)).stream_id
    areas = {"district": f"FT{case % DISTRICTS}", "ward": "Fault"}
    await desk.command(f"/properties/{home}/allocation", {"areas": areas, "reason": "fault run"}, events=1)
    await desk.command(f"/properties/{home}/electoral", {"electoral": True, "because": "seen"}, events=1)
    form = (await desk.command("/applications/entered", application(case), events=2)).stream_id
    await desk.command(f"/applications/{form}/property", {"property_id": str(home)}, events=1)
    await desk.command(f"/applications/{form}/dwp-result", {"verdict": "green"}, events=2)
    await desk.command(f"/applications/{form}/rejection", {"reasons": ["not-resident"]}, events=1)
    today = wall_clock().astimezone(LONDON).date().isoformat()
    notice = {"about": "rejection", "case_id": str(form), "received_on": today}
    appeal = (await desk.command("/appeals", notice, events=1)).stream_id
    await desk.command(f"/appeals/{appeal}/decision", {"allowed": True, "decided_on": today}, events=1)
    because = {"electoral": case % 2 == 0, "because": f"case {case}"}
    await desk.command(f"/properties/{commons}/electoral", because, events=1)


async def proclaim_a_bank_holiday(desk: Desk, case: int) -> None:
    """All in one stream."""
    day = FIRST_HOLIDAY + timedelta(days=case)
    holiday = {"day": day.isoformat(), "name": f"Fault Day {case}", "nations": ["scotland"]}
    await desk.command("/bank-holidays", holiday, events=1)


async def buy_and_sell_a_kettle(desk: Desk, case: int) -> None:
    kettle = (await desk.command("/kit", {"name": f"Kettle {case}"}, events=1)).stream_id
    await desk.command(f"/kit/{kettle}/withdrawal", None, events=1)


async def post_a_journal(desk: Desk, case: int) -> None:
    """All in the stream of the financial year."""
    today = wall_clock().astimezone(LONDON).date()
    movement = {"debit": {"account": "1000"}, "credit": {"account": "2900"}, "pence": case}
    journal = {"on": today.isoformat(), "narrative": "fault run", "document": f"F-{case}", "postings": [movement]}
    year = today.year - (today < date(today.year, 4, 1))
    await desk.command(f"/ledger/{year}/journals", journal, events=1)


async def answer_an_enquiry(desk: Desk, case: int) -> None:
    today = wall_clock().astimezone(LONDON).date()
    enquiry = {"channel": "phone", "received_on": today.isoformat(), "summary": f"Fault {case}?"}
    logged = (await desk.command("/enquiries", enquiry, events=1)).stream_id
    await desk.command(f"/enquiries/{logged}/answer", {"answer": "It is being proven."}, events=1)


@dataclass(frozen=True, slots=True)
class Errand:
    """The work of one service's clerks: as which member of staff they sign in, and how many there are."""

    staff: str
    clerks: int
    run: Callable[[Desk, int], Awaitable[None]]


ERRANDS = {
    "registration": Errand("registration-officer", 4, register_a_household),
    "elections": Errand("ro-deputy", 1, proclaim_a_bank_holiday),
    "committees": Errand("dem-services", 1, buy_and_sell_a_kettle),
    "finance": Errand("finance-clerk", 1, post_a_journal),
    "notifications": Errand("correspondence", 1, answer_an_enquiry),
}


def address(case: int) -> dict[str, str]:
    return {"property": str(case), "street": "Fault Lane", "town": "Mootham", "postcode": "ZZ99 9ZZ"}


def application(case: int) -> dict[str, Any]:
    """Somebody invented, on paper; like nobody else in name and birth, or they would be taken for one another."""
    return {
        "channel": "paper",
        "reference": f"F-{case}",
        "name": {"first": "Sorrel", "last": "".join(SYLLABLES[int(digit)] for digit in str(case)).title()},
        "address": address(case),
        "date_of_birth": (FIRST_BIRTH + timedelta(days=case)).isoformat(),
        "nino": f"XX {case // 10000 % 100:02} {case // 100 % 100:02} {case % 100:02} A",
        "nationalities": "GB",
    }

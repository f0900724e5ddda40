"""Elections: a by-election in Hester's ward, and its electorate as registration's events leave it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cli.demo.council import Council
from cli.demo.registering import WARD
from cli.demo.story import Happened

SERVICE = "elections"
AHEAD = timedelta(days=150)
"""How long before its polling day the poll is created: the register changes in between."""
THURSDAY = 3


def by_election(c: Council) -> str:
    c.tell.chapter("A councillor has resigned: a by-election in the ward")
    earliest = c.today() + AHEAD
    polling_day = earliest + timedelta(days=(THURSDAY - earliest.weekday()) % 7)
    asked = {
        "kind": "local", "polling_day": polling_day.isoformat(), "organisation": "Mootshire District Council",
        "slug": "mootshire", "by_election": True, "reason": "RESIGNATION",
        "contests": [{"area": {"kind": "ward", "name": "Example Row", "code": WARD}, "seats": 1}],
    }  # fmt: skip
    election = str(c.at(SERVICE, "ro-deputy").post("/elections", asked)["stream_id"])
    c.follow(SERVICE, election)
    page = c.at(SERVICE, "elections-officer").get(f"/elections/{election}")
    by_post = next(step for step in page["timetable"] if step["key"] == "notice-of-election")
    c.tell.line(
        f"Polling day {polling_day:%A %-d %B %Y}; {len(page['timetable'])} steps. Notice of election by"
        f" {date.fromisoformat(by_post['day']):%-d %B}: {by_post['rule']} [dim]{by_post['source']}[/dim]"
    )
    c.story.electorate.append(_electorate(c, election))
    return election


def count(c: Council, election: str, notice: Happened) -> Happened:
    """What the notice of alteration makes of the electorate."""
    c.tell.chapter("Elections count the electorate again, from events alone")
    counted = c.comes(SERVICE, "elections.electorate-counted", notice.event_id)
    c.story.electorate.append(_electorate(c, election))
    before, after = c.story.electorate
    c.tell.line(
        f"{before['electors']} electors of whom {before['postal_voters']} vote by post, before; now {after['electors']}"
        f" and {after['postal_voters']}. No name, address or birth has left registration."
    )
    return counted


def _electorate(c: Council, election: str) -> dict[str, Any]:
    (contest,) = c.at(SERVICE, "elections-officer").get(f"/elections/{election}/electorate")
    return {key: contest[key] for key in ("area", "electors", "postal_voters", "not_counted_yet")}

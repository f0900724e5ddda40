"""Committees: the ward has grown, so a panel is set up to look at its polling places; its chair is appointed, it meets."""

from __future__ import annotations

from datetime import date, timedelta

from cli.demo.council import Council
from cli.demo.registering import WARD
from cli.demo.story import Happened

SERVICE = "committees"
SATURDAY = 5


def chair(c: Council, because: Happened) -> tuple[str, str, Happened]:
    """A panel with a chair. Answers panel, member, and the event that seated them."""
    c.tell.chapter("The council reviews the ward's polling places: a panel, and who chairs it")
    clerk = c.at(SERVICE, "dem-services")
    today, mark = c.today().isoformat(), c.thread[-4:].title()
    office = {"email": f"wren.{mark.lower()}@example.org", "lines": ["Town Hall", "Mootham"], "postcode": "MT1 1AA"}
    took = {
        "name": {"first": "Wren", "last": f"Tellerby-{mark}"}, "from_on": today, "ward": WARD, "contact": office,
        "ward_title": "Example Row",
    }  # fmt: skip
    member = str(clerk.post("/members", took, because=because.event_id)["stream_id"])
    c.follow(SERVICE, member)
    body = {
        "title": f"Polling Places Review Panel {mark}", "kind": "ordinary", "seats": 1, "quorum": 1, "created_on": today
    }  # fmt: skip
    panel = str(clerk.post("/committees", body, because=because.event_id)["stream_id"])
    created = c.follow(SERVICE, panel)
    appointed = {"role": "chair", "from_on": today}
    clerk.put(f"/committees/{panel}/seats/{member}", appointed, because=created.event_id)
    return panel, member, c.follow(SERVICE, panel)


def meeting(c: Council, panel: str, member: str, because: Happened) -> Happened:
    """Called with its clear days, its agenda published, held and attended. Answers the publication: the summons."""
    c.tell.chapter("The panel is summoned with its agenda, five clear days before, and meets")
    clerk = c.at(SERVICE, "dem-services")
    day = _working_day(c.today() + timedelta(days=14))
    sits = {"day": day.isoformat(), "starts": "18:30", "ends": "20:00", "committee_id": panel, "venue": "Town Hall"}
    identity = str(clerk.post("/meetings", sits, because=because.event_id)["stream_id"])
    c.follow(SERVICE, identity)
    item = {"title": "Polling places in Example Row", "for_decision": True}
    clerk.post(f"/meetings/{identity}/agenda", item, because=because.event_id)
    added = c.follow(SERVICE, identity)
    clerk.post(f"/meetings/{identity}/agenda/publication", {}, because=added.event_id)
    published = c.follow(SERVICE, identity)
    c.tell.line(f"It meets on {day:%A %-d %B %Y} at 18:30. [dim]{SERVICE}: /agendas/{identity}/1.pdf[/dim]")
    c.move_clock(day + timedelta(days=1))
    present = {"attendance": "present"}
    clerk.put(f"/meetings/{identity}/attendance/{member}", present, because=published.event_id)
    c.follow(SERVICE, identity)
    return published


def _working_day(day: date) -> date:
    """A weekday; that it is no bank holiday the service itself will say."""
    return day if day.weekday() < SATURDAY else day + timedelta(days=2)

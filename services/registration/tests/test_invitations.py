"""An invitation from the officer who records a potential elector to the steps that the clock takes by itself."""

from __future__ import annotations

from datetime import date

from services.registration.main import service
from shared.eventcore.deadlines import Deadlines

NAME = {"first": "Ada", "last": "Marsh"}


async def clock_strikes(desk, day: date) -> None:
    """It is that day, and what fell due until then is done."""
    desk.office.on(day)
    await Deadlines(service.deadlines).carry_out_due(
        desk.office.core.pool, desk.office.core.execute, desk.office.core.clock()
    )
    await desk.follow()


async def test_nobody_is_forgotten_the_clock_invites_and_reminds_and_then_a_visit_is_due(desk):
    desk.office.on(date(2026, 7, 1))
    home = await desk.office.property()
    found = await desk.post("/potential-electors", {"name": NAME, "property_id": str(home), "found_in": "canvass"})
    assert found.status_code == 201
    person = found.json()["stream_id"]
    again = await desk.post("/potential-electors", {"name": NAME, "property_id": str(home), "found_in": "council-tax"})
    assert again.json()["type"].endswith("already-a-potential-elector")
    await desk.follow()
    stages = []
    for day in (date(2026, 7, 28), date(2026, 7, 29), date(2026, 8, 26), date(2026, 9, 23)):
        await clock_strikes(desk, day)
        [row] = (await desk.get("/potential-electors")).json()["items"]
        stages.append((row["stage"], row["due"], row["reminders"]))
    assert stages == [
        ("to-invite", "2026-07-29", 0),
        ("to-remind", "2026-08-26", 0),
        ("to-remind", "2026-09-23", 1),
        ("to-visit", "2026-10-21", 2),
    ]
    seen = await desk.post(f"/potential-electors/{person}/visit", {"visited_on": "2026-09-24", "outcome": "not-seen"})
    assert seen.status_code == 200
    await clock_strikes(desk, date(2026, 10, 22))
    assert (await desk.get("/potential-electors?at=to-require")).json()["items"][0]["visit"] == "not-seen"
    assert (await desk.post(f"/potential-electors/{person}/requirement", None)).status_code == 200
    refused = await desk.post(f"/potential-electors/{person}/penalty", None)
    assert refused.status_code == 404, "a penalty is for the registration officer or a deputy"
    page = (await desk.get(f"/potential-electors/{person}")).json()
    assert page["timeline"][0]["what"] == "Potential elector found"


async def test_a_closed_invitation_rings_no_more(desk):
    desk.office.on(date(2026, 7, 1))
    home = await desk.office.property()
    found = await desk.post("/potential-electors", {"name": NAME, "property_id": str(home), "found_in": "school"})
    person = found.json()["stream_id"]
    await desk.follow()
    await desk.post(f"/potential-electors/{person}/closing", {"because": "not-resident", "reason": "moved to Leeds"})
    await desk.follow()
    await clock_strikes(desk, date(2026, 7, 29))
    page = (await desk.get(f"/potential-electors/{person}")).json()
    assert (page["stage"], page["given_on"]) == ("closed", None)

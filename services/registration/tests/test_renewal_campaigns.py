"""Campaigns of renewal: who is due, asked in batches, reminded, answers or lapses; every figure has its list."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.registration.main import service
from services.registration.tests.conftest import Desk
from shared.eventcore.deadlines import Deadlines
from shared.events.values import FranchiseFacts, PersonName

HOME = {"street": "3 Sea Road", "town": "Mootham", "postcode": "ZZ1 1AB"}
GRANTED, NOTICE, REMINDER, ENDS = date(2026, 4, 21), date(2028, 12, 20), date(2029, 1, 10), date(2029, 1, 31)


async def clock_strikes(desk: Desk, day: date) -> None:
    """It is that day, and what fell due until then is done."""
    desk.office.on(day)
    core = desk.office.core
    await desk.follow()
    await Deadlines(service.deadlines).carry_out_due(core.pool, core.execute, core.clock())
    await desk.follow()


async def electors_of(desk: Desk, many: int) -> list[Any]:
    desk.office.on(GRANTED)
    home = await desk.office.property(1)
    born = FranchiseFacts(date(1980, 12, 1), nationalities=("GB",))
    named = [PersonName("Ada", f"Marsh{'x' * n}") for n in range(1, many + 1)]
    return [(await desk.office.add(home, n, name=name, franchise=born))[0] for n, name in enumerate(named, 1)]


async def opened(desk: Desk, need: str, ends_on: date) -> str:
    answer = await desk.post("/renewal-campaigns", {"need": need, "ends_on": ends_on.isoformat()})
    assert answer.status_code == 201, answer.text
    await desk.follow()
    return f"/renewal-campaigns/{answer.json()['stream_id']}"


async def run(desk: Desk, campaign: str, stage: str = "notice", most: int = 500) -> tuple[int, int, int]:
    report = (await desk.post(f"{campaign}/runs", {"stage": stage, "most": most})).json()
    await desk.follow()
    return report["done"], report["unchanged"], report["waiting"]


async def figures(desk: Desk, campaign: str) -> dict[str, int]:
    """The figures, each of which has as many electors behind it as it says."""
    page = (await desk.get(campaign)).json()
    counted = {name: page[name] for name in ("due", "asked", "reminded", "answered", "lapsed")}
    for figure, count in counted.items():
        behind = (await desk.get(f"{campaign}/electors?figure={figure}")).json()["items"]
        assert len(behind) == count, figure
    return {name: count for name, count in counted.items() if count}


async def test_the_three_years_of_postal_votes_end_with_notice_and_reminder(desk: Desk):
    first, second, third, fourth = await electors_of(desk, 4)
    for elector in (first, second, third):
        assert (await desk.post(f"/electors/{elector}/postal-vote", {"kind": "maximum"})).status_code == 200
    shorter = {"kind": "definite-period", "asked_until": "2028-06-30"}
    assert (await desk.post(f"/electors/{fourth}/postal-vote", shorter)).status_code == 200
    campaign = await opened(desk, "reapplication", ENDS)
    assert (await desk.get(campaign)).json()["notice_on"] == NOTICE.isoformat()
    early = await desk.post(f"{campaign}/runs", {})
    assert early.json()["type"].endswith("too-early-to-ask")
    desk.office.on(NOTICE)
    assert [await run(desk, campaign, most=2) for _ in range(3)] == [(2, 0, 1), (1, 0, 0), (0, 0, 0)]
    assert await figures(desk, campaign) == {"asked": 3}
    assert (await desk.post(f"/electors/{first}/postal-vote", {"kind": "maximum"})).status_code == 200
    desk.office.on(REMINDER)
    await desk.follow()
    assert (await desk.get(campaign)).json()["to_remind"] == 2
    assert await run(desk, campaign, "reminder") == (2, 0, 0)
    assert await run(desk, campaign, "reminder") == (0, 0, 0)
    assert (await desk.get(campaign)).json()["to_remind"] == 0
    assert await figures(desk, campaign) == {"asked": 2, "reminded": 2, "answered": 1}
    await clock_strikes(desk, date(2029, 2, 1))
    assert await figures(desk, campaign) == {"reminded": 2, "answered": 1, "lapsed": 2}
    assert {
        (line["elector_id"], line["valid_until"]) for line in (await desk.get("/absent-voters")).json()["items"]
    } == {(str(first), "2029-01-31"), (str(first), "2031-01-31")}
    await desk.office.a_rebuild_is_equal("absent_voters")


async def test_two_runs_at_once_ask_nobody_twice(desk: Desk):
    for elector in await electors_of(desk, 3):
        await desk.post(f"/electors/{elector}/postal-vote", {"kind": "maximum"})
    campaign = await opened(desk, "reapplication", ENDS)
    desk.office.on(NOTICE)
    # The view has not seen what the first run did when the second one looks.
    answers = [await desk.post(f"{campaign}/runs", {"most": 2}) for _ in range(2)]
    written = [tuple(answer.headers["X-Position"].split(",")) for answer in answers]
    assert written[0] == written[1], "where the last of each shard stands, whoever wrote it"
    assert len(written[0]) in {1, 2}
    reports = [answer.json() for answer in answers]
    assert [(r["done"], r["unchanged"], r["waiting"]) for r in reports] == [(2, 0, 1), (0, 2, 1)]
    await desk.follow()
    assert await run(desk, campaign) == (1, 0, 0)
    asked = await desk.office.core.pool.fetchval("SELECT count(*) FROM event WHERE type LIKE '%renewal-requested%'")
    assert asked == 3


async def test_an_old_signature_is_asked_for_again_and_its_proxy_lapses_without(desk: Desk):
    electors = signs, lapses, waived, _ = await electors_of(desk, 4)
    for elector, last, day in zip(
        electors, ("Ash", "Elm", "Fir", "Yew"), (*[GRANTED] * 3, date(2027, 4, 1)), strict=True
    ):
        desk.office.on(day)
        proxy = {"name": {"first": "Ben", "last": last}, "address": HOME, "eligible": True}
        said = {"kind": "indefinite", "proxy": proxy, "ground": "registered-blind", "consents": True}
        assert (await desk.post(f"/electors/{elector}/proxy", said)).status_code == 200
    waiver = {"reason": "a tremor", "date_of_birth": "1980-12-01"}
    assert (await desk.post(f"/electors/{waived}/identifiers/waiver", waiver)).status_code == 200
    campaign = await opened(desk, "signature", date(2032, 1, 31))
    assert await figures(desk, campaign) == {"due": 2}
    desk.office.on(date(2032, 1, 31))
    assert await run(desk, campaign) == (2, 0, 0)
    desk.office.on(date(2032, 2, 21))
    assert (await desk.post(f"/electors/{signs}/identifiers/waiver", waiver)).status_code == 200
    await desk.follow()
    assert await run(desk, campaign, "reminder") == (1, 0, 0)
    await clock_strikes(desk, date(2032, 3, 14))
    assert await figures(desk, campaign) == {"reminded": 1, "answered": 1, "lapsed": 1}
    (gone,) = (await desk.get(f"/electors/{lapses}/absent-votes")).json()["arrangements"]
    assert (gone["stands"], gone["because"], gone["ended_on"]) == (False, "signature-not-refreshed", "2032-03-14")


async def test_whoever_is_asked_late_has_the_same_time_and_is_reminded_late(desk: Desk):
    (elector,) = await electors_of(desk, 1)
    proxy = {"name": {"first": "Ben", "last": "Ash"}, "address": HOME, "eligible": True}
    said = {"kind": "indefinite", "proxy": proxy, "ground": "registered-blind", "consents": True}
    assert (await desk.post(f"/electors/{elector}/proxy", said)).status_code == 200
    campaign = await opened(desk, "signature", date(2032, 1, 31))
    desk.office.on(date(2032, 2, 25))
    assert await run(desk, campaign) == (1, 0, 0)
    assert await run(desk, campaign, "reminder") == (0, 0, 0)
    desk.office.on(date(2032, 3, 16))
    assert (await desk.get(campaign)).json()["to_remind"] == 0
    desk.office.on(date(2032, 3, 17))  # three weeks after the notice
    assert (await desk.get(campaign)).json()["to_remind"] == 1
    assert await run(desk, campaign, "reminder") == (1, 0, 0)


async def test_a_campaign_is_for_a_day_on_which_absent_votes_end(desk: Desk):
    answer = await desk.post("/renewal-campaigns", {"need": "reapplication", "ends_on": "2029-02-01"})
    assert answer.json()["type"].endswith("no-renewal-day")
    answer = await desk.post("/renewal-campaigns/00000000-0000-4000-8000-000000000001/runs", {})
    assert answer.json()["type"].endswith("no-such-campaign")
    assert (await desk.get("/renewal-campaigns")).json() == []

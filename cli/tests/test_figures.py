"""`moot campaigns` and `moot statistics` against the registration API on a socket: a figure opens its list."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import date

import pytest

from cli.tests.conftest import moot
from services.registration.tests.conftest import Desk, desk  # noqa: F401
from services.registration.tests.test_renewal_campaigns import ENDS, NOTICE, REMINDER, electors_of
from shared.service import logs
from shared.service.tests.provider import serving

DAY = "2026-12-01"
CAMPAIGN = ("reapplication", ENDS.isoformat())


@pytest.fixture
async def office(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:  # noqa: F811
    logs.configure("info", stream=io.StringIO())  # the API's lines, not the command's
    async with serving(desk.app) as address:
        monkeypatch.setenv("MOOT_PORT_BASE", str(int(address.rpartition(":")[2]) - 1))
        far = int(desk.idp.claims()["exp"]) + 36_000
        monkeypatch.setenv("MOOT_TOKEN", desk.idp.token(exp=far))
        yield desk


async def postal_voters(office: Desk, many: int) -> None:
    for elector in await electors_of(office, many):
        assert (await office.post(f"/electors/{elector}/postal-vote", {"kind": "maximum"})).status_code == 200
    await office.follow()


async def test_a_campaign_is_opened_run_and_listed(office: Desk):
    await postal_voters(office, 3)
    opened = await moot("campaigns", "open", *CAMPAIGN)
    assert opened.code == 0
    await office.follow()
    office.office.on(NOTICE)
    asked = await moot("campaigns", "run", *CAMPAIGN, "--json")
    assert asked.data == {"done": 3, "unchanged": 0}
    await office.follow()
    office.office.on(REMINDER)
    assert "3 reminded." in (await moot("campaigns", "run", *CAMPAIGN, "--stage", "reminder")).out
    await office.follow()
    (listed,) = (await moot("campaigns", "list", "--json")).data
    assert (listed["asked"], listed["reminded"], listed["due"]) == (3, 3, 0)
    behind = await moot("campaigns", "electors", *CAMPAIGN, "--figure", "reminded", "--json")
    assert len(behind.data["items"]) == 3
    assert "reapplication" in (await moot("campaigns", "list")).out


async def test_a_campaign_that_nobody_opened_is_told_in_a_sentence(office: Desk):
    told = await moot("campaigns", "run", *CAMPAIGN)
    assert told.code == 1
    assert "moot campaigns open reapplication 2029-01-31" in told.err.replace("\n", " ") + told.out.replace("\n", " ")


async def test_a_figure_of_the_electorate_opens_a_list_of_as_many_entries(office: Desk):
    await electors_of(office, 4)
    await office.follow()
    total = (await moot("statistics", "electorate", "--on", DAY, "--json")).data["total"]
    assert total["entries"] == 4
    for sort in ("entries", "parliamentary", "attainers"):
        listed = await moot("statistics", "electorate", "--on", DAY, "--list", sort, "--json")
        assert len(listed.data["items"]) == total[sort], sort
    for_people = await moot("statistics", "electorate", "--on", DAY)
    assert "parliamentary" in for_people.out
    assert "all" in for_people.out
    named = await moot("statistics", "electorate", "--on", DAY, "--list", "entries")
    assert "entries: 4" in named.out
    assert "Marsh" in named.out


async def test_a_list_of_several_pages_comes_whole(office: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cli.api.PAGE", 2)
    await electors_of(office, 5)
    await office.follow()
    listed = await moot("statistics", "electorate", "--on", DAY, "--list", "entries", "--json")
    assert len({item["elector_id"] for item in listed.data["items"]}) == 5


async def test_a_counter_opens_the_facts_that_add_up_to_it(office: Desk):
    await office.office.apply(day=date(2026, 3, 2))
    await office.follow()
    within = ("--since", "2026-01-01", "--until", "2026-12-31")
    told = (await moot("statistics", "standards", *within, "--json")).data
    (received,) = [line for line in told["lines"] if line["figure"] == "applications-received"]
    listed = await moot("statistics", "standards", *within, "--list", "applications-received", "--json")
    assert sum(item["amount"] for item in listed.data["items"]) == received["amount"] == 1
    assert "applications-received" in (await moot("statistics", "standards", *within)).out


async def test_what_the_service_refuses_is_told_in_a_sentence(office: Desk):
    told = await moot("statistics", "standards", "--since", "2026-05-01", "--until", "2026-04-01")
    assert told.code == 1
    assert "first day comes after the last" in " ".join((told.err + told.out).split())

"""Reads of one's own record, household or namesakes, and of several anonymous entries, are seen by an auditor."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from services.registration.tests.conftest import Desk
from shared.events.values import PersonName


async def seen(desk: Desk) -> list[tuple[str, str, int]]:
    await desk.follow()
    answer = await desk.get("/reads/alerts/entries", "auditor", "auditor")
    assert answer.status_code == 200, answer.text
    return sorted((alert["rule"], alert["record"], alert["reads"]) for alert in answer.json())


async def declared(desk: Desk, *electors: Any) -> None:
    body = {"elector_ids": [str(elector) for elector in electors]}
    answer = await desk.http.put("/own-entries", json=body, headers=desk.headers("clerk"))
    assert answer.status_code == 200, answer.text
    await desk.follow()


async def test_who_looks_at_themselves_their_household_or_a_namesake_is_seen(desk: Desk):
    home, elsewhere = await desk.office.property(1), await desk.office.property(2, house="2")
    own, _ = await desk.office.add(home, 1, name=PersonName("Ada", "Marsh"))
    partner, _ = await desk.office.add(home, 2, name=PersonName("Bo", "Fern"))
    cousin, _ = await desk.office.add(elsewhere, 3, name=PersonName("Cy", "MARSH"))
    stranger, _ = await desk.office.add(elsewhere, 4, name=PersonName("Di", "Oak"))
    await declared(desk, own)
    for elector in (own, own, partner, cousin, stranger):
        assert (await desk.get(f"/electors/{elector}", "clerk")).status_code == 200
        await desk.get(f"/electors/{elector}", "another clerk")
    assert await seen(desk) == [
        ("namesake", str(cousin), 1), ("own-household", str(partner), 1), ("own-record", str(own), 2),
    ]  # fmt: skip


async def test_an_officer_who_says_nothing_or_takes_it_back_is_compared_with_nobody(desk: Desk):
    own, _ = await desk.office.add(await desk.office.property(1), 1)
    await desk.follow()
    await desk.get(f"/electors/{own}", "clerk")
    assert await seen(desk) == []
    await declared(desk, own)
    assert [rule for rule, _, _ in await seen(desk)] == ["own-record"]
    await declared(desk)
    assert await seen(desk) == []


async def test_several_anonymous_entries_in_a_day_are_seen_and_none_is_named(desk: Desk):
    home = await desk.office.property(1)
    hidden = [(await desk.office.add(home, number, anonymous=True))[0] for number in (1, 2, 3)]
    await desk.follow()
    for elector in hidden[:2]:
        await desk.get(f"/electors/{elector}", "clerk")
    assert await seen(desk) == []
    await desk.get(f"/electors/{hidden[2]}", "clerk")
    assert await seen(desk) == [("anonymous-entries", "", 3)]


async def test_only_auditors_ask_and_a_record_that_is_no_entry_is_passed_over(desk: Desk):
    await desk.follow()
    await desk.get(f"/electors/{uuid4()}", "clerk")
    assert await seen(desk) == []
    assert (await desk.get("/reads/alerts/entries", "clerk")).status_code == 404

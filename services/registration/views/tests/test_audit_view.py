"""The audit trail: every event, newest first, without personal data, for auditors only."""

from datetime import date

import pytest

from deploy.topology import CONTEXTS
from services.registration.properties.decider import AllocateProperty, properties
from shared.eventcore.testing.core import by
from shared.events.definition import REGISTRY
from shared.events.values import ElectoralAreas, PollingDistrict
from shared.service.audit_trail import audit_trail


@pytest.fixture
def auditor(client):
    client.headers.update(client.idp.bearer(roles=["auditor"]))
    return client


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_event_of_a_service_is_on_its_trail(context):
    trail = audit_trail(context)
    wires = {wire for wire, kind in REGISTRY.by_wire.items() if kind.context in (context, "core")}
    assert trail.handlers.keys() == wires
    assert trail.sources == {context}
    assert len(wires) > 10


async def test_the_trail_says_who_what_when_and_why_and_nothing_personal(office, auditor):
    identity, person = await office.apply(home=await office.property())
    await office.erase(person)
    await office.catch_up()
    items = (await auditor.get("/audit")).json()["items"]
    assert [item["what"] for item in items] == [
        "Subject erased", "Application listed", "Application received", "Property allocated", "Property added",
    ]  # fmt: skip
    received = items[2]
    assert (received["event_id"], received["actor"]) == (f"{identity}@1", "officer-1")
    kept = await office.everything_kept("audit")
    assert not any(text in kept for text in ("Ada", "Marsh", "Gorse", "AB123456D"))
    await office.a_rebuild_is_equal("audit")


async def test_the_trail_is_asked_by_stream_actor_type_and_day_and_paged(office, auditor):
    home = await office.property()
    await office.apply(home=home)
    await office.catch_up()

    async def found(**params):
        return [item["what"] for item in (await auditor.get("/audit", params=params)).json()["items"]]

    assert await found(stream=str(home)) == ["Property allocated", "Property added"]
    assert await found(type="application-received.v1") == ["Application received"]
    assert await found(day="2026-03-02", type="moothall.registration.application-listed.v1") == ["Application listed"]
    assert await found(day="2026-03-03") == []
    assert await found(actor="officer-2") == []
    received = (await auditor.get("/audit", params={"type": "application-received.v1"})).json()["items"][0]
    assert "Application received" in await found(correlation=received["correlation_id"])
    first = (await auditor.get("/audit", params={"limit": 3})).json()
    rest = (await auditor.get("/audit", params={"limit": 3, "cursor": first["next"]})).json()
    assert len(first["items"]) == 3
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    because = by()._replace(causation_id=received["event_id"])
    elsewhere = AllocateProperty(home, ElectoralAreas(PollingDistrict("AC")), "manual", date(2026, 3, 2), "asked for")
    await office.core.execute(properties, home, elsewhere, by=because)
    await office.catch_up()
    assert await found(cause=received["event_id"]) == ["Property allocated"]


async def test_an_officer_without_the_auditors_role_finds_no_trail(office, client):
    assert (await client.get("/audit")).status_code == 404

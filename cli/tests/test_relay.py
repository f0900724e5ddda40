"""`moot relay status`."""

from __future__ import annotations

import asyncio

import asyncpg

from cli.tests.conftest import Parish, moot
from shared.eventcore import kafka
from shared.eventcore.checkpoints import wait_for
from shared.eventcore.relay import Relay


async def test_without_an_owner_events_wait_and_the_exit_code_is_1(parish: Parish):
    for place in ("gate", "pump", "well"):
        await parish.core.pin(place)
    told = await moot("relay", "status", "--service", "toys", "--json")
    assert told.code == 1
    (relay,) = told.data["relays"]
    assert set(relay) == {"service", "shards", "owned", "owners", "horizon", "sent", "behind", "age_seconds"}
    assert (relay["owned"], relay["owners"], relay["horizon"], relay["sent"]) == (0, 0, 3, 0)
    first = (await parish.events())[0].recorded_at.isoformat()
    assert (relay["behind"]["events"], relay["behind"]["oldest"]) == (3, first)
    assert "start the relay role" in (await moot("relay", "status", "--service", "toys")).out


async def test_a_relay_at_work_is_seen_wherever_it_runs(parish: Parish, kafka_bootstrap: str):
    await kafka.ensure_topics(kafka_bootstrap, ["toys"])
    receipt = await parish.core.pin("gate")
    relay = Relay("toys", lambda: asyncpg.connect(parish.core.url), lambda: kafka.producer(kafka_bootstrap, "relay"))
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    try:
        token = f"{receipt.shard}:{receipt.position}"
        assert await wait_for(parish.core.pool, "relay", "toys", token, timeout=20)
        told = await moot("relay", "status", "--service", "toys", "--json")
    finally:
        stop.set()
        await running
    (status,) = told.data["relays"]
    assert (told.code, status["owned"], status["owners"], status["sent"]) == (0, 64, 1, 1)
    assert status["behind"] == {"events": 0, "shards": 0, "most": 0, "oldest": None}

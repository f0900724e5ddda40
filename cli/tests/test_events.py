"""`moot events tail`, from the store and from a real broker."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from uuid import uuid4

import asyncpg

from cli.tests.conftest import Parish, moot
from deploy.topology import ROOT
from shared.eventcore import kafka
from shared.eventcore.relay import Relay
from shared.eventcore.testing.core import AUTHORITY, by, event_core
from shared.events.definition import REGISTRY


async def test_events_are_told_from_the_start_one_json_object_a_line(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    await parish.core.initial(stream)
    told = await moot("events", "tail", "--service", "toys", "--from-start", "--limit", 2, "--json")
    assert [(e["position"], e["version"]) for e in told.lines] == [(1, 1), (2, 2)]
    assert told.code == 0


async def test_only_a_type_is_told_by_its_short_or_full_name(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    await parish.core.initial(stream)
    for name in ("notice-initialled", "moothall.toys.notice-initialled.v1"):
        told = await moot("events", "tail", "--service", "toys", "--from-start", "--type", name, "--limit", 1)
        assert "notice-initialled.v1" in told.out
        assert "notice-pinned" not in told.out


async def test_without_from_start_only_what_happens_now_is_told(parish: Parish):
    await parish.core.pin("before")
    tail = asyncio.create_task(moot("events", "tail", "--service", "toys", "--limit", 1, "--json"))
    while not tail.done():  # when it begins to watch cannot be seen from outside
        await parish.core.pin(f"place {uuid4()}")
        await asyncio.sleep(0.2)
    assert (await tail).lines[0]["position"] > 1


async def test_events_are_told_as_they_stand_on_kafka(parish: Parish, kafka_bootstrap: str, monkeypatch):
    monkeypatch.setenv("MOOT_KAFKA", kafka_bootstrap)
    await kafka.ensure_topics(kafka_bootstrap, ["toys"])
    stream = (await parish.core.pin("gate")).stream_id
    await parish.core.initial(stream)
    relay = Relay("toys", lambda: asyncpg.connect(parish.core.url), lambda: kafka.producer(kafka_bootstrap, "relay"))
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    try:
        told = await moot("events", "tail", "--service", "toys", "--kafka", "--from-start", "--limit", 2, "--json")
    finally:
        stop.set()
        await running
    assert [e["stream"] for e in told.lines] == [str(stream)] * 2
    assert [e["version"] for e in told.lines] == [1, 2]
    assert told.lines[0]["payload"]["words"]["$sealed"]


async def test_a_broker_that_is_away_is_told_in_one_sentence(parish: Parish):
    told = await moot("events", "tail", "--service", "toys", "--kafka", "--limit", 1)
    assert (told.code, told.out) == (1, "")
    assert "Kafka cannot be reached" in told.err


async def test_ctrl_c_ends_a_tail_without_a_complaint(database: str):
    async with event_core(database, "elections", REGISTRY) as core:
        subject = uuid4()
        async with core.pool.acquire() as conn:
            await core.keys.load_or_create(conn, [subject], AUTHORITY, core.clock())
        await core.execute.hold(subject, reason="petition", review_on=None, by=by())
        tail = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "events", "tail", "--service", "elections", "--from-start", cwd=ROOT,
            env={**os.environ, "MOOT_ELECTIONS_DATABASE_URL": database},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert tail.stdout is not None
        assert b"legal-hold-placed.v1" in await asyncio.wait_for(tail.stdout.readline(), 60)
        tail.send_signal(signal.SIGINT)
        _, complaint = await asyncio.wait_for(tail.communicate(), 60)
    assert (tail.returncode, complaint) == (0, b"")

"""The role `live` of a service on a real broker: it counts, is killed, and takes up what it had counted."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from deploy.local.process import Process
from deploy.topology import ROOT
from shared.eventcore import kafka
from shared.eventcore.kafka import Stored, ensure_topics, topic_of
from shared.eventcore.recording import Metadata, shard_of
from shared.eventcore.testing.infrastructure import free_port
from shared.service.tests.provider import COUNCIL, OTHER_COUNCIL, provider

NINE = datetime(2026, 5, 1, 9, 1, tzinfo=UTC)
ADDED = "moothall.registration.elector-added.v1"


def event(position: int, at: datetime, wire: str = ADDED, authority: str = COUNCIL) -> Stored:
    stream = UUID(int=position % 5)
    return Stored(
        "registration", position, shard_of(stream), stream, "elector", 1, wire, authority, "{}",
        Metadata("officer-1", authority, "c-1"), at, at, b"-" * 32,
    )  # fmt: skip


async def publish(bootstrap: str, *events: Stored) -> None:
    producer = kafka.producer(bootstrap, "test")
    await producer.start()
    try:
        for each in events:
            await producer.send_and_wait(
                topic_of("registration"), each.payload.encode(), key=each.stream_id.bytes,
                partition=each.shard % kafka.PARTITIONS, headers=each.headers(0),
            )  # fmt: skip
    finally:
        await producer.stop()


@pytest.fixture
def live(own_kafka, tmp_path):
    """Makes the process; `start` and `kill` are its own."""
    port = free_port()

    def make(issuer: str) -> Process:
        environment = {
            **os.environ, "MOOT_ENV": "test", "MOOT_KAFKA": own_kafka.bootstrap, "MOOT_OIDC_ISSUER": issuer,
            "MOOT_PORT": str(port), "MOOT_LOG_LEVEL": "warning",
        }  # fmt: skip
        command = [sys.executable, "-m", "services.registration", "live"]
        made.append(Process("live", command, tmp_path / "live.log", environment, patience=10, cwd=ROOT))
        return made[-1]

    made: list[Process] = []
    make.port, make.bootstrap = port, own_kafka.bootstrap
    yield make
    for process in made:
        process.stop()


async def counts(port: int, headers: dict[str, str], wanted: int) -> dict:
    """The hours, once they add up to `wanted` and everything is taken up; else whatever they were after three minutes."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client:
        body: dict = {}
        for _ in range(360):
            try:
                body = (await client.get("/live")).json()
            except httpx.HTTPError:
                body = {}
            if body.get("complete") and sum(sum(hour["counts"].values()) for hour in body["hour"]) >= wanted:
                await asyncio.sleep(1.5)  # whoever counts twice does it now
                return {
                    "hour": {hour["begins"]: hour["counts"] for hour in (await client.get("/live")).json()["hour"]},
                    "metrics": (await client.get("/metrics")).text,
                }
            await asyncio.sleep(0.5)
        return body


async def test_a_killed_counter_takes_up_what_it_had_counted_and_counts_nothing_twice(live):
    await ensure_topics(live.bootstrap, ["registration"])
    morning = [event(n, NINE + timedelta(minutes=n)) for n in range(1, 21)]
    other = [event(21, NINE, authority=OTHER_COUNCIL), event(22, NINE, wire="moothall.registration.elector-kept.v9")]
    async with provider() as idp:
        officer = idp.bearer(roles=["elections-officer"])
        process = live(idp.issuer)
        await publish(live.bootstrap, *morning, *other)
        process.start()
        before = await counts(live.port, officer, 20)
        assert before["hour"] == {"2026-05-01T09:00:00Z": {"registration.elector-added": 20}}
        process.kill()

        later = [event(n, NINE + timedelta(hours=1)) for n in range(30, 35)]
        await publish(live.bootstrap, *morning[-5:], *later, later[-1])
        process = live(idp.issuer)
        process.start()
        after = await counts(live.port, officer, 25)
        assert after["hour"] == {
            "2026-05-01T10:00:00Z": {"registration.elector-added": 5},
            "2026-05-01T09:00:00Z": {"registration.elector-added": 20},
        }
        assert 'moot_live_events{type="registration.elector-added",window="hour"} 5.0' in after["metrics"]

        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{live.port}", trust_env=False) as client:
            assert (await client.get("/live")).status_code == 401
            assert (await client.get("/live", headers=idp.bearer(roles=["member"]))).status_code == 404
            elsewhere = (await client.get("/live", headers=idp.bearer(authorities=[OTHER_COUNCIL]))).json()
            assert [hour["counts"] for hour in elsewhere["hour"]] == [{"registration.elector-added": 1}]

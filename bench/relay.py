"""Part `relay`: from the store to Kafka, acknowledged by all replicas, beside a bare producer with the same records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg

from bench.filling import EVENTS_EACH, fill, settle
from bench.ground import Ground
from bench.measuring import Comparison, take_turns, until
from shared.eventcore.kafka import PARTITIONS, Stored, await_leaders, ensure_topics, producer, topic_of
from shared.eventcore.relay import Relay
from shared.eventcore.store import read_all

PART = "relay"
TARGET = 0.6
LEADERS_SECONDS = 0.5
"""A new partition's leader takes no records for a moment after it is named, and a producer that meets that waits and tries again."""


async def measure(ground: Ground) -> list[Comparison]:
    bootstrap = ground.broker()
    async with stored(ground, ground.sizes.events) as (url, pool):
        count = await pool.fetchval("SELECT count(*) FROM event")
        async with pool.acquire() as conn:
            events = [event async for batch in read_all(conn, "casework") for event in batch]
        done = await take_turns(
            ground.sizes.rounds,
            {"relay": lambda: relayed(url, bootstrap, count), "bare producer": lambda: produced(bootstrap, events)},
            ground.say,
        )
    return [done.compare(PART, "store to Kafka, acknowledged", "events/s", "relay", ["bare producer"], TARGET)]


@asynccontextmanager
async def stored(ground: Ground, events: int) -> AsyncIterator[tuple[str, asyncpg.Pool[Any]]]:
    """A store that holds so many events, and a pool of its owner."""
    async with ground.database() as url, asyncpg.create_pool(url, min_size=1, max_size=10) as pool:
        await fill(pool, max(1, events // EVENTS_EACH))
        await settle(pool)
        yield url, pool


async def relayed(url: str, bootstrap: str, count: int, context: str = "", *, with_start: bool = True) -> float:
    """Events per second of a relay that begins at the first event, on a topic of its own; `with_start`: with what it takes
    to own its shards and to meet the broker."""
    context = context or f"relayed{uuid4().hex[:8]}"
    await fresh_topic(bootstrap, context)
    relay = Relay(context, lambda: asyncpg.connect(url), lambda: producer(bootstrap, context))
    stop = asyncio.Event()
    started = time.perf_counter()
    running = asyncio.create_task(relay.run(stop))
    first = 0
    if not with_start:
        await until(lambda: relay.sent > 0)
        first, started = relay.sent, time.perf_counter()
    await until(lambda: relay.sent >= count)
    took = time.perf_counter() - started
    stop.set()
    await running
    return (count - first) / took if count > first else float(count)


async def produced(bootstrap: str, events: list[Stored]) -> float:
    """Records per second of a producer with the relay's settings; records made beforehand, one acknowledgement awaited each."""
    context = f"produced{uuid4().hex[:8]}"
    await fresh_topic(bootstrap, context)
    topic = topic_of(context)
    records = [
        (event.payload.encode(), event.stream_id.bytes, event.shard % PARTITIONS, event.headers(event.position - 1))
        for event in events
    ]
    sender = producer(bootstrap, context)
    started = time.perf_counter()
    await sender.start()
    try:
        sends = [
            await sender.send(topic, value, key=key, partition=partition, headers=headers)
            for value, key, partition, headers in records
        ]
        await asyncio.gather(*sends)
        return len(records) / (time.perf_counter() - started)
    finally:
        await sender.stop()


async def fresh_topic(bootstrap: str, context: str) -> None:
    await ensure_topics(bootstrap, [context])
    await await_leaders(bootstrap, [topic_of(context)])
    await asyncio.sleep(LEADERS_SECONDS)

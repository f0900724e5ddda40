"""Following events as they come, for people who watch: nothing is remembered, no group is joined, nobody is slowed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.eventcore.checkpoints import Conn
from shared.eventcore.kafka import Stored, seal_topic_of, topic_of
from shared.eventcore.seals import Seal
from shared.eventcore.store import read

LOOK_SECONDS = 0.2


async def from_store(conn: Conn, context: str, *, from_start: bool) -> AsyncGenerator[Stored, None]:
    """Every event in the order of positions, without end."""
    after = 0 if from_start else await conn.fetchval("SELECT event_horizon()")
    while True:
        events = await read(conn, context, after=after)
        for event in events:
            yield event
        if events:
            after = events[-1].position
        else:
            await asyncio.sleep(LOOK_SECONDS)


async def from_kafka(bootstrap: str, context: str, *, from_start: bool) -> AsyncGenerator[Stored, None]:
    """Every record of the context's topic, without end: in order within a shard. Raises `KafkaError`."""
    consumer = _watcher(bootstrap, topic_of(context), from_start=from_start)
    await consumer.start()
    try:
        async for record in consumer:
            yield Stored.from_record(record)
    finally:
        await consumer.stop()


async def published_seals(bootstrap: str, context: str) -> list[Seal]:
    """The seals of a context that stand on Kafka, in the order of their numbers. Raises `KafkaError`."""
    topic = seal_topic_of(context)
    consumer = _watcher(bootstrap, topic, from_start=True)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(
            [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic) or ()]
        )
        records: list[ConsumerRecord[Any, Any]] = []
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            polled = await consumer.getmany(timeout_ms=500)
            records += [record for found in polled.values() for record in found if record.value]
    finally:
        await consumer.stop()
    # Until it is compacted the topic holds a seal as often as it was published.
    seals = {seal.number: seal for seal in (Seal.from_json(record.value.decode()) for record in records)}
    return [seals[number] for number in sorted(seals)]


def _watcher(bootstrap: str, topic: str, *, from_start: bool) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, client_id="moot", group_id=None, enable_auto_commit=False,
        auto_offset_reset="earliest" if from_start else "latest", fetch_max_wait_ms=200,
    )  # fmt: skip

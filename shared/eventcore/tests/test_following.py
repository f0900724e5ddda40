"""Reading topics without a database, and a topic that is made anew under its reader."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.eventcore import following, kafka
from shared.eventcore.following import Following
from shared.eventcore.kafka import PARTITIONS, Stored, empty_topics, ensure_topics, topic_of
from shared.eventcore.recording import Metadata

NOW = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
BUSY, QUIET = 0, PARTITIONS
"""Two shards of one partition."""


def record(context: str, shard: int, position: int, previous: int) -> Stored:
    metadata = Metadata("clerk", "E07000999", "")
    return Stored(
        context, position, shard, UUID(int=shard), "toy", 1, "moothall.toys.x.v1", "E07000999", "{}", metadata, NOW, NOW,
        b"#", previous,
    )  # fmt: skip


async def send(bootstrap: str, records: list[Stored]) -> None:
    producer = kafka.producer(bootstrap, "test")
    await producer.start()
    try:
        for one in records:
            await producer.send_and_wait(
                topic_of(one.context), one.payload.encode(), partition=0, headers=one.headers(one.previous)
            )
    finally:
        await producer.stop()


async def make_anew(bootstrap: str, context: str, records: list[Stored]) -> None:
    await empty_topics(bootstrap, context)
    await send(bootstrap, records)


def while_we_stand_still(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """As a suspended process does: no task of our loop sees the topic gone or empty."""
    other = Thread(target=lambda: asyncio.run(work()))
    other.start()
    other.join()


async def test_what_a_topic_made_anew_holds_before_the_readers_place_is_read_on_a_quiet_shard_too(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(following, "BATCH", 1)  # the rest is fetched already
    monkeypatch.setattr(kafka, "LOOK_SECONDS", 0.2)
    context = f"toys{uuid4().hex[:8]}"
    await ensure_topics(kafka_bootstrap, [context])
    first = record(context, BUSY, 1, 0)
    await send(kafka_bootstrap, [first] * 10)
    async with Following(kafka_bootstrap, [context], {}) as reading:
        given: list[Stored] = []
        while not given:
            given += await reading.next()
        anew = [first, record(context, QUIET, 2, 0), *[first] * 8, record(context, BUSY, 3, 1)]
        while_we_stand_still(lambda: make_anew(kafka_bootstrap, context, anew))
        for _ in range(60):
            given += await reading.next()
    assert sorted(event.position for event in given) == [1, 2, 3]
    assert reading.missing == set()

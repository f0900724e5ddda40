"""A broker that loses everything loses nothing: topics are rebuilt from the store, and readers go on where they stand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from aiokafka.errors import KafkaError

from shared.eventcore import kafka
from shared.eventcore.checkpoints import load_positions, save_positions
from shared.eventcore.consuming import Consuming
from shared.eventcore.kafka import SEND_SECONDS, empty_topics, ensure_topics
from shared.eventcore.republish import FAREWELL_SECONDS, republish
from shared.eventcore.sealer import seal_closed
from shared.eventcore.seals import Seal
from shared.eventcore.testing.core import Core, event_core
from shared.eventcore.tests.test_relay_and_consumer import (
    BOARD,
    PARTITIONS,
    eventually,
    in_order_and_whole,
    on_topic,
    relay_of,
    running,
)
from shared.eventcore.views import ViewReader


@pytest_asyncio.fixture
async def core(database: str, kafka_bootstrap: str) -> AsyncIterator[Core]:
    context = f"toys{uuid4().hex[:8]}"
    await ensure_topics(kafka_bootstrap, [context], partitions=PARTITIONS)
    async with event_core(database, context) as opened:
        await opened.set_up_views(BOARD)
        yield opened


def another_service(core: Core, bootstrap: str) -> Consuming:
    """Reads the core's topic as a service that cannot reach its store."""
    return Consuming(
        "elsewhere", [(ViewReader(BOARD), frozenset({core.context}))], core.pool,
        lambda topics: kafka.consumer(bootstrap, f"{core.context}.elsewhere", topics), core.opener, core.clock, partitions=PARTITIONS,
    )  # fmt: skip


async def test_emptied_topics_are_filled_again_and_every_reader_goes_on(core: Core, kafka_bootstrap: str):
    first = [await core.pin(f"place {i}") for i in range(40)]
    async with running(relay_of(core, kafka_bootstrap), another_service(core, kafka_bootstrap)):
        await eventually(lambda: _applied(core, 40))
    unread = [await core.pin(f"unread {i}") for i in range(40)]
    async with running(relay_of(core, kafka_bootstrap)):
        await eventually(lambda: _sent(core, unread[-1].position))
        async with core.pool.acquire() as conn:
            await republish(conn, core.context, kafka_bootstrap, partitions=PARTITIONS)
        last = await core.pin("after")
        async with running(another_service(core, kafka_bootstrap)):
            await eventually(lambda: _applied(core, 81))
        records = await on_topic(core, kafka_bootstrap, 81)
    in_order_and_whole(records, {r.position for r in [*first, *unread, last]})


async def test_a_topic_that_goes_on_before_it_is_filled_again_holds_nobody_up(core: Core, kafka_bootstrap: str):
    """The broker lost everything, and its relay noticed nothing: a reader that is behind must not read that part for ever."""
    lost = [await core.pin(f"lost {i}") for i in range(60)]
    async with running(relay_of(core, kafka_bootstrap)):
        await eventually(lambda: _sent(core, lost[-1].position))
    await empty_topics(kafka_bootstrap, core.context, partitions=PARTITIONS)
    more = [await core.pin(f"more {i}") for i in range(60)]
    reader = another_service(core, kafka_bootstrap)
    async with running(reader):
        async with running(relay_of(core, kafka_bootstrap)):
            await eventually(lambda: _sent(core, more[-1].position))
            await eventually(lambda: _true(reader.gaps > 0))
        await core.pool.execute("DELETE FROM checkpoint WHERE consumer = 'relay'")
        async with running(relay_of(core, kafka_bootstrap)):
            await eventually(lambda: _applied(core, 120))


async def test_a_seal_on_its_way_to_a_topic_that_is_emptied_is_published_again(core: Core, kafka_bootstrap: str):
    """A sealer that is publishing holds the republication up; so its mark never outlives the topic it speaks of."""
    receipt = await core.pin("sealed")
    published: list[int] = []
    async with core.pool.acquire() as sealing, core.pool.acquire() as operator:

        async def publish(seal: Seal) -> None:
            if not published:
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(1):
                        await republish(operator, core.context, kafka_bootstrap, partitions=PARTITIONS)
            published.append(seal.number)

        await seal_closed(sealing, core.keyring.seal, core.context, receipt.position, core.clock(), publish)
        await republish(operator, core.context, kafka_bootstrap, partitions=PARTITIONS)
        await seal_closed(sealing, core.keyring.seal, core.context, receipt.position, core.clock(), publish)
    assert published == [1, 1]


async def test_positions_are_forgotten_before_topics_are_emptied(core: Core):
    """So a broker that fails in between has records come twice. The other way round they would be missing."""
    async with core.pool.acquire() as conn:
        await save_positions(conn, "relay", core.context, {1: 7})
        with pytest.raises((KafkaError, TimeoutError)):
            await republish(conn, core.context, "127.0.0.1:1", partitions=PARTITIONS)
        assert await load_positions(conn, "relay", core.context) == {}


def test_a_relay_that_was_sent_away_has_fallen_silent_before_topics_are_emptied():
    assert FAREWELL_SECONDS > SEND_SECONDS


async def _applied(core: Core, n: int) -> bool:
    return bool(await core.pool.fetchval("SELECT count(*) FROM board.notice") == n)


async def _sent(core: Core, position: int) -> bool:
    async with core.pool.acquire() as conn:
        return max((await load_positions(conn, "relay", core.context)).values(), default=0) >= position


async def _true(value: bool) -> bool:
    return value

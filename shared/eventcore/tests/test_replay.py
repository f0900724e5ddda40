"""Reading another service's topic from its first record: when a view is rebuilt, and when it is new."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from shared.eventcore import kafka
from shared.eventcore.applying import apply
from shared.eventcore.checkpoints import Conn
from shared.eventcore.consuming import Consuming
from shared.eventcore.filling import RebuildStopped
from shared.eventcore.kafka import PARTITIONS, Stored, ensure_topics, topic_of
from shared.eventcore.projection import View
from shared.eventcore.rebuild import TopicsNeeded, rebuild
from shared.eventcore.recording import Recorded
from shared.eventcore.replay import topics
from shared.eventcore.testing.core import Core, event_core
from shared.eventcore.testing.infrastructure import temporary_database
from shared.eventcore.testing.toys import Board
from shared.eventcore.views import ViewReader

BOARD: View = Board.view  # type: ignore[attr-defined]


def view_of(context: str) -> View:
    """The board as another service reads it: its events come from `context`."""
    return View(BOARD.name, BOARD.version, BOARD.tables, BOARD.handlers, frozenset({context}))


@pytest_asyncio.fixture
async def owner(database: str) -> AsyncIterator[Core]:
    """The service whose events they are; its topic is this test's own."""
    async with event_core(database, f"toys{uuid4().hex[:8]}") as opened:
        yield opened


@pytest_asyncio.fixture
async def reader(postgres_url: str, owner: Core) -> AsyncIterator[Core]:
    """Another service, with a database and keys of its own."""
    async with temporary_database(postgres_url) as url, event_core(url, "readers") as opened:
        await opened.set_up_views(view_of(owner.context))
        yield opened


async def publish(owner: Core, bootstrap: str) -> list[Stored]:
    """Everything in the owner's store, on its topic, as the relay sends it."""
    await ensure_topics(bootstrap, [owner.context])
    producer = kafka.producer(bootstrap, "test")
    await producer.start()
    events, last = await owner.store.read(after=0, limit=10_000), dict.fromkeys(range(64), 0)
    try:
        for event in events:
            await producer.send_and_wait(
                topic_of(owner.context), event.payload.encode(), key=str(event.stream_id).encode(),
                partition=event.shard % PARTITIONS, headers=event.headers(last[event.shard]),
            )  # fmt: skip
            last[event.shard] = event.position
    finally:
        await producer.stop()
    return events


async def read(reader: Core, view: View, owner: Core, events: Sequence[Stored]) -> None:
    async with reader.pool.acquire() as conn:
        await apply(conn, ViewReader(view), owner.context, events, reader.opener, reader.clock)


async def test_without_topics_a_view_on_foreign_events_refuses_to_be_rebuilt_and_says_why(owner: Core, reader: Core):
    with pytest.raises(TopicsNeeded, match=rf"board reads events of {owner.context}, which only their topics hold"):
        await rebuild(reader.pool, "readers", view_of(owner.context), reader.opener, reader.clock)


async def test_a_view_on_foreign_events_is_rebuilt_from_their_topic_to_where_it_stands(
    owner: Core, reader: Core, kafka_bootstrap: str
):
    for i in range(40):
        receipt = await owner.pin(f"place {i}")
        await owner.initial(receipt.stream_id)
    view, events = view_of(owner.context), await publish(owner, kafka_bootstrap)
    await read(reader, view, owner, events[:50])  # the live view lags; the topic is ahead
    before = await reader.rows("board.notice")
    done = await rebuild(reader.pool, "readers", view, reader.opener, reader.clock, topics=topics(kafka_bootstrap))
    assert (done.events, done.equal) == (50, True)
    assert await reader.rows("board.notice") == before
    assert {row["words"] for row in before} == {None}, "another service's words stay sealed"
    await read(reader, view, owner, events)  # and goes on from there
    assert (await reader.rows("board.place_count"))[0]["pinned"] == 40
    assert sum(row["initials"] for row in await reader.rows("board.notice")) == 40


async def test_a_topic_that_lost_its_beginning_stops_the_rebuild(owner: Core, reader: Core, kafka_bootstrap: str):
    stream = (await owner.pin("pump")).stream_id
    await owner.initial(stream)
    view, events = view_of(owner.context), await publish(owner, kafka_bootstrap)
    await read(reader, view, owner, events)
    partition = TopicPartition(topic_of(owner.context), events[0].shard % PARTITIONS)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.delete_records({partition: RecordsToDelete(before_offset=1)})
    await admin.close()
    with pytest.raises(RebuildStopped, match="no longer holds all of shard"):
        await rebuild(reader.pool, "readers", view, reader.opener, reader.clock, topics=topics(kafka_bootstrap))
    assert len(await reader.rows("board.notice")) == 1, "the live view is untouched"


async def test_records_that_stood_on_the_topic_before_their_turn_do_not_stop_the_rebuild(
    owner: Core, reader: Core, kafka_bootstrap: str
):
    stream = (await owner.pin("pump")).stream_id
    await owner.initial(stream)
    [first, second] = await owner.store.read(after=0)
    await ensure_topics(kafka_bootstrap, [owner.context])
    producer = kafka.producer(kafka_bootstrap, "late")
    await producer.start()
    await producer.send_and_wait(
        topic_of(owner.context), second.payload.encode(), key=b"", partition=second.shard % PARTITIONS,
        headers=second.headers(first.position),
    )  # fmt: skip
    await producer.stop()
    view, events = view_of(owner.context), await publish(owner, kafka_bootstrap)
    await read(reader, view, owner, events)
    done = await rebuild(reader.pool, "readers", view, reader.opener, reader.clock, topics=topics(kafka_bootstrap))
    assert (done.events, done.equal) == (2, True)


EVENTS = 20


class Witness:
    """A reader that remembers what it was told."""

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer
        self.told: list[int] = []
        self.heard = asyncio.Event()

    def wants(self, wire: str) -> bool:
        return True

    async def handle(self, conn: Conn, events: Sequence[Recorded[Any]]) -> None:
        self.told += [event.position for event in events]
        if len(self.told) >= EVENTS:
            self.heard.set()


async def test_a_reader_that_is_new_to_a_quiet_topic_gets_all_that_its_group_read_before(
    owner: Core, reader: Core, kafka_bootstrap: str
):
    for i in range(EVENTS):
        await owner.pin(f"place {i}")
    events = await publish(owner, kafka_bootstrap)
    positions = [event.position for event in events]
    old, new = Witness("view:old"), Witness("view:new")
    await listen(reader, owner, kafka_bootstrap, old, until=[old])
    assert sorted(old.told) == positions
    await listen(reader, owner, kafka_bootstrap, old, new, until=[old, new])
    assert (sorted(new.told), sorted(old.told)) == (positions, positions), "the old one heard nothing twice"


async def listen(reader: Core, owner: Core, bootstrap: str, *witnesses: Witness, until: Sequence[Witness]) -> None:
    """Run the live loop of one group until these witnesses were told something of every event, or ten seconds."""
    sources = frozenset({owner.context})
    loop = Consuming(
        "readers", [(witness, sources) for witness in witnesses], reader.pool,
        lambda topics: kafka.consumer(bootstrap, f"{owner.context}.views", topics), reader.opener, reader.clock,
    )  # fmt: skip
    stop = asyncio.Event()
    running = asyncio.create_task(loop.run(stop))
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*(witness.heard.wait() for witness in until)), 10)
    await asyncio.sleep(0.5)  # the batch's offsets are committed after its rows
    stop.set()
    await running

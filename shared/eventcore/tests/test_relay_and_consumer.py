"""From the store over a real broker to a read model: in order, nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest_asyncio
from aiokafka import AIOKafkaConsumer

from shared.eventcore import consuming, kafka
from shared.eventcore.checkpoints import load_positions, wait_for
from shared.eventcore.consuming import Consuming
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.kafka import Stored, ensure_topics, topic_of
from shared.eventcore.policy import Do, Policy, PolicyReader, policy
from shared.eventcore.projection import View
from shared.eventcore.relay import Relay
from shared.eventcore.testing.core import AUTHORITY, Core, event_core
from shared.eventcore.testing.toys import TOYS, Board, Initial, NoticePinned, notices
from shared.eventcore.views import ViewReader

BOARD: View = Board.view  # type: ignore[attr-defined]
PARTITIONS = 4


@pytest_asyncio.fixture
async def core(database: str, kafka_bootstrap: str) -> AsyncIterator[Core]:
    """A core whose context, and so its topic, is this test's own."""
    context = f"toys{uuid4().hex[:8]}"
    await ensure_topics(kafka_bootstrap, [context], partitions=PARTITIONS)
    async with event_core(database, context) as opened:
        await opened.set_up_views(BOARD)
        yield opened


def relay_of(core: Core, bootstrap: str) -> Relay:
    return Relay(
        core.context,
        lambda: asyncpg.connect(core.url),
        lambda: kafka.producer(bootstrap, "relay"),
        partitions=PARTITIONS,
    )


def views_of(core: Core, bootstrap: str, *readers: ViewReader | PolicyReader) -> Consuming:
    own = frozenset({core.context})
    return Consuming(
        core.context, [(r, own) for r in readers or (ViewReader(BOARD),)], core.pool,
        lambda topics: kafka.consumer(bootstrap, f"{core.context}.views", topics), core.opener, core.clock, partitions=PARTITIONS,
    )  # fmt: skip


@asynccontextmanager
async def running(*roles: Relay | Consuming) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(role.run(stop)) for role in roles]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 20)


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < until, "it did not come true in time"
        await asyncio.sleep(0.02)


async def on_topic(core: Core, bootstrap: str, n: int, seconds: float = 20) -> list[Stored]:
    """At least `n` records of the core's topic, in the order of each partition."""
    consumer: AIOKafkaConsumer = kafka.consumer(bootstrap, f"probe-{uuid4().hex}", [topic_of(core.context)])
    await consumer.start()
    found: list[Stored] = []
    until = time.monotonic() + seconds
    try:
        while len(found) < n and time.monotonic() < until:
            for records in (await consumer.getmany(timeout_ms=300)).values():
                found += [Stored.from_record(r) for r in records]
        return found
    finally:
        await consumer.stop()


def in_order_and_whole(records: list[Stored], positions: set[int]) -> None:
    by_shard: dict[int, int] = {}
    fresh = []
    for r in records:
        if r.position > by_shard.get(r.shard, 0):
            assert r.previous == by_shard.get(r.shard, 0), "each new record names the one before it"
            by_shard[r.shard] = r.position
            fresh.append(r.position)
    assert set(fresh) == positions
    assert len(fresh) == len(positions)


async def test_what_is_stored_reaches_the_topic_in_order_with_its_place_and_cause(core: Core, kafka_bootstrap: str):
    receipts = [await core.pin(f"place {i}") for i in range(50)]
    async with running(relay_of(core, kafka_bootstrap)):
        records = await on_topic(core, kafka_bootstrap, 50)
    in_order_and_whole(records, {r.position for r in receipts})
    one = next(r for r in records if r.stream_id == receipts[0].stream_id)
    [stored] = await core.store.stream(receipts[0].stream_id, AUTHORITY)
    assert one._replace(previous=-1) == stored, "Kafka carries the event as it is stored: sealed, with its hash"


async def test_a_view_follows_and_a_reader_can_wait_for_his_own_write(core: Core, kafka_bootstrap: str):
    async with running(relay_of(core, kafka_bootstrap), views_of(core, kafka_bootstrap)):
        receipt = await core.pin("pump")
        assert await wait_for(core.pool, BOARD.consumer, core.context, receipt.token, timeout=20)
        assert [r["place"] for r in await core.rows("board.notice")] == ["pump"]


async def test_waiting_for_a_write_that_no_view_has_seen_says_so(core: Core):
    receipt = await core.pin("pump")
    assert not await wait_for(core.pool, BOARD.consumer, core.context, receipt.token, timeout=0.05)


async def test_of_two_relays_one_owns_each_shard_and_the_other_takes_over(core: Core, kafka_bootstrap: str):
    first, second = relay_of(core, kafka_bootstrap), relay_of(core, kafka_bootstrap)
    stop_first, stop_second = asyncio.Event(), asyncio.Event()
    one = asyncio.create_task(first.run(stop_first))
    await eventually(lambda: _true(len(first.owned) == 64))
    two = asyncio.create_task(second.run(stop_second))
    await core.pin("before")
    await asyncio.sleep(0.7)
    assert not second.owned
    stop_first.set()
    await one
    await eventually(lambda: _true(len(second.owned) == 64))
    await core.pin("after")
    records = await on_topic(core, kafka_bootstrap, 2)
    stop_second.set()
    await two
    assert len(records) == 2


async def test_a_relay_whose_connection_is_killed_resumes_without_loss_or_disorder(core: Core, kafka_bootstrap: str):
    receipts = []
    async with running(relay_of(core, kafka_bootstrap)):
        for i in range(60):
            receipts.append(await core.pin(f"place {i}"))
            if i in (20, 40):
                await core.pool.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
                )
        records = await on_topic(core, kafka_bootstrap, 60)
        await eventually(lambda: _relay_is_level(core, receipts[-1].position))
    in_order_and_whole(records, {r.position for r in receipts})


async def test_a_zombie_relay_that_sends_again_from_an_old_position_does_no_harm(core: Core, kafka_bootstrap: str):
    """The zombie lost its locks and does not know: it sends what the new owner has already sent."""
    receipts = [await core.pin(f"place {i}") for i in range(30)]
    async with running(relay_of(core, kafka_bootstrap), views_of(core, kafka_bootstrap)):
        await eventually(lambda: _relay_is_level(core, receipts[-1].position))
    await core.pool.execute("DELETE FROM checkpoint WHERE consumer = 'relay'")
    async with running(relay_of(core, kafka_bootstrap), views_of(core, kafka_bootstrap)):
        last = await core.pin("last")
        assert await wait_for(core.pool, BOARD.consumer, core.context, last.token, timeout=20)
        records = await on_topic(core, kafka_bootstrap, 61)
    in_order_and_whole(records, {r.position for r in [*receipts, last]})
    assert (await core.rows("board.place_count"))[0]["pinned"] == 31


async def test_a_record_lost_on_the_way_is_seen_and_filled_from_the_store(core: Core, kafka_bootstrap: str):
    """Break the topic on purpose: the relay is told that three events were sent that never were."""
    lost = [await core.pin(f"lost {i}") for i in range(3)]
    consuming = views_of(core, kafka_bootstrap)
    async with running(consuming):
        await eventually(lambda: _applied(core, 3))  # from the store, at start
        more = [await core.pin(f"lost too {i}") for i in range(200)]
        async with core.pool.acquire() as conn:
            done = {r.shard: r.position for r in [*lost, *more]}
            await conn.executemany(
                "INSERT INTO checkpoint VALUES ('relay', $1, $2, $3)", [(core.context, s, p) for s, p in done.items()]
            )
        async with running(relay_of(core, kafka_bootstrap)):
            for i in range(200):
                await core.pin(f"sent {i}")
            await eventually(lambda: _applied(core, 403))
    assert consuming.gaps > 0


async def test_views_go_on_from_the_store_while_kafka_is_away(core: Core):
    """Also while a new member waits for its place in the group, which a killed one holds for another ten seconds."""
    await core.pin("before")
    async with running(views_of(core, "127.0.0.1:9")):
        await eventually(lambda: _applied(core, 1))
        await core.pin("meanwhile")
        await eventually(lambda: _applied(core, 2))


async def test_a_policy_carries_out_its_command_once_however_often_its_event_comes(core: Core, kafka_bootstrap: str):
    @policy("when_notice_pinned_then_initialled", on=[NoticePinned], registry=TOYS)
    def initial(event):
        yield Do(notices, event.stream_id, Initial("the clerk"))

    assert isinstance(initial, Policy)
    reader = PolicyReader(initial, core.execute, core.opener, Deadlines())
    async with running(relay_of(core, kafka_bootstrap), views_of(core, kafka_bootstrap, reader)):
        receipt = await core.pin("pump")
        await eventually(lambda: _events(core, 2))
    await core.pool.execute("DELETE FROM checkpoint WHERE consumer LIKE 'policy:%'")
    again = views_of(core, kafka_bootstrap, reader)
    assert await again.catch_up() == 1, "the event comes a second time"
    events = await core.store.stream(receipt.stream_id, AUTHORITY)
    assert [e.type.split(".")[2] for e in events] == ["notice-pinned", "notice-initialled"]
    assert events[1].metadata.causation_id == events[0].id
    assert events[1].metadata.correlation_id == events[0].metadata.correlation_id


async def _true(value: bool) -> bool:
    return value


async def _relay_is_level(core: Core, position: int) -> bool:
    async with core.pool.acquire() as conn:
        return max((await load_positions(conn, "relay", core.context)).values(), default=0) >= position


async def _applied(core: Core, n: int) -> bool:
    return bool(await core.pool.fetchval("SELECT count(*) FROM board.notice") == n)


async def _events(core: Core, n: int) -> bool:
    return bool(await core.pool.fetchval("SELECT count(*) FROM event") == n)


async def test_what_a_reader_has_not_taken_from_kafka_shows_until_it_has(core: Core, kafka_bootstrap: str, monkeypatch):
    monkeypatch.setattr(consuming, "BATCH", 5)
    views = views_of(core, kafka_bootstrap)
    seen = []
    taken = views._apply

    async def slowly(*arguments):
        await asyncio.sleep(0.05)
        seen.append(views.progress()["unread"])
        return await taken(*arguments)

    monkeypatch.setattr(views, "_apply", slowly)

    async def joined() -> bool:
        return views._consumer is not None

    async def done() -> bool:
        return views.applied == 60 and views.progress()["unread"] == 0

    async with running(views):
        await eventually(joined)
        await asyncio.gather(*(core.pin(f"place {n}") for n in range(60)))
        async with running(relay_of(core, kafka_bootstrap)):
            await eventually(done)
    assert max(seen) > 0
    assert views.progress()["unread"] == 0

"""The relay: from the store's outbox to Kafka, in order, at least once; one owner per shard.

Why a duplicate or a second relay (a zombie that has not noticed the loss of its locks) does no harm: every relay sends a
contiguous run of each shard, starting at or before the saved position, and stops at the first failed send. So between any two
relays a position is on the topic only after all earlier ones of its shard, and a consumer drops what it has passed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.eventcore.checkpoints import load_positions, save_positions
from shared.eventcore.clock import wall_clock
from shared.eventcore.errors import CONNECTION_LOST
from shared.eventcore.kafka import PARTITIONS, Stored, topic_of
from shared.eventcore.recording import SHARDS

log = structlog.get_logger()

OWNERSHIP = 0x4D52
"""First key of the two-key advisory locks that mean "relay owner of shard n"."""
BATCH = 2000
IDLE = (0.005, 0.1)
"""Shortest and longest pause in seconds between looks at an idle store."""


class _Found(NamedTuple):
    """A batch read from the store; `full` when more may wait behind it."""

    rows: list[asyncpg.Record]
    full: bool


class Relay:
    """Publishes the events of one context. Start as many as you like: each shard has one owner, the others stand by."""

    consumer = "relay"

    def __init__(
        self,
        context: str,
        connect: Callable[[], Awaitable[asyncpg.Connection[Any]]],
        make_producer: Callable[[], AIOKafkaProducer],
        *,
        partitions: int = PARTITIONS,
        shards: Iterable[int] = range(SHARDS),
    ) -> None:
        self.context = context
        self._connect, self._make_producer = connect, make_producer
        self._partitions, self._wanted = partitions, tuple(shards)
        self.owned: frozenset[int] = frozenset()
        self.sent = 0
        self.position = -1
        self.looked_at = wall_clock()
        self.nudge = asyncio.Event()
        """Set it when events were appended in this process: the next look comes at once."""

    def progress(self) -> dict[str, Any]:
        return {
            "owned": len(self.owned),
            "sent": self.sent,
            "position": self.position,
            "looked_at": self.looked_at.isoformat(),
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. A lost broker or database ends a tenure; the next one starts at the saved positions."""
        while not stop.is_set():
            try:
                await self._tenure(stop)
            except (KafkaError, *CONNECTION_LOST, asyncpg.PostgresError, TimeoutError) as problem:
                self.looked_at = wall_clock()  # alive and trying: an outage elsewhere is no reason to restart us
                log.warning("relay.tenure_ended", context=self.context, problem=type(problem).__name__)
                await _pause(stop, 0.5)
            finally:
                self.owned = frozenset()

    async def _tenure(self, stop: asyncio.Event) -> None:
        conn = await self._connect()
        producer = self._make_producer()
        try:
            await producer.start()
            while not stop.is_set():
                await self._take_shards(conn)
                if self.owned:
                    break
                self.looked_at = wall_clock()
                await _pause(stop, 0.5)
            done = await load_positions(conn, self.consumer, self.context)
            self.position = min((done.get(s, 0) for s in self.owned), default=0)
            pause = IDLE[0]
            found = await self._read(conn)
            while not stop.is_set():
                following = await self._publish(conn, producer, done, found)
                pause = IDLE[0] if found.rows else min(pause * 1.5, IDLE[1])
                if following is None:
                    await _pause(stop, pause, self.nudge)
                found = following or await self._read(conn)
        finally:
            with suppress(Exception):
                await asyncio.wait_for(producer.stop(), 5)
            with suppress(Exception):
                await conn.close(timeout=5)  # gives the shards back

    async def _take_shards(self, conn: asyncpg.Connection[Any]) -> None:
        rows = await conn.fetch(
            "SELECT s FROM unnest($1::int[]) s WHERE pg_try_advisory_lock($2, s)", list(self._wanted), OWNERSHIP
        )
        self.owned = frozenset(r["s"] for r in rows)
        if self.owned:
            log.info("relay.owns", context=self.context, shards=len(self.owned))

    async def _read(self, conn: asyncpg.Connection[Any]) -> _Found:
        """The batch after `self.position`, which moves to where the next one begins."""
        horizon: int = await conn.fetchval("SELECT event_horizon()")
        self.looked_at = wall_clock()
        rows = await conn.fetch(
            "SELECT * FROM outbox WHERE position > $1 AND position <= $2 AND shard = ANY($3::smallint[]) ORDER BY position LIMIT $4",
            self.position, horizon, list(self.owned), BATCH,
        )  # fmt: skip
        # A horizon once seen stays safe, so one that lies lower now sends nobody back.
        self.position = max(self.position, rows[-1]["position"] if len(rows) == BATCH else horizon)
        return _Found(rows, len(rows) == BATCH)

    async def _publish(
        self, conn: asyncpg.Connection[Any], producer: AIOKafkaProducer, done: dict[int, int], found: _Found
    ) -> _Found | None:
        """One batch to acknowledged and saved. `done` holds the saved position of each shard. Behind a full batch the next one
        is read meanwhile; it is answered, and sent only after this one stands."""
        reading = self._read(conn) if found.full else _nothing()
        following, (reached, sent) = await asyncio.gather(reading, self._send(producer, done, found.rows))
        await save_positions(conn, self.consumer, self.context, reached)
        done.update(reached)
        self.sent += sent
        return following

    async def _send(
        self, producer: AIOKafkaProducer, done: Mapping[int, int], rows: Iterable[asyncpg.Record]
    ) -> tuple[dict[int, int], int]:
        """Answers the shards' new positions and how many records Kafka acknowledged. Raises what stopped the first one."""
        reached: dict[int, int] = {}
        sending = _Sending(producer, topic_of(self.context))
        for row in rows:
            event = Stored.from_row(self.context, row)
            before = reached.get(event.shard, done.get(event.shard, 0))
            if event.position <= before:
                continue  # this shard stood further than the slowest one when the tenure began
            await sending.add(event, before, event.shard % self._partitions)
            reached[event.shard] = event.position
        for answer in await asyncio.gather(*await sending.all(), return_exceptions=True):
            if isinstance(answer, BaseException):
                raise answer  # ends the tenure: nothing of this batch is saved, and it is sent again in order
        return reached, sending.records


async def _nothing() -> None:
    pass


class _Sending:
    """Records on their way to a topic: gathered by partition, so that a promise is awaited per batch and not per record."""

    def __init__(self, producer: AIOKafkaProducer, topic: str) -> None:
        self._producer, self._topic = producer, topic
        self._open: dict[int, BatchBuilder] = {}
        self._sent: list[Awaitable[Any]] = []
        self.records = 0

    async def add(self, event: Stored, previous: int, partition: int) -> None:
        """In the order of the calls, within a partition."""
        key, value, headers = event.stream_id.bytes, event.payload.encode(), event.headers(previous)
        batch = self._open.get(partition) or self._begin(partition)
        if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:  # full
            await self._send(partition)
            self._begin(partition).append(timestamp=None, key=key, value=value, headers=headers)
        self.records += 1

    async def all(self) -> list[Awaitable[Any]]:
        """Send what is left. Answers what to await, one for each batch."""
        for partition in list(self._open):
            await self._send(partition)
        return self._sent

    def _begin(self, partition: int) -> BatchBuilder:
        self._open[partition] = batch = self._producer.create_batch()
        return batch

    async def _send(self, partition: int) -> None:
        batch = self._open.pop(partition)
        batch.close()
        self._sent.append(await self._producer.send_batch(batch, self._topic, partition=partition))


async def _pause(stop: asyncio.Event, seconds: float, nudge: asyncio.Event | None = None) -> None:
    """Wait, but wake at once for `stop` or `nudge`."""
    waits = [asyncio.ensure_future(e.wait()) for e in (stop, nudge) if e is not None]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        if nudge is not None:
            nudge.clear()

"""The live loop: from Kafka to readers (views or policies), in batches, positions in PostgreSQL.

What this guards against: a rebalance that refetches (positions drop repeats), a record lost or reordered on the way
(`moot-previous` shows a gap, which is filled from the store or by reading the topic again), a broker or database that
goes away (the session ends and a new one starts where the positions stand).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.eventcore.applying import TRANSIENT, Gap, Reader, apply, runs
from shared.eventcore.checkpoints import load_positions, pass_by
from shared.eventcore.clock import wall_clock
from shared.eventcore.kafka import PARTITIONS, Births, Stored, topic_of
from shared.eventcore.opening import Opener
from shared.eventcore.recording import SHARDS
from shared.eventcore.store import read

log = structlog.get_logger()
POLL_MS = 200
BATCH = 2000
JOIN_LOOK_SECONDS = 0.5
COMMIT_SECONDS = 1.0
"""Between two commits of Kafka's offsets, which only say where to start fetching: each is a round trip that readers wait for."""
SEEK_SECONDS = 30.0
"""Before a topic is taken from its beginning again for the same gap; each time twice as long …"""
LONGEST_SEEK_SECONDS = 3600.0
"""… up to this."""


class Consuming:
    """Feeds readers from the topics of `sources`. Events of `own` context are caught up from the store, others from Kafka."""

    def __init__(
        self,
        own: str,
        readers: Sequence[tuple[Reader, frozenset[str]]],
        pool: asyncpg.Pool[Any],
        make_consumer: Callable[[Sequence[str]], AIOKafkaConsumer],
        opener: Opener,
        clock: Callable[[], datetime],
        *,
        partitions: int = PARTITIONS,
    ) -> None:
        self.own, self._readers, self._pool = own, readers, pool
        self._make_consumer, self._opener, self._clock, self._partitions = make_consumer, opener, clock, partitions
        self.applied = 0
        self.gaps = 0
        self._sought: dict[tuple[str, int, int], tuple[float, float]] = {}
        """By (source, shard, position) of a gap: when the topic was last taken again for it, and how long to leave it then."""
        self._consumer: AIOKafkaConsumer | None = None
        self._taken: dict[TopicPartition, int] = {}
        self.looked_at = wall_clock()

    @property
    def topics(self) -> list[str]:
        return sorted({topic_of(source) for _, sources in self._readers for source in sources})

    def progress(self) -> dict[str, Any]:
        return {
            "applied": self.applied,
            "gaps": self.gaps,
            "unread": self._unread(),
            "looked_at": self.looked_at.isoformat(),
        }

    def _unread(self) -> int:
        """Records of our partitions that Kafka has told us of and we have not taken: what another replica could share."""
        if self._consumer is None:
            return 0
        ours = self._consumer.assignment() & self._taken.keys()
        return sum(max((self._consumer.highwater(p) or 0) - self._taken[p], 0) for p in ours)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._session(stop)
            except (KafkaError, *TRANSIENT) as problem:
                self.looked_at = wall_clock()  # alive and trying: an outage elsewhere is no reason to restart us
                log.warning("consumer.session_ended", context=self.own, problem=type(problem).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), 0.5)

    async def _session(self, stop: asyncio.Event) -> None:
        consumer = self._make_consumer(self.topics)
        try:
            await self._join(consumer, stop)
            await self.catch_up()
            await self._take_from_the_start(consumer)
            self._consumer, self._taken = consumer, {}
            births, committed, further = Births(consumer), time.monotonic(), False
            while not stop.is_set():
                if further and time.monotonic() - committed >= COMMIT_SECONDS:
                    await _commit(consumer)
                    committed, further = time.monotonic(), False
                if anew := await births.made_anew():
                    await consumer.seek_to_beginning(*anew)
                polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
                self.looked_at = wall_clock()
                if not polled:
                    continue
                by_source: dict[str, list[Stored]] = {}
                for partition, records in polled.items():
                    self._taken[partition] = records[-1].offset + 1
                    for record in records:
                        event = Stored.from_record(record)
                        by_source.setdefault(event.context, []).append(event)
                for source, events in by_source.items():
                    readers = await self._interested(source, events)
                    gaps = await asyncio.gather(*(self._apply(reader, source, events) for reader in readers))
                    await self._fill([gap for found in gaps for gap in found], source, consumer)
                further = True
            await _commit(consumer)
        finally:
            self._consumer = None
            with suppress(Exception):
                await asyncio.wait_for(consumer.stop(), 5)

    async def _join(self, consumer: AIOKafkaConsumer, stop: asyncio.Event) -> None:
        """Join the group. A member that was killed holds its partitions until its session runs out, and Kafka may be away:
        meanwhile our own events come from the store."""
        joining = asyncio.create_task(consumer.start())
        try:
            while not (joining.done() or stop.is_set()):
                await self.catch_up()
                self.looked_at = wall_clock()
                await asyncio.wait({joining}, timeout=JOIN_LOOK_SECONDS)
        finally:
            joining.cancel()  # nothing, once it is done
            await asyncio.wait({joining})
            failed = None if joining.cancelled() else joining.exception()
        if failed is not None:
            raise failed

    async def _take_from_the_start(self, consumer: AIOKafkaConsumer) -> None:
        """A reader that is new to another service's topic has missed what its group read before it came, and on a quiet
        topic no record would ever show the gap: take again what holds a shard of which it knows no position."""
        wanted = set()
        async with self._pool.acquire() as conn:
            for reader, sources in self._readers:
                for source in sources - {self.own}:
                    known = await load_positions(conn, reader.consumer, source)
                    unread = {shard % self._partitions for shard in range(SHARDS) if shard not in known}
                    wanted |= {TopicPartition(topic_of(source), partition) for partition in unread}
        if ours := wanted & consumer.assignment():
            await consumer.seek_to_beginning(*ours)

    async def _interested(self, source: str, events: Sequence[Stored]) -> list[Reader]:
        """The readers that these events must be applied to. Most readers want nothing of most batches: they are moved behind
        it together, as a transaction each would take longer than what the others have to do."""
        readers = [reader for reader, sources in self._readers if source in sources]
        wires = {event.type for event in events}
        idle = [reader.consumer for reader in readers if not any(map(reader.wants, wires))]
        run = runs(events)
        if not idle or run is None:
            return readers
        async with self._pool.acquire() as conn:
            passed = await pass_by(conn, idle, source, run)
        return [reader for reader in readers if reader.consumer not in passed]

    async def _apply(self, reader: Reader, source: str, events: Sequence[Stored]) -> tuple[Gap, ...]:
        async with self._pool.acquire() as conn:
            done = await apply(conn, reader, source, events, self._opener, self._clock)
        self.applied += done.events
        return done.gaps

    async def _fill(self, gaps: Sequence[Gap], source: str, consumer: AIOKafkaConsumer) -> None:
        if not gaps:
            return
        self.gaps += len(gaps)
        log.warning("consumer.gap", source=source, shards=sorted({g.shard for g in gaps}))
        if source == self.own:
            await self.catch_up()
            return
        # Another service's store is not ours to read: take the topic again; what was applied is dropped by position. Each time
        # later for one place, whatever the records behind it say: the topic may hold what is missing further on, when its
        # relay began again (`republish`), and a gap that nothing fills must not have a topic read over and over.
        now, unsought = time.monotonic(), list[Gap]()
        for gap in gaps:
            place = source, gap.shard, gap.position
            sought, leave = self._sought.get(place, (-SEEK_SECONDS, SEEK_SECONDS / 2))
            if now - sought >= leave:
                self._sought[place] = now, min(leave * 2, LONGEST_SEEK_SECONDS)
                unsought.append(gap)
        self._sought = {place: at for place, at in self._sought.items() if now - at[0] < 2 * LONGEST_SEEK_SECONDS}
        for partition in {g.shard % self._partitions for g in unsought}:
            with suppress(KafkaError, AssertionError):
                await consumer.seek_to_beginning(TopicPartition(topic_of(source), partition))

    async def catch_up(self) -> int:
        """Bring every reader of our own events up to the store's horizon, without Kafka. Answers how many events it applied."""
        before = self.applied
        for reader, sources in self._readers:
            if self.own in sources:
                await self._catch_up(reader)
        return self.applied - before

    async def _catch_up(self, reader: Reader) -> None:
        async with self._pool.acquire() as conn:
            at = await conn.fetchval(
                "SELECT CASE WHEN count(*) = 64 THEN min(position) ELSE 0 END FROM checkpoint WHERE consumer = $1 AND source = $2",
                reader.consumer, self.own,
            )  # fmt: skip
            while events := await read(conn, self.own, after=at, limit=BATCH):
                done = await apply(conn, reader, self.own, events, self._opener, self._clock)
                self.applied += done.events
                at = events[-1].position


async def _commit(consumer: AIOKafkaConsumer) -> None:
    with suppress(
        KafkaError
    ):  # a rebalance may have moved our partitions, or Kafka be away: what comes again is dropped
        await consumer.commit()

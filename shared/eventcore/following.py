"""Reading whole topics without a database: for readers that keep what they read, and how far, in a place of their own.

The same language as everywhere: one position per context and shard. A record at or below its shard's position is a repeat
and dropped; a record whose `moot-previous` is ahead of it shows that something is missing, and nothing after it is given out.
Kafka's offsets are only a hint where to go on; a topic that was made anew, even under us, is noticed, and read from its
first record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.eventcore.kafka import Births, Stored, topic_of

log = structlog.get_logger()

POLL_MS = 200
BATCH = 2000
FETCHED_AT_ONCE = 2 * 1024 * 1024
"""Bytes that one answer of a broker may hold; what is fetched ahead waits in our memory."""


@dataclass
class Place:
    """How far one context was read. `latest`: by partition the offset and position of the last record that was read."""

    positions: dict[int, int] = field(default_factory=dict)
    latest: dict[int, tuple[int, int]] = field(default_factory=dict)


class Following(AbstractAsyncContextManager["Following"]):
    """The topics of `contexts`, from `places` on. No group is joined: one follower reads every partition.

    `places` says what `next` has given out; keep the two together, and after an error begin a new one where you kept them.
    `missing` names each context and shard whose topic, read again from its first record, still lacks what it should hold:
    that shard stands still, the others go on.
    """

    def __init__(self, bootstrap: str, contexts: Sequence[str], places: Mapping[str, Place]) -> None:
        self.places = {context: deepcopy(places.get(context, Place())) for context in contexts}
        self.missing: set[tuple[str, int]] = set()
        self._context = {topic_of(context): context for context in contexts}
        self._gaps: defaultdict[TopicPartition, dict[int, int]] = defaultdict(dict)
        self._unproven: set[TopicPartition] = set()
        self._consumer = AIOKafkaConsumer(
            *self._context, bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False,
            auto_offset_reset="earliest", fetch_max_wait_ms=POLL_MS, fetch_max_bytes=FETCHED_AT_ONCE,
            max_partition_fetch_bytes=FETCHED_AT_ONCE // 16, metadata_max_age_ms=10_000,
        )  # fmt: skip
        self._births = Births(self._consumer)

    async def __aenter__(self) -> Following:
        """Waits for every topic to be there. Raises `KafkaError`."""
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        await self._births.made_anew()  # the first look
        for partition in self._consumer.assignment():
            if known := self._place(partition).latest.get(partition.partition):
                self._unproven.add(partition)
                self._consumer.seek(partition, known[0])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(KafkaError):
            await self._consumer.stop()

    async def next(self) -> list[Stored]:
        """What came since, in order per shard, each once; empty when nothing new came for a moment. Raises `KafkaError`."""
        polled = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
        if anew := await self._births.made_anew():
            await self._consumer.seek_to_beginning(*anew)
        given: list[Stored] = []
        for partition, records in polled.items():
            if await self._is_made_anew(partition, records[0]):
                continue
            fresh, gaps = self._sorted(partition, records)
            given += fresh
            if self._may_be_filled(partition, gaps):
                await self._consumer.seek_to_beginning(partition)
        return given

    async def _is_made_anew(self, partition: TopicPartition, first: ConsumerRecord[Any, Any]) -> bool:
        """Whether the first record after a start is not the one that was read last: then the topic is taken from its beginning."""
        if partition not in self._unproven:
            return False
        self._unproven.remove(partition)
        if (first.offset, Stored.from_record(first).position) == self._place(partition).latest[partition.partition]:
            return False
        log.warning("topic.made_anew", topic=partition.topic, partition=partition.partition)
        await self._consumer.seek_to_beginning(partition)
        return True

    def _sorted(
        self, partition: TopicPartition, records: Sequence[ConsumerRecord[Any, Any]]
    ) -> tuple[list[Stored], dict[int, int]]:
        """What is new, and by shard the position after which a record is missing."""
        place, fresh, gaps = self._place(partition), list[Stored](), dict[int, int]()
        for record in records:
            event = Stored.from_record(record)
            known = place.positions.get(event.shard, 0)
            place.latest[partition.partition] = (record.offset, event.position)
            if event.previous > known:
                gaps[event.shard] = known
            elif event.position > known:
                place.positions[event.shard] = event.position
                fresh.append(event)
        return fresh, gaps

    def _may_be_filled(self, partition: TopicPartition, found: Mapping[int, int]) -> bool:
        """Whether to read the partition again from its first record: once for each gap, then its shard is `missing`."""
        context, place, gaps = self._context[partition.topic], self._place(partition), self._gaps[partition]
        for shard in [shard for shard, known in gaps.items() if place.positions.get(shard, 0) > known]:
            del gaps[shard]
            self.missing.discard((context, shard))
        news = found.keys() - gaps.keys()
        if news:
            log.warning("topic.gap", source=context, shards=sorted(news))
        if lacking := {(context, shard) for shard in found.keys() & gaps.keys()} - self.missing:
            log.error("topic.incomplete", source=context, shards=sorted(shard for _, shard in lacking))
            self.missing |= lacking
        gaps.update(found)
        if gaps:
            place.latest.pop(partition.partition, None)  # whoever starts again from here looks for it once more
        return bool(news)

    def _place(self, partition: TopicPartition) -> Place:
        return self.places[self._context[partition.topic]]

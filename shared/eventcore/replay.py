"""Reading another service's topic once more from its first record: what the rebuild of a view on foreign events needs.

Event topics are kept for ever (`kafka.ensure_topics`), and every record names the one before it in its shard: so a topic
that lost something is seen, never passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from aiokafka import AIOKafkaConsumer

from shared.eventcore.applying import Gap, in_turn
from shared.eventcore.kafka import Stored, topic_of

POLL_MS = 500
BATCH = 2000


class TopicIncomplete(Exception):
    """A topic does not hold everything that a reader of it has already applied: it was cut, or is another one."""

    def __init__(self, source: str, shards: list[int], gap: Gap | None) -> None:
        super().__init__(
            f"the topic of {source} no longer holds all of shard {gap.shard}:"
            f" after position {gap.position} something up to {gap.previous} is missing"
            if gap
            else f"{topic_of(source)} ends before what was already read from it, in shards {shards}"
        )


class Replay:
    """One pass over the topic of `source`. Each `until` goes on where the one before it ended."""

    def __init__(self, source: str, consumer: AIOKafkaConsumer) -> None:
        self.source, self._consumer = source, consumer
        self._seen: defaultdict[int, int] = defaultdict(int)
        self._gaps: dict[int, Gap] = {}
        self._ahead: list[Stored] = []

    async def until(self, wanted: Mapping[int, int]) -> AsyncIterator[list[Stored]]:
        """The records up to `wanted` (position by shard) and none beyond, in order per shard, each once.

        Raises `TopicIncomplete` when the topic ends before.
        """
        batch, self._ahead = self._ahead, []
        while True:
            due = [e for e in batch if e.position <= wanted.get(e.shard, 0)]
            self._ahead += [e for e in batch if e.position > wanted.get(e.shard, 0)]
            if due:
                yield due
            behind = sorted(shard for shard, position in wanted.items() if self._seen[shard] < position)
            if not behind:
                return
            batch = await self._next(behind)

    async def _next(self, behind: list[int]) -> list[Stored]:
        polled = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
        if not polled and await self._at_the_end():
            raise TopicIncomplete(self.source, behind, next((self._gaps[s] for s in behind if s in self._gaps), None))
        events = [Stored.from_record(record) for records in polled.values() for record in records]
        # A relay may send again what it has sent; after a broker's loss, even before what it is about to send.
        fresh, reached, gaps = in_turn(self._seen, events)
        self._seen.update(reached)
        self._gaps |= {gap.shard: gap for gap in gaps}
        return fresh

    async def _at_the_end(self) -> bool:
        ends = await self._consumer.end_offsets(list(self._consumer.assignment()))
        return all([await self._consumer.position(partition) >= end for partition, end in ends.items()])


Topics = Callable[[str], AbstractAsyncContextManager[Replay]]
"""Opens the topic of a context from its first record."""


def topics(bootstrap: str) -> Topics:
    """The topics of a broker, read without a group: nobody's offsets move."""

    @asynccontextmanager
    async def opened(source: str) -> AsyncIterator[Replay]:
        consumer = AIOKafkaConsumer(
            topic_of(source), bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest"
        )
        await consumer.start()  # without a group it is given every partition
        try:
            yield Replay(source, consumer)
        finally:
            await consumer.stop()

    return opened

"""Events on Kafka: CloudEvents 1.0 in binary mode, plus our place, cause and maker as headers. The only room with Kafka in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import orjson
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError, TopicAlreadyExistsError
from asyncpg.pgproto.pgproto import UUID as FastUUID  # a `UUID`, read ten times as fast

from shared.eventcore.recording import Metadata

if TYPE_CHECKING:
    from asyncpg import Record

log = structlog.get_logger()

LOOK_SECONDS = 1.0
PARTITIONS = 16
"""Default partitions of an event topic; divides the 64 shards, so that a shard never leaves its partition."""

SEND_SECONDS = 15.0
"""How long one request of a producer may last before it counts as failed."""

FETCH_MS = 50
"""How long the broker keeps a reader's question when it has nothing new. A partition whose records were just read is in the next
question only, so its next record may wait as long; each question costs the reader a millisecond."""

BROKER_LOST = (KafkaError, OSError)
"""Kafka cannot be reached, or refuses. Nobody's fault, and worth another try."""

Header = tuple[str, bytes]


def topic_of(context: str) -> str:
    return f"{context}.events.v1"


def seal_topic_of(context: str) -> str:
    return f"{context}.seals.v1"


class Stored(NamedTuple):
    """One event as it stands in the store and travels on Kafka: still sealed, not yet decoded."""

    context: str
    position: int
    shard: int
    stream_id: UUID
    kind: str
    version: int
    type: str
    authority: str
    payload: str
    metadata: Metadata
    occurred_at: datetime
    recorded_at: datetime
    content_hash: bytes
    previous: int = -1
    """Position of the event before this one in its shard; -1 when it was read from the store, where nothing can be missing."""

    @property
    def id(self) -> str:
        return f"{self.stream_id}@{self.version}"

    @classmethod
    def from_row(cls, context: str, row: Record) -> Stored:
        """From a row of the `outbox` view, whose columns stand in this order."""
        position, shard, stream_id, kind, version, wire, authority, payload, metadata, occurred, recorded, content = row
        return cls(
            context, position, shard, stream_id, kind, version, wire, authority, payload, metadata_from(metadata, authority),
            occurred, recorded, content,
        )  # fmt: skip

    def headers(self, previous: int) -> list[Header]:
        stream = str(self.stream_id)
        named = [
            *_same_for_all(self.context, self.type, self.kind),
            ("ce_id", f"{stream}@{self.version}".encode()),
            ("ce_subject", stream.encode()),
            ("ce_time", self.occurred_at.isoformat().encode()),
            ("moot-position", b"%d" % self.position),
            ("moot-previous", b"%d" % previous),
            ("moot-shard", b"%d" % self.shard),
            ("moot-version", b"%d" % self.version),
            ("moot-recorded", self.recorded_at.isoformat().encode()),
            ("moot-hash", self.content_hash.hex().encode()),
        ]
        named += [(name, value.encode()) for name, value in zip(_METADATA_HEADERS, self.metadata, strict=True) if value]
        return named

    @classmethod
    def from_record(cls, record: ConsumerRecord[Any, Any]) -> Stored:
        h = dict(record.headers)
        return cls(
            context=h["ce_source"].decode().rsplit(":", 1)[1],
            position=int(h["moot-position"]),
            shard=int(h["moot-shard"]),
            stream_id=FastUUID(h["ce_subject"].decode()),
            kind=h["moot-kind"].decode(),
            version=int(h["moot-version"]),
            type=h["ce_type"].decode(),
            authority=h["moot-authority"].decode(),
            payload=record.value.decode(),
            metadata=Metadata._make([h.get(name, b"").decode() for name in _METADATA_HEADERS]),
            occurred_at=datetime.fromisoformat(h["ce_time"].decode()),
            recorded_at=datetime.fromisoformat(h["moot-recorded"].decode()),
            content_hash=bytes.fromhex(h["moot-hash"].decode()),
            previous=int(h["moot-previous"]),
        )

    def to_json(self) -> str:
        """The whole record as text, for `parked`."""
        headers = {name: value.decode() for name, value in self.headers(self.previous)}
        return orjson.dumps({"headers": headers, "value": self.payload}).decode()

    @classmethod
    def from_json(cls, text: str) -> Stored:
        kept = orjson.loads(text)
        return cls.from_record(_Kept([(k, v.encode()) for k, v in kept["headers"].items()], kept["value"].encode()))


class _Kept(NamedTuple):
    headers: list[Header]
    value: bytes


_METADATA_HEADERS = (
    "moot-actor", "moot-authority", "moot-correlation", "moot-causation", "moot-command", "moot-reason", "moot-origin", "traceparent",
)  # fmt: skip
"""The headers of metadata, in the order of its fields."""


@cache
def _same_for_all(context: str, wire: str, kind: str) -> tuple[Header, ...]:
    """The headers that all events of a type have in common."""
    return (
        ("ce_specversion", b"1.0"), ("ce_source", f"urn:moothall:{context}".encode()), ("ce_type", wire.encode()),
        ("content-type", b"application/json"), ("moot-kind", kind.encode()),
    )  # fmt: skip


_METADATA = ("actor", "correlation_id", "causation_id", "command_id", "reason", "origin", "traceparent")


def metadata_text(m: Metadata) -> str:
    """Metadata as it is stored, without the empty fields. The authority has a column of its own."""
    return orjson.dumps({name: value for name in _METADATA if (value := getattr(m, name))}).decode()


def metadata_from(text: str, authority: str) -> Metadata:
    kept: dict[str, str] = orjson.loads(text)
    return Metadata(
        kept.get("actor", ""), authority, kept.get("correlation_id", ""), kept.get("causation_id", ""),
        kept.get("command_id", ""), kept.get("reason", ""), kept.get("origin", ""), kept.get("traceparent", ""),
    )  # fmt: skip


def producer(bootstrap: str, client_id: str) -> AIOKafkaProducer:
    """Idempotent, acknowledged by all in-sync replicas: what the relay's promise of order needs."""
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap, client_id=client_id, acks="all", enable_idempotence=True,
        linger_ms=2, max_batch_size=262_144, request_timeout_ms=round(SEND_SECONDS * 1000), retry_backoff_ms=100,
    )  # fmt: skip


def consumer(bootstrap: str, group: str, topics: Sequence[str]) -> AIOKafkaConsumer:
    """Starts at the earliest record its group has not finished. Positions in PostgreSQL, not Kafka's offsets, decide what
    counts as done. Not the sticky assignor: it has a defect (aio-libs/aiokafka#1176)."""
    return AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap, group_id=group, client_id=group, enable_auto_commit=False,
        auto_offset_reset="earliest", partition_assignment_strategy=[RangePartitionAssignor],
        fetch_max_wait_ms=FETCH_MS, session_timeout_ms=10_000, heartbeat_interval_ms=3_000, metadata_max_age_ms=10_000,
    )  # fmt: skip


class Births:
    """Tells a reader when its topic was made anew under it: the first record was then sent at another time.

    Offsets of the new topic count other records. What stands before the reader's place may never have been read, and where
    a shard is quiet no record after it would show the gap.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._known: dict[TopicPartition, int] = {}
        self._looked = -LOOK_SECONDS

    async def made_anew(self) -> set[TopicPartition]:
        """The partitions that were, since the last look. Looks once a second, whenever it is asked; what is read between
        is read again."""
        ours = self._consumer.assignment()
        if not ours or time.monotonic() - self._looked < LOOK_SECONDS:
            return set()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                first = await self._consumer.offsets_for_times(dict.fromkeys(ours, 0))
        except (KafkaError, TimeoutError):
            return set()  # away for a moment, as it is while it is made
        finally:
            self._looked = time.monotonic()
        born = {partition: record.timestamp for partition, record in first.items() if record is not None}
        anew = {partition for partition, at in born.items() if self._known.get(partition, at) != at}
        self._known |= born
        for partition in sorted(anew):
            log.warning("topic.made_anew", topic=partition.topic, partition=partition.partition)
        return anew


async def ensure_topics(
    bootstrap: str, contexts: Sequence[str], *, partitions: int = PARTITIONS, replication: int = 1
) -> frozenset[str]:
    """Create what is missing: event topics kept for ever, seal topics compacted. Answers the names of the new ones."""
    async with _admin(bootstrap) as admin:
        present = set(await admin.list_topics())
        missing = [t for c in contexts for t in _topics(c, partitions, replication) if t.name not in present]
        if missing:
            with suppress(TopicAlreadyExistsError):  # somebody else was quicker
                await admin.create_topics(missing)
    return frozenset(t.name for t in missing)


async def empty_topics(
    bootstrap: str, context: str, *, partitions: int = PARTITIONS, replication: int = 1, seconds: float = 30
) -> None:
    """Remove the context's topics with all that is in them, and make them anew. Raises `KafkaError`, `TimeoutError`."""
    wanted = _topics(context, partitions, replication)
    async with _admin(bootstrap) as admin, asyncio.timeout(seconds):
        while present := {t.name for t in wanted} & set(await admin.list_topics()):
            await admin.delete_topics(sorted(present))
            await asyncio.sleep(0.1)
        while unmade := {t.name for t in wanted} - set(await admin.list_topics()):
            # A removed topic may be refused as still there for a moment after it is no longer listed.
            await admin.create_topics([t for t in wanted if t.name in unmade])
            await asyncio.sleep(0.1)


async def await_leaders(bootstrap: str, names: Sequence[str], *, seconds: float = 30) -> None:
    """Return when every partition of these topics has a leader: a new topic is listed some moments before. Raises
    `KafkaError`, `TimeoutError`."""
    async with _admin(bootstrap) as admin, asyncio.timeout(seconds):
        while True:
            partitions = [topic["partitions"] for topic in await admin.describe_topics(list(names))]
            if all(each and all(partition["leader"] >= 0 for partition in each) for each in partitions):
                return
            await asyncio.sleep(0.1)


def _topics(context: str, partitions: int, replication: int) -> list[NewTopic]:
    return [
        NewTopic(topic_of(context), partitions, replication, topic_configs={"retention.ms": "-1"}),
        NewTopic(seal_topic_of(context), 1, replication, topic_configs={"cleanup.policy": "compact"}),
    ]


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()

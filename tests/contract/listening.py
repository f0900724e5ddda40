"""A consumer at work on a real store: it hears a message as Kafka would hand it over, and shows what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, assert_never

from aiokafka import ConsumerRecord

from shared.eventcore.applying import Reader, apply, parked
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.hashing import content_hash
from shared.eventcore.kafka import PARTITIONS, Stored, metadata_text, topic_of
from shared.eventcore.policy import Lookup, Policy, PolicyReader
from shared.eventcore.projection import View
from shared.eventcore.recording import Metadata, shard_of
from shared.eventcore.testing.core import AUTHORITY, Core
from shared.eventcore.views import ViewReader
from shared.service.runtime import Core as RunningCore
from shared.service.service import Service
from tests.contract.expectation import Example, Expectation, Json
from tests.contract.verification import golden_samples
from tests.contract.watching import leaves, watched

AT = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)


def service_of(context: str) -> Service:
    service: Service = import_module(f"services.{context}.main").service
    return service


def payload_of(expectation: Expectation, example: Example) -> Json:
    """The newest golden sample, its personal values sealed by a key that no consumer has, with what the example says."""
    payload = deepcopy(golden_samples(expectation.wire)[-1].payload)
    for path, value in example.says.items():
        *way, last = path.split(".")
        part = payload
        for name in way:
            part = part[name]
        part[last] = value
    return payload


def message(provider: str, expectation: Expectation, example: Example, position: int) -> ConsumerRecord[None, bytes]:
    """The record that Kafka hands to a consumer, header for header and byte for byte."""
    payload = json.dumps(payload_of(expectation, example))
    by = Metadata("officer-elsewhere", AUTHORITY, "00000000-0000-4000-8000-000000000001")
    stream, shard = example.stream, shard_of(example.stream)
    digest = content_hash(expectation.wire, stream, position, shard, AUTHORITY, AT, AT, payload, metadata_text(by))
    stored = Stored(
        provider, position, shard, stream, "foreign", position, expectation.wire, AUTHORITY, payload, by, AT, AT, digest
    )
    value = payload.encode()
    return ConsumerRecord(
        topic_of(provider), shard % PARTITIONS, position, 0, 0, None, value, None, -1, len(value),
        tuple(stored.headers(previous=0)),
    )  # fmt: skip


@dataclass
class Listener:
    """One service that listens to another. Nothing of the provider is here but its messages."""

    service: Service
    core: Core | RunningCore
    provider: str
    heard: int = 0

    def consumer(self, named: str) -> View | Policy:
        """The view or policy that an expectation names; raises KeyError when the service has none such."""
        return consumers(self.service)[named]

    async def hears(self, expectation: Expectation, example: Example) -> tuple[set[str], list[tuple[str, Json]]]:
        """Deliver an example. Answers the fields that the handler asked for, and the events that the service recorded."""
        consumer = self.consumer(expectation.consumer)
        self.heard += 1
        record = message(self.provider, expectation, example, self.heard)
        event = Stored.from_record(record)
        read = await self._asked_for(consumer, event)
        before = await self._last()
        async with self.core.pool.acquire() as conn:
            await apply(conn, self._reader(consumer), self.provider, [event], self.core.opener, self.core.clock)
            assert await parked(conn) == [], f"{expectation} of its own example"
        recorded = await self.core.store.read(after=before, limit=100)
        return read, [(each.type.partition(".")[2], json.loads(each.payload)) for each in recorded]

    async def table(self, expectation: Expectation, table: str, columns: Mapping[str, Any]) -> list[Json]:
        """What a table of the view holds, as JSON, in these columns."""
        view = self.consumer(expectation.consumer)
        names = ", ".join(columns)
        rows = await self.core.pool.fetch(
            f'SELECT to_jsonb(t) FROM (SELECT {names} FROM "{view.name}"."{table}" ORDER BY {names}) t'
        )
        return [json.loads(row[0]) for row in rows]

    def _reader(self, consumer: View | Policy) -> Reader:
        match consumer:
            case View():
                return ViewReader(consumer)
            case Policy():
                return PolicyReader(consumer, self.core.execute, self.core.opener, Deadlines(self.service.deadlines))
            case _:
                assert_never(consumer)

    async def _asked_for(self, consumer: View | Policy, event: Stored) -> set[str]:
        """The fields that the handler reads of an event. Leaves nothing behind."""
        read: set[str] = set()
        async with self.core.pool.acquire() as conn:
            unchanged = conn.transaction()
            await unchanged.start()
            try:
                (opened,) = await self.core.opener.open(conn, [event])
                seen = opened._replace(data=watched(opened.data, read))
                match consumer:
                    case View():
                        await ViewReader(consumer).handle(conn, [seen])
                    case Policy(given=None):
                        list(consumer.react(seen))
                    case Policy(given=gather) if gather is not None:
                        lookup = Lookup(self.core.execute, self.core.opener, conn, AUTHORITY, 0)
                        list(consumer.react(await gather(lookup, seen), seen))
            finally:
                await unchanged.rollback()
        return leaves(read)

    async def _last(self) -> int:
        return int(await self.core.pool.fetchval("SELECT coalesce(max(position), 0) FROM event"))


def consumers(service: Service) -> dict[str, View | Policy]:
    """Views and policies of a service by the name that their positions have."""
    return {
        **{view.consumer: view for view in service.views},
        **{f"policy:{policy.name}": policy for policy in service.policies},
    }


def foreign(service: Service) -> set[tuple[str, str]]:
    """Every `(consumer, wire type)` of another context that a service reads. `core` events are its own."""
    return {
        (name, wire)
        for name, consumer in consumers(service).items()
        for wire in (consumer.handlers if isinstance(consumer, View) else consumer.wires)
        if wire.split(".")[1] not in (service.context, "core")
    }

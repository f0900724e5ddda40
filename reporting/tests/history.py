"""Events as they stand on the topics, made from the golden samples: sealed values and all."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

from shared.eventcore.kafka import PARTITIONS, Stored, await_leaders, ensure_topics, producer, topic_of
from shared.eventcore.recording import Metadata, shard_of

AUTHORITY = "E07000999"


class History:
    """What was recorded, in the order of positions. `as_context` gives a context another name, and so a topic of its own."""

    def __init__(self, **as_context: str) -> None:
        self.events: list[Stored] = []
        self._named = as_context
        self._position: defaultdict[str, int] = defaultdict(int)
        self._shard: defaultdict[tuple[str, int], int] = defaultdict(int)
        self._version: defaultdict[UUID, int] = defaultdict(int)

    def record(
        self, fact: str, stream: UUID | None = None, *, on: date = date(2026, 5, 7), at: str = "12:00", by: str = AUTHORITY,
        kind: str = "thing", **fields: Any,
    ) -> UUID:  # fmt: skip
        """Record one event, e.g. `finance.allowance-paid`, at that time (UTC): its sample's payload with other `fields`.
        Answers its stream."""
        stream = stream or uuid4()
        of, wire = fact.partition(".")[0], f"moothall.{fact}.v1"
        context, shard = self._named.get(of, of), shard_of(stream)
        self._position[context] += 1
        self._version[stream] += 1
        payload = json.dumps(sample(wire) | fields, default=str)
        instant = datetime.fromisoformat(f"{on}T{at}").replace(tzinfo=UTC)
        self.events.append(
            Stored(
                context, self._position[context], shard, stream, kind, self._version[stream], wire, by, payload,
                Metadata("clerk", by, f"c-{len(self.events)}", origin="api"), instant, instant,
                sha256(payload.encode()).digest(), self._shard[context, shard],
            )
        )  # fmt: skip
        self._shard[context, shard] = self._position[context]
        return stream

    @property
    def contexts(self) -> list[str]:
        return sorted({event.context for event in self.events})

    def places(self) -> set[tuple[str, int]]:
        return {(event.context, event.position) for event in self.events}


def sample(wire: str) -> dict[str, Any]:
    """The payload of an event's golden sample, as it is stored."""
    text = (resources.files("shared.events") / "samples" / f"{wire}.json").read_text()
    payload: dict[str, Any] = json.loads(text)["payload"]
    return payload


async def publish(bootstrap: str, events: list[Stored]) -> None:
    """As the relay sends them."""
    contexts = sorted({event.context for event in events})
    await ensure_topics(bootstrap, contexts)
    await await_leaders(bootstrap, [topic_of(context) for context in contexts])
    sender = producer(bootstrap, "test")
    await sender.start()
    try:
        sent = [
            await sender.send(
                topic_of(event.context), event.payload.encode(), key=str(event.stream_id).encode(),
                partition=event.shard % PARTITIONS, headers=event.headers(event.previous),
            )
            for event in events
        ]  # fmt: skip
        await asyncio.gather(*sent)  # raises what went wrong with any of them
    finally:
        await sender.stop()

"""Many streams begun in one call (ADR 0010): what an import does with things it sees for the first time.

Decided and encoded by `Beginnings.of`, which needs no database and may run in a thread; recorded by `begin`. The command log
knows these commands as it knows any other: one that is repeated, here or through the executor, happens once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

import asyncpg

from shared.eventcore.codec import encode
from shared.eventcore.deciding import Decider
from shared.eventcore.errors import CONNECTION_LOST, StoreUnavailable, is_outage
from shared.eventcore.execute import Executor
from shared.eventcore.hashing import content_hash
from shared.eventcore.kafka import metadata_text
from shared.eventcore.recording import Metadata, shard_of
from shared.eventcore.store import DEADLOCKS, PATIENCE, CommandReused, Store, check_size
from shared.events.definition import REGISTRY, Registry

Outcome = Literal["appended", "repeated", "conflict"]
"""`conflict`: the stream exists already; give the command to the executor, which looks first."""


class Beginning(NamedTuple):
    """The first command of a stream. `by` names its command id; `asked` as in `Executor.__call__`."""

    stream_id: UUID
    command: Any
    by: Metadata
    asked: str = ""


@dataclass
class Beginnings:
    """Of one kind and authority, decided and encoded, as `begin_streams` takes them. A stream stands in it once."""

    kind: str
    authority: str
    now: datetime
    commands: list[tuple[str, str, UUID, int, int, str]] = field(default_factory=list)
    """Command id, fingerprint, stream, shard, number of events, metadata."""
    events: list[tuple[int, int, str, str, datetime, bytes]] = field(default_factory=list)
    """Ordinal of the command, version, wire type, payload, when it holds, content hash."""

    @classmethod
    def of(
        cls,
        execute: Executor,
        decider: Decider[Any, Any, Any],
        authority: str,
        beginnings: Iterable[Beginning],
        registry: Registry = REGISTRY,
    ) -> Beginnings:
        """Raises what `decide` raises, and ValueError for what this is no way for: personal data, boundaries, no event."""
        batch = cls(decider.kind, authority, execute.store.clock())
        for beginning in sorted(beginnings, key=lambda b: b.stream_id):  # two batches never lock in opposite orders
            batch._add(execute, decider, beginning, registry)
        return batch

    def _add(
        self, execute: Executor, decider: Decider[Any, Any, Any], beginning: Beginning, registry: Registry
    ) -> None:
        stream_id, command, by, asked = beginning
        events = decider.decide(command, decider.initial)
        if not events or not by.command_id or any(decider.boundary(event) for event in events):
            raise ValueError(f"a {self.kind} cannot be begun in bulk by this command")
        shard, metadata = shard_of(stream_id), metadata_text(execute.sealed(by))
        fingerprint = execute.fingerprint(decider, stream_id, command, by, asked)
        self.commands.append((by.command_id, fingerprint, stream_id, shard, len(events), metadata))
        for version, event in enumerate(events, 1):
            wire, payload = encode(event, None, registry)
            check_size(self.kind, payload)
            when = execute.occurred(event, self.now)
            digest = content_hash(
                wire, stream_id, version, shard, self.authority, when, self.now, payload, metadata
            )  # fmt: skip
            self.events.append((len(self.commands), version, wire, payload, when, digest))


async def begin(store: Store, batch: Beginnings) -> dict[UUID, Outcome]:
    """Record a batch in one transaction. Raises `CommandReused`, `StoreUnavailable` (repeat it with the same ids)."""
    if not batch.commands:
        return {}
    rows = await _record(store, batch)
    for wake in store.appended:
        wake()
    outcomes: dict[UUID, Outcome] = {}
    for (command_id, _, stream_id, *_), (outcome,) in zip(batch.commands, rows, strict=True):
        if outcome == "reused":
            raise CommandReused(command_id)
        outcomes[stream_id] = cast(Outcome, outcome)
    return outcomes


async def _record(store: Store, batch: Beginnings) -> list[asyncpg.Record]:
    for _ in range(DEADLOCKS):
        try:
            async with store.pool.acquire(timeout=PATIENCE) as conn:
                return await conn.fetch(
                    "SELECT outcome FROM begin_streams($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15) ORDER BY ordinal",
                    batch.authority, batch.kind, *_columns(batch.commands), *_columns(batch.events), batch.now, timeout=PATIENCE,
                )  # fmt: skip
        except asyncpg.DeadlockDetectedError:
            continue  # over streams that somebody else begins in another order
        except CONNECTION_LOST as problem:
            if not is_outage(problem):
                raise
            raise StoreUnavailable() from problem
    raise StoreUnavailable()


def _columns(rows: Sequence[tuple[Any, ...]]) -> Iterable[list[Any]]:
    return map(list, zip(*rows, strict=True))

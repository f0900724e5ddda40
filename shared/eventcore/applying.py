"""Applying events to one consumer: in order per shard, once, in one transaction with the position; poison is parked.

Used live (from Kafka), in catch-up (from the store), in rebuilds and when parked events are retried. What is applied is a
`Reader`: a view or a policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import structlog

from shared.eventcore.checkpoints import Conn, lock_positions, save_positions
from shared.eventcore.errors import CONNECTION_LOST, StoreUnavailable, VersionConflict, is_outage
from shared.eventcore.kafka import Stored
from shared.eventcore.opening import Opener
from shared.eventcore.recording import Recorded, shard_of

log = structlog.get_logger()

TRANSIENT = (
    *CONNECTION_LOST,
    StoreUnavailable,  # a policy gives commands over other connections than its own
    VersionConflict,  # … and others were quicker, each time that it tried
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    TimeoutError,
)
"""What may be no fault of the event: see `is_transient`."""


def is_transient(problem: BaseException) -> bool:
    """Not the event's fault: the batch is tried again as a whole, nothing is parked."""
    return is_outage(problem) if isinstance(problem, CONNECTION_LOST) else isinstance(problem, TRANSIENT)


class Reader(Protocol):
    """Something that reads events: `consumer` names its positions; `wants` the wire types it handles."""

    @property
    def consumer(self) -> str: ...

    def wants(self, wire: str) -> bool: ...

    async def handle(self, conn: Conn, events: Sequence[Recorded[Any]]) -> None:
        """Do what follows from these events, in this order, in the transaction of `conn`."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Records missing from a shard: it stands at `position`, the next record says that one stands at `previous` before it."""

    shard: int
    position: int
    previous: int


@dataclass(frozen=True, slots=True)
class Applied:
    events: int
    gaps: tuple[Gap, ...]


async def apply(
    conn: Conn, reader: Reader, source: str, events: Sequence[Stored], opener: Opener, now: Callable[[], datetime]
) -> Applied:
    """Apply what is new among `events` (ascending per shard). One transaction; raises only what is `TRANSIENT`."""
    async with conn.transaction():
        at = await lock_positions(conn, reader.consumer, source, [e.shard for e in events])
        new, reached, gaps = in_turn(at, events)
        fresh = [event for event in new if reader.wants(event.type)]
        if fresh:
            await _handle(conn, reader, source, fresh, opener, now())
        await save_positions(conn, reader.consumer, source, reached)
    return Applied(len(fresh), gaps)


def in_turn(at: Mapping[int, int], events: Sequence[Stored]) -> tuple[list[Stored], dict[int, int], tuple[Gap, ...]]:
    """What of `events` a reader that stands `at` (position by shard) shall take, in order, each once; where it then stands
    in the shards that moved; and what is missing.

    A position already passed is a repeat and dropped. A record whose predecessor was not seen is left: it comes again when
    the gap is filled, perhaps in this very batch, if a relay sent the shard again from an earlier position.
    """
    new: list[Stored] = []
    reached: dict[int, int] = {}
    gaps: dict[int, Gap] = {}
    for event in events:
        here = reached.get(event.shard, at[event.shard])
        if event.position <= here:
            continue
        if event.previous > here:
            gaps[event.shard] = Gap(event.shard, here, event.previous)
            continue
        new.append(event)
        reached[event.shard] = event.position
    return new, reached, tuple(gap for gap in gaps.values() if reached.get(gap.shard, gap.position) < gap.previous)


def runs(events: Iterable[Stored]) -> dict[int, tuple[int, int]] | None:
    """By shard the position before these events and their last; None when one is missing among them."""
    found: dict[int, tuple[int, int]] = {}
    for event in events:
        before, last = found.get(event.shard, (event.previous, event.previous))
        if event.previous > last:
            return None
        found[event.shard] = before, max(last, event.position)
    return found


async def _handle(conn: Conn, reader: Reader, source: str, events: list[Stored], opener: Opener, now: datetime) -> None:
    waiting = await _parked_streams(conn, reader.consumer, source, {e.stream_id for e in events})
    clear = [e for e in events if e.stream_id not in waiting]
    try:
        async with conn.transaction():
            await reader.handle(conn, await opener.open(conn, clear))
    except Exception as problem:
        if is_transient(problem):
            raise
        # One of them is poison: find it, park its stream, let the others through.
        await _one_by_one(conn, reader, source, clear, opener, now)
    for event in events:
        if event.stream_id in waiting:
            await _park(conn, reader.consumer, source, event, "", now)


async def _one_by_one(
    conn: Conn, reader: Reader, source: str, events: Iterable[Stored], opener: Opener, now: datetime
) -> None:
    broken: set[UUID] = set()
    for event in events:
        problem = "" if event.stream_id in broken else await attempt(conn, reader, event, opener)
        if problem:
            broken.add(event.stream_id)
            log.error("event.parked", consumer=reader.consumer, event_id=event.id, type=event.type, problem=problem)
        if event.stream_id in broken:
            await _park(conn, reader.consumer, source, event, problem, now)


async def attempt(conn: Conn, reader: Reader, event: Stored, opener: Opener) -> str:
    """Handle one event in a savepoint. Answers what went wrong, without any value; empty when it worked."""
    try:
        async with conn.transaction():
            await reader.handle(conn, await opener.open(conn, [event]))
    except Exception as problem:
        if is_transient(problem):
            raise
        return describe(problem)
    return ""


def describe(problem: BaseException) -> str:
    """Class and place of a failure. Never its message: that may hold personal data."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    column = getattr(problem, "column_name", None) or getattr(problem, "constraint_name", None)
    return f"{type(problem).__name__} at {place}" + (f" ({column})" if column else "")


# --- parking -----------------------------------------------------------------------------------------------------------


async def _parked_streams(conn: Conn, consumer: str, source: str, streams: set[UUID]) -> set[UUID]:
    rows = await conn.fetch(
        "SELECT DISTINCT stream_id FROM parked WHERE consumer = $1 AND source = $2 AND stream_id = ANY($3::uuid[])",
        consumer, source, list(streams),
    )  # fmt: skip
    return {r["stream_id"] for r in rows}


async def _park(conn: Conn, consumer: str, source: str, event: Stored, problem: str, now: datetime) -> None:
    await conn.execute(
        "INSERT INTO parked VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9) ON CONFLICT DO NOTHING",
        consumer, source, event.stream_id, event.position, event.shard, event.type, event.to_json(), problem, now,
    )  # fmt: skip


async def parked(conn: Conn, consumer: str | None = None) -> list[dict[str, Any]]:
    """What is parked, first the event that failed, then those that wait behind it."""
    rows = await conn.fetch(
        "SELECT consumer, source, stream_id, position, type, problem, attempts, parked_at FROM parked"
        " WHERE $1::text IS NULL OR consumer = $1 ORDER BY consumer, source, stream_id, position",
        consumer,
    )
    return [dict(r) for r in rows]


async def retry_parked(conn: Conn, reader: Reader, source: str, stream_id: UUID, opener: Opener) -> tuple[int, str]:
    """Apply a parked stream's events in order until one fails again. Answers `(applied, problem)`."""
    applied = 0
    while True:
        async with conn.transaction():
            # While the reader applies a batch of this shard, it may park one more event behind these.
            await lock_positions(conn, reader.consumer, source, [shard_of(stream_id)])
            row = await conn.fetchrow(
                "SELECT position, record FROM parked WHERE consumer = $1 AND source = $2 AND stream_id = $3"
                " ORDER BY position LIMIT 1 FOR UPDATE",
                reader.consumer, source, stream_id,
            )  # fmt: skip
            if row is None:
                return applied, ""
            where = (reader.consumer, source, stream_id, row["position"])
            if problem := await attempt(conn, reader, Stored.from_json(row["record"]), opener):
                await conn.execute(
                    "UPDATE parked SET problem = $5, attempts = attempts + 1"
                    " WHERE consumer = $1 AND source = $2 AND stream_id = $3 AND position = $4",
                    *where, problem,
                )  # fmt: skip
                return applied, problem
            await conn.execute(
                "DELETE FROM parked WHERE consumer = $1 AND source = $2 AND stream_id = $3 AND position = $4", *where
            )
            applied += 1


async def skip_parked(
    conn: Conn, consumer: str, source: str, stream_id: UUID, *, by: str, reason: str, now: datetime
) -> bool:
    """Give up on the first parked event of a stream for this consumer, and keep who did and why in `skipped`. False when
    nothing was parked. A rebuild will meet the event again."""
    position = await conn.fetchval(
        "WITH gone AS ("
        "  DELETE FROM parked WHERE (consumer, source, stream_id, position) IN (SELECT consumer, source, stream_id, position"
        "  FROM parked WHERE consumer = $1 AND source = $2 AND stream_id = $3 ORDER BY position LIMIT 1) RETURNING *)"
        " INSERT INTO skipped SELECT consumer, source, stream_id, position, type, record, problem, $4, $5, $6 FROM gone"
        " RETURNING position",
        consumer, source, stream_id, by, reason, now,
    )  # fmt: skip
    if position is not None:
        log.warning(
            "event.skipped", consumer=consumer, source=source, stream_id=str(stream_id), position=position, actor=by
        )
    return position is not None

"""The event store of one service: load streams, append events, read in order. Everything that is SQL on events is here.

Concurrent commands of a process share a load and a commit (`Coalescer`). What an append means is in `sql/011_append.sql`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import orjson

from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import Clock
from shared.eventcore.coalescing import Coalescer
from shared.eventcore.errors import CONNECTION_LOST, StoreUnavailable, VersionConflict, is_outage
from shared.eventcore.hashing import content_hash
from shared.eventcore.kafka import Stored, metadata_text
from shared.eventcore.recording import Metadata, shard_of

MAX_PAYLOAD = 900_000
"""Bytes of one event's JSON: below Kafka's default message limit of one megabyte, so that the relay can always send it."""

DEADLOCKS = 5
"""How often one command, or one batch of beginnings, is tried again that lost a deadlock: whoever won it is done soon."""

PATIENCE = 20.0
"""Seconds for a free connection, and again for an answer: a connection that was cut silently must not hold up everybody."""


class CommandReused(Exception):
    """A command id came again with another command: the caller mixed up its idempotency keys."""


@dataclass(frozen=True, slots=True)
class Change:
    """A place, or a time `held`, under a boundary tag (already hashed) to take or to give back."""

    tag: bytes
    rule: str = ""
    limit: int = 1
    release: bool = False
    held: tuple[datetime, datetime] | None = None

    def to_json(self) -> dict[str, Any]:
        said = {"tag": self.tag.hex(), "rule": self.rule, "limit": self.limit, "release": self.release}
        return {**said, "from": self.held[0], "until": self.held[1]} if self.held else said


@dataclass(frozen=True, slots=True)
class Commit:
    """The events of one command, encoded and sealed, to append when the stream still stands at `expected`."""

    stream_id: UUID
    kind: str
    expected: int
    events: Sequence[tuple[str, str]]
    """`(wire type, JSON text)` of each."""
    occurred_at: Sequence[datetime]
    metadata: Metadata
    fingerprint: str = ""
    places: Sequence[Change] = ()


class Appended(NamedTuple):
    outcome: str
    """`appended`, `repeated`, or `refused` by the boundary rule named in `rule`."""
    version: int
    position: int
    rule: str = ""
    stream_id: UUID | None = None
    """Of a repeat: the stream that the first answer was about."""


class StoredEvent(NamedTuple):
    version: int
    type: str
    payload: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream's stored events after `after`, and the first answer to the command if it was given before."""

    events: list[StoredEvent] = field(default_factory=list)
    repeated: Appended | None = None

    def version(self, after: int = 0) -> int:
        return self.events[-1].version if self.events else after


class _Wanted(NamedTuple):
    stream_id: UUID
    authority: str
    after: int
    command_id: str
    fingerprint: str


# Streams and first answers in one round trip; an answer has no `type`.
_LOAD = """
    (SELECT stream_id, version, type, payload, NULL AS authority, NULL AS command_id, NULL AS fingerprint, NULL::bigint AS position
     FROM load_streams($1, $2, $3))
    UNION ALL
    (SELECT stream_id, version, NULL, NULL, authority, command_id, fingerprint, last_position FROM known_commands($4, $5))
    ORDER BY stream_id, version
"""


class Store:
    """One service's events. `pool` may be the API role's: it loads and appends through functions, bound to authorities."""

    def __init__(self, context: str, pool: asyncpg.Pool[Any], clock: Clock) -> None:
        self.context, self.pool, self.clock = context, pool, clock
        self.appended: list[Callable[[], None]] = []
        """Called after each commit: the relay of the same process need not wait for its next look."""
        self._load = Coalescer(self._load_many)
        self._append = Coalescer(self._append_many, most=128)

    async def load(
        self, stream_id: UUID, authority: str, *, after: int = 0, command_id: str = "", fingerprint: str = ""
    ) -> Loaded:
        """Events of a stream of this authority, oldest first; another authority's stream looks empty."""
        return await self._load(_Wanted(stream_id, authority, after, command_id, fingerprint))

    async def append(self, commit: Commit) -> Appended:
        """Append or say why not. Raises `VersionConflict`, `CommandReused`, `StoreUnavailable` (the outcome is then unknown:
        repeat the command with the same id)."""
        for _, payload in commit.events:
            check_size(commit.kind, payload)
        appended = await self._append(commit)
        if appended.outcome != "repeated":
            return appended
        # Given twice at one moment, perhaps with a stream id drawn for each: the answer is about the first one's stream.
        by = commit.metadata
        first = await self.load(
            commit.stream_id, by.authority, after=commit.expected, command_id=by.command_id, fingerprint=commit.fingerprint
        )  # fmt: skip
        return first.repeated or appended

    async def drain(self) -> None:
        await self._append.drain()

    async def read(self, *, after: int, limit: int = 1000, shards: Iterable[int] | None = None) -> list[Stored]:
        """Stored events with `position > after` up to the horizon, in order: the safe way to read everything."""
        async with self.pool.acquire() as conn:
            return await read(conn, self.context, after=after, limit=limit, shards=shards)

    async def stream(self, stream_id: UUID, authority: str) -> list[Stored]:
        """A whole stream with its metadata, for people and audits; another authority's stream looks empty."""
        async with self.pool.acquire() as conn, conn.transaction(readonly=True):
            await act_for(conn, authority)
            rows = await conn.fetch(
                "SELECT * FROM outbox WHERE stream_id = $1 AND authority = $2 ORDER BY version", stream_id, authority
            )
        return [Stored.from_row(self.context, row) for row in rows]

    # --- flushes ----------------------------------------------------------------------------------------------------

    async def _load_many(self, wanted: Sequence[_Wanted]) -> Sequence[Loaded | Exception]:
        """What each asked for. The rows of a load name their stream and not whose it is, so a stream that two councils ask
        for at the same moment is loaded for each alone."""
        owner: dict[UUID, str] = {}
        together = [w for w in wanted if owner.setdefault(w.stream_id, w.authority) == w.authority]
        if len(together) == len(wanted):
            return await self._load_together(wanted)
        others = [w for w in wanted if owner[w.stream_id] != w.authority]
        of_one, of_others = iter(await self._load_together(together)), iter(await self._load_many(others))
        return [next(of_one if owner[w.stream_id] == w.authority else of_others) for w in wanted]

    async def _load_together(self, wanted: Sequence[_Wanted]) -> Sequence[Loaded | Exception]:
        try:
            async with self.pool.acquire(timeout=PATIENCE) as conn:
                asked = [w for w in wanted if w.command_id]
                rows = await conn.fetch(
                    _LOAD, [w.stream_id for w in wanted], [w.authority for w in wanted], [w.after for w in wanted],
                    [w.authority for w in asked], [w.command_id for w in asked], timeout=PATIENCE,
                )  # fmt: skip
        except CONNECTION_LOST as problem:
            if not is_outage(problem):
                raise
            raise StoreUnavailable() from problem
        by_stream: dict[UUID, list[StoredEvent]] = {w.stream_id: [] for w in wanted}
        known: dict[tuple[str, str], tuple[str, Appended]] = {}
        for stream_id, version, kind, payload, authority, command_id, fingerprint, position in rows:
            if kind is not None:
                by_stream[stream_id].append(StoredEvent(version, kind, payload))
            else:
                answer = Appended("repeated", version, position or 0, "", stream_id)
                known[authority, command_id] = fingerprint, answer
        alone = len(by_stream) == len(wanted)
        out: list[Loaded | Exception] = []
        for w in wanted:
            first = known.get((w.authority, w.command_id))
            if first is not None and first[0] != w.fingerprint:
                out.append(CommandReused(w.command_id))
                continue
            events = by_stream[w.stream_id]
            if not alone:  # two commands on one stream may ask from different versions in one load
                events = [e for e in dict.fromkeys(events) if e.version > w.after]
            out.append(Loaded(events, first[1] if first else None))
        return out

    async def _append_many(self, commits: Sequence[Commit]) -> Sequence[Appended | Exception]:
        # In stream order, so that two processes never lock two streams in opposite orders.
        order = sorted(range(len(commits)), key=lambda i: commits[i].stream_id)
        now = self.clock()
        rows: list[asyncpg.Record | Exception]
        try:
            rows = [*await self._append_in_one([commits[i] for i in order], now)]
        except asyncpg.DeadlockDetectedError:  # over boundary places: rare enough to go one by one
            rows = [await self._append_alone(commits[i], now) for i in order]
        except CONNECTION_LOST as problem:
            if not is_outage(problem):
                raise
            raise StoreUnavailable() from problem
        out: list[Appended | Exception] = [VersionConflict(c.stream_id, c.expected) for c in commits]
        for i, row in zip(order, rows, strict=True):
            if isinstance(row, Exception):
                out[i] = row
                continue
            match row["outcome"]:
                case "conflict":
                    pass
                case "reused":
                    out[i] = CommandReused(commits[i].metadata.command_id)
                case outcome:
                    out[i] = Appended(outcome, row["stream_version"], row["last_position"] or 0, row["detail"] or "")
        for wake in self.appended:
            wake()
        return out

    async def _append_alone(self, commit: Commit, now: datetime) -> asyncpg.Record | Exception:
        """After a deadlock. What fails is this command's own: others of its batch may stand already."""
        for _ in range(DEADLOCKS):
            try:
                return (await self._append_in_one([commit], now))[0]
            except asyncpg.DeadlockDetectedError:
                continue
            except Exception as problem:
                return StoreUnavailable() if is_outage(problem) else problem
        return StoreUnavailable()

    async def _append_in_one(self, commits: Sequence[Commit], now: datetime) -> list[asyncpg.Record]:
        first, counts, n = [], [], 1
        types: list[str] = []
        payloads: list[str] = []
        metadatas: list[str] = []
        occurred: list[datetime] = []
        hashes: list[bytes] = []
        for c in commits:
            first.append(n)
            counts.append(len(c.events))
            n += len(c.events)
            metadata = metadata_text(c.metadata)
            shard = shard_of(c.stream_id)
            for offset, ((wire, payload), when) in enumerate(zip(c.events, c.occurred_at, strict=True), 1):
                types.append(wire)
                payloads.append(payload)
                metadatas.append(metadata)
                occurred.append(when)
                hashes.append(
                    content_hash(
                        wire=wire, stream_id=c.stream_id, version=c.expected + offset, shard=shard, authority=c.metadata.authority,
                        occurred_at=when, recorded_at=now, payload=payload, metadata=metadata,
                    )
                )  # fmt: skip
        async with self.pool.acquire(timeout=PATIENCE) as conn:
            return await conn.fetch(
                "SELECT * FROM append_events($1,$2,$3,$4,$5,$6,$7,$8,$9,$10::json[],$11,$12,$13,$14,$15,$16)",
                [c.metadata.command_id for c in commits], [c.fingerprint for c in commits], [c.stream_id for c in commits],
                [c.kind for c in commits], [c.metadata.authority for c in commits], [shard_of(c.stream_id) for c in commits],
                [c.expected for c in commits], first, counts, [_places(c.places) for c in commits],
                types, payloads, metadatas, occurred, hashes, now, timeout=PATIENCE,
            )  # fmt: skip


def check_size(kind: str, payload: str) -> None:
    """Raises ValueError for a payload that the relay could never send."""
    if len(payload.encode()) > MAX_PAYLOAD:
        raise ValueError(f"an event of {kind} is larger than {MAX_PAYLOAD} bytes")


async def as_it_is(_: Conn) -> None:
    """`reset` of a pool whose users leave nothing in a session: settings and cursors end with their transaction, locks are
    given back by hand. asyncpg's own way costs a round trip for each use; an open transaction it rolls back all the same."""


async def act_for(conn: Conn, authority: str) -> None:
    """Row-level security shows and lets change the rows of `authority` only, until the transaction ends."""
    await conn.execute("SELECT set_config('moot.authorities', $1, true)", authority)


async def read(
    conn: Conn,
    context: str,
    *,
    after: int,
    upto: int | None = None,
    limit: int = 1000,
    shards: Iterable[int] | None = None,
    types: Sequence[str] | None = None,
) -> list[Stored]:
    """See `Store.read`. Two statements: the horizon first, then what it makes safe to see. `upto` is a horizon seen earlier."""
    horizon = await conn.fetchval("SELECT event_horizon()") if upto is None else upto
    rows = await conn.fetch(
        "SELECT * FROM outbox WHERE position > $1 AND position <= $2 AND ($3::smallint[] IS NULL OR shard = ANY($3))"
        " AND ($5::text[] IS NULL OR type = ANY($5)) ORDER BY position LIMIT $4",
        after, horizon, None if shards is None else list(shards), limit, types,
    )  # fmt: skip
    return [Stored.from_row(context, row) for row in rows]


async def read_all(
    conn: Conn, context: str, *, after: int = 0, batch: int = 5000, shards: Iterable[int] | None = None
) -> AsyncIterator[list[Stored]]:
    """Batches up to the horizon as it stands when each is read."""
    wanted = None if shards is None else list(shards)
    while events := await read(conn, context, after=after, limit=batch, shards=wanted):
        yield events
        after = events[-1].position


def _places(changes: Sequence[Change]) -> str | None:
    if not changes:
        return None
    ordered = sorted(changes, key=lambda c: (c.tag, not c.release))
    return orjson.dumps([change.to_json() for change in ordered]).decode()

"""What operators look at: one stream whoever it belongs to, how far readers are behind, whether a relay is at work.

For the owner's connection: row-level security does not bind it, so whoever uses this answers for what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.eventcore.checkpoints import Conn, load_positions
from shared.eventcore.kafka import Stored
from shared.eventcore.projection import View, table_of
from shared.eventcore.recording import SHARDS
from shared.eventcore.relay import OWNERSHIP, Relay

MOST_COUNTED = 1000
"""Events counted of a shard's lag: enough to act upon, and a look stays cheap however far a reader is behind."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a reader has not passed yet, of the events at or below the store's horizon."""

    events: int
    shards: int
    """How many shards it is behind in."""
    most: int
    """Events in the shard that is furthest behind."""
    oldest: datetime | None
    """When the oldest of these events was recorded."""


@dataclass(frozen=True, slots=True)
class ViewStanding:
    """Which version of a view is live, since when, which one a rollback would bring back, and its rows by table."""

    version: int
    previous: int | None
    built_at: datetime
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class RelayStanding:
    """`owned` shards have an owner at work, in `owners` database sessions; `sent` is the furthest position on Kafka."""

    owned: int
    owners: int
    horizon: int
    sent: int
    behind: Behind


@dataclass(frozen=True, slots=True)
class ShardLag:
    """How far one reader is behind its own service's store in one shard. `events` is counted up to `MOST_COUNTED`."""

    reader: str
    shard: int
    events: int
    oldest: datetime | None
    """When the oldest of these events was recorded."""


@dataclass(frozen=True, slots=True)
class Parked:
    """What one reader could not apply: `streams` that stand still, and the `events` of theirs that wait."""

    reader: str
    streams: int
    events: int


@dataclass(frozen=True, slots=True)
class Clocks:
    """The deadlines of one command: how many are `overdue` and since when, and how many fall due within a day."""

    command: str
    overdue: int
    oldest: datetime | None
    within_a_day: int


async def stream_of_any_authority(
    conn: Conn, context: str, stream_id: UUID, recorded_before: datetime | None = None
) -> list[Stored]:
    """A whole stream, oldest first, or what of it was recorded before an instant."""
    rows = await conn.fetch(
        "SELECT * FROM outbox WHERE stream_id = $1 AND ($2::timestamptz IS NULL OR recorded_at < $2) ORDER BY version",
        stream_id, recorded_before,
    )  # fmt: skip
    return [Stored.from_row(context, row) for row in rows]


async def note_read(
    conn: Conn, *, authority: str, actor: str, kind: str, record: str, purpose: str, correlation_id: str, at: datetime
) -> None:
    """Write down that somebody is about to see personal data. Call it before anything is shown."""
    await conn.execute(
        "INSERT INTO read_log (authority, actor, kind, record, purpose, correlation_id, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        authority, actor, kind, record, purpose, correlation_id, at,
    )  # fmt: skip


async def horizon_of(conn: Conn) -> int:
    """The position up to which readers may read: no event will come before it any more."""
    return int(await conn.fetchval("SELECT event_horizon()"))


async def behind(conn: Conn, positions: Mapping[int, int], until: int | None = None) -> Behind:
    """How far a reader at `positions` (by shard) is behind this store, or behind its event at `until`. Costs an index look-up
    per shard."""
    horizon = await horizon_of(conn) if until is None else until
    (row,) = await conn.fetch(
        "SELECT coalesce(sum(late.events), 0) AS events, count(*) FILTER (WHERE late.events > 0) AS shards,"
        " coalesce(max(late.events), 0) AS most, min(late.oldest) AS oldest"
        " FROM unnest($1::smallint[], $2::bigint[]) reader(shard, position) CROSS JOIN LATERAL ("
        "   SELECT count(*) AS events, min(e.recorded_at) AS oldest FROM event e"
        "   WHERE e.shard = reader.shard AND e.position > reader.position AND e.position <= $3) late",
        list(range(SHARDS)), [positions.get(shard, 0) for shard in range(SHARDS)], horizon,
    )  # fmt: skip
    return Behind(int(row["events"]), row["shards"], row["most"], row["oldest"])


async def view_standing(conn: Conn, view: View) -> ViewStanding | None:
    """None while the view has no tables."""
    row = await conn.fetchrow("SELECT version, previous, built_at FROM view_version WHERE name = $1", view.name)
    if row is None:
        return None
    tables = [table_of(model).name for model in view.tables]
    rows = {table: await conn.fetchval(f'SELECT count(*) FROM "{view.name}"."{table}"') for table in tables}
    return ViewStanding(row["version"], row["previous"], row["built_at"], rows)


async def relay_standing(conn: Conn, context: str) -> RelayStanding:
    """Read from the locks and positions in the database: it does not matter where the relay runs."""
    (locks,) = await conn.fetch(
        "SELECT count(DISTINCT objid) AS owned, count(DISTINCT pid) AS owners FROM pg_locks"
        " WHERE locktype = 'advisory' AND objsubid = 2 AND classid::bigint = $1 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        OWNERSHIP,
    )
    sent = await load_positions(conn, Relay.consumer, context)
    return RelayStanding(
        locks["owned"],
        locks["owners"],
        await conn.fetchval("SELECT event_horizon()"),
        max(sent.values(), default=0),
        await behind(conn, sent),
    )


async def lag_by_shard(conn: Conn, context: str, readers: Sequence[str]) -> list[ShardLag]:
    """Every shard of every reader (`relay`, `view:…`, `policy:…`) of this context's own events."""
    rows = await conn.fetch("SELECT * FROM reader_lag($1, $2, $3)", context, list(readers), MOST_COUNTED)
    return [ShardLag(row["reader"], row["shard"], row["events"], row["oldest"]) for row in rows]


async def held_back_since(conn: Conn) -> datetime | None:
    """When the oldest event was recorded that no reader may have yet, because a writer before it is still at work."""
    horizon = await conn.fetchval("SELECT event_horizon()")
    since: datetime | None = await conn.fetchval(
        "SELECT recorded_at FROM event WHERE position > $1 ORDER BY position LIMIT 1", horizon
    )
    return since


async def parked_by_reader(conn: Conn) -> list[Parked]:
    """Only readers that have something parked."""
    rows = await conn.fetch(
        "SELECT consumer, count(DISTINCT (source, stream_id)) AS streams, count(*) AS events FROM parked GROUP BY consumer"
    )
    return [Parked(row["consumer"], row["streams"], row["events"]) for row in rows]


async def statutory_clocks(conn: Conn, now: datetime) -> list[Clocks]:
    """What is not settled yet, by command. `now` is the service's own clock, which a rehearsal may have moved."""
    rows = await conn.fetch(
        "SELECT command, count(*) FILTER (WHERE due_at <= $1) AS overdue, min(due_at) FILTER (WHERE due_at <= $1) AS oldest,"
        " count(*) FILTER (WHERE due_at > $1 AND due_at <= $1 + interval '1 day') AS within_a_day"
        " FROM deadline WHERE settled_at IS NULL GROUP BY command",
        now,
    )
    return [Clocks(row["command"], row["overdue"], row["oldest"], row["within_a_day"]) for row in rows]

"""Where each consumer stands: one position per source and shard, moved only forward, in the transaction of what was written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    Conn = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Conn = asyncpg.Connection  # not subscriptable when it runs


async def load_positions(conn: Conn, consumer: str, source: str) -> dict[int, int]:
    """Position by shard; a shard never touched is absent."""
    rows = await conn.fetch(
        "SELECT shard, position FROM checkpoint WHERE consumer = $1 AND source = $2", consumer, source
    )
    return {r["shard"]: r["position"] for r in rows}


async def lock_positions(conn: Conn, consumer: str, source: str, shards: list[int]) -> dict[int, int]:
    """Position of each of these shards (0 if new), locked until the transaction ends: two workers cannot apply one batch."""
    ordered = sorted(set(shards))
    while True:
        rows = await conn.fetch(
            "SELECT shard, position FROM checkpoint WHERE consumer = $1 AND source = $2 AND shard = ANY($3::smallint[])"
            " ORDER BY shard FOR UPDATE",
            consumer, source, ordered,
        )  # fmt: skip
        if len(rows) == len(ordered):
            return {r["shard"]: r["position"] for r in rows}
        # New shards; or a rebuild swapped tables and renamed these rows while we waited for them. Look again.
        await conn.execute(
            "INSERT INTO checkpoint SELECT $1, $2, s, 0 FROM unnest($3::smallint[]) s ON CONFLICT DO NOTHING",
            consumer, source, ordered,
        )  # fmt: skip


async def save_positions(conn: Conn, consumer: str, source: str, positions: Mapping[int, int]) -> None:
    """Move forward; a position that is not ahead changes nothing."""
    if positions:
        await conn.execute(
            "INSERT INTO checkpoint AS c SELECT $1, $2, s, p FROM unnest($3::smallint[], $4::bigint[]) u(s, p)"
            " ON CONFLICT (consumer, source, shard) DO UPDATE SET position = excluded.position WHERE c.position < excluded.position",
            consumer, source, list(positions), list(positions.values()),
        )  # fmt: skip


async def pass_by(
    conn: Conn, consumers: Sequence[str], source: str, runs: Mapping[int, tuple[int, int]]
) -> frozenset[str]:
    """Move consumers who want nothing of some events behind them, all in one statement. `runs` holds by shard the position
    before its events, and their last. Answers those who now stand behind all of them; who missed something before them, or
    is new, is not among these, and what it may have moved by is done."""
    rows = await conn.fetch(
        "WITH held AS ("
        "  SELECT c.consumer, c.shard, r.last FROM unnest($3::smallint[], $4::bigint[], $5::bigint[]) r (shard, before, last)"
        "  JOIN checkpoint c ON c.shard = r.shard AND c.consumer = ANY($1) AND c.source = $2 AND c.position >= r.before"
        "  ORDER BY c.consumer, c.shard FOR UPDATE OF c),"  # in one order for all, against deadlocks
        " moved AS ("
        "  UPDATE checkpoint c SET position = held.last FROM held"
        "  WHERE c.consumer = held.consumer AND c.source = $2 AND c.shard = held.shard AND c.position < held.last)"
        " SELECT consumer FROM held GROUP BY consumer HAVING count(*) = cardinality($3)",
        list(consumers), source, list(runs), [before for before, _ in runs.values()], [last for _, last in runs.values()],
    )  # fmt: skip
    return frozenset(r["consumer"] for r in rows)


async def wait_for(pool: asyncpg.Pool[Any], consumer: str, source: str, token: str, timeout: float = 2.0) -> bool:
    """Read your writes: true once `consumer` has passed `token` (`shard:position`), false when `timeout` seconds were not enough."""
    shard, position = (int(part) for part in token.split(":"))
    until = time.monotonic() + timeout
    pause = 0.004
    while True:
        at = await pool.fetchval(
            "SELECT position FROM checkpoint WHERE consumer = $1 AND source = $2 AND shard = $3",
            consumer,
            source,
            shard,
        )
        if at is not None and at >= position:
            return True
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.05)

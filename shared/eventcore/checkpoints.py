"""Where each consumer stands: one position per source and shard, moved only forward, in the transaction of what was written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
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
        await conn.execute(
            "INSERT INTO checkpoint SELECT $1, $2, s, 0 FROM unnest($3::smallint[]) s ON CONFLICT DO NOTHING",
            consumer, source, ordered,
        )  # fmt: skip
        rows = await conn.fetch(
            "SELECT shard, position FROM checkpoint WHERE consumer = $1 AND source = $2 AND shard = ANY($3::smallint[])"
            " ORDER BY shard FOR UPDATE",
            consumer, source, ordered,
        )  # fmt: skip
        if len(rows) == len(ordered):
            return {r["shard"]: r["position"] for r in rows}
        # A rebuild swapped tables and renamed these rows while we waited for them: look again.


async def save_positions(conn: Conn, consumer: str, source: str, positions: Mapping[int, int]) -> None:
    """Move forward; a position that is not ahead changes nothing."""
    if positions:
        await conn.execute(
            "INSERT INTO checkpoint AS c SELECT $1, $2, s, p FROM unnest($3::smallint[], $4::bigint[]) u(s, p)"
            " ON CONFLICT (consumer, source, shard) DO UPDATE SET position = excluded.position WHERE c.position < excluded.position",
            consumer, source, list(positions), list(positions.values()),
        )  # fmt: skip


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

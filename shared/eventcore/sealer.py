"""The sealer: folds every closed range of positions into a seal, then publishes the seals in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventcore.seals import Seal, pack_leaves, seal_range

if TYPE_CHECKING:
    from shared.eventcore.checkpoints import Conn

SEALED_AT_ONCE = 10_000
"""Most events under one seal: what an auditor's machine holds in memory at a time."""
SEALER_LOCK = (19791, 1)
"""Two-part advisory lock, so that it is never taken for a writer's lease."""
PUBLISHING_LOCK = (19791, 2)
"""Held while seals are published: one that goes to a topic which is then emptied must not be marked as published after."""


async def seal_closed(
    conn: Conn,
    key: Ed25519PrivateKey,
    store: str,
    horizon: int,
    now: datetime,
    publish: Callable[[Seal], Awaitable[None]],
    at_once: int = SEALED_AT_ONCE,
) -> list[Seal]:
    """Seal the events up to `horizon`, the position at and below which no event can still appear; publish what is not.

    Two sealers do no harm: one holds the lock, the other goes away. A seal is published at least once, in order of its
    number; the topic is compacted by `<store>:<number>`. Returns the new seals.
    """
    sealed: list[Seal] = []
    while seal := await _seal_next(conn, key, store, horizon, now, at_once):
        sealed.append(seal)
    if not await conn.fetchval("SELECT pg_try_advisory_lock($1, $2)", *PUBLISHING_LOCK):
        return sealed  # another one publishes, or the topics are being made anew: at the next look
    try:
        for row in await conn.fetch("SELECT number, seal FROM seal WHERE published_at IS NULL ORDER BY number"):
            await publish(Seal.from_json(row["seal"]))
            await conn.execute("UPDATE seal SET published_at = $2 WHERE number = $1", row["number"], now)
    finally:
        await conn.execute("SELECT pg_advisory_unlock($1, $2)", *PUBLISHING_LOCK)
    return sealed


async def _seal_next(
    conn: Conn, key: Ed25519PrivateKey, store: str, horizon: int, now: datetime, at_once: int
) -> Seal | None:
    async with conn.transaction():
        if not await conn.fetchval("SELECT pg_try_advisory_xact_lock($1, $2)", *SEALER_LOCK):
            return None
        last = await conn.fetchval("SELECT seal FROM seal ORDER BY number DESC LIMIT 1")
        previous = Seal.from_json(last) if last else None
        rows = await conn.fetch(
            "SELECT position, content_hash FROM event WHERE position > $1 AND position <= $2 ORDER BY position"
            " LIMIT $3",
            previous.to if previous else 0,
            horizon,
            at_once,
        )
        if not rows:
            return None
        leaves = [(row["position"], row["content_hash"]) for row in rows]
        seal = seal_range(leaves, store, previous, horizon if len(rows) < at_once else leaves[-1][0], now, key)
        await conn.execute(
            "INSERT INTO seal (number, up_to, seal, leaves) VALUES ($1, $2, $3, $4)",
            seal.number,
            seal.to,
            seal.to_json(),
            pack_leaves(leaves),
        )
        return seal

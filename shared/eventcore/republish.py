"""Kafka rebuilt from the stores: topics are emptied, and relay and sealer begin again at the first event.

Nothing is lost with a broker, since every event and every seal stands in PostgreSQL, and so does the position of every
reader. What comes a second time readers drop by its position; what a reader had not seen yet it gets now.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from shared.eventcore.checkpoints import Conn
from shared.eventcore.kafka import PARTITIONS, SEND_SECONDS, empty_topics
from shared.eventcore.recording import SHARDS
from shared.eventcore.relay import OWNERSHIP, Relay
from shared.eventcore.sealer import PUBLISHING_LOCK

log = structlog.get_logger()

FAREWELL_SECONDS = SEND_SECONDS + 1
"""A relay that loses its shards may go on sending what it had begun for as long as one request to Kafka may last."""
TAKE_SECONDS = 0.05


async def republish(conn: Conn, context: str, bootstrap: str, *, partitions: int = PARTITIONS) -> None:
    """Empty the context's topics, or make them, and have everything published again; relays and sealers at work meanwhile stand by.

    `conn` is the owner's. Returns when relays may begin; they take the shards by themselves. Raises `KafkaError`,
    `TimeoutError`: do it again.
    """
    async with _all_shards(conn), _no_sealer_publishes(conn):
        # In this order: a failure in between has records come twice, which readers drop, and none missing.
        await forget_what_was_published(conn, context)
        await empty_topics(bootstrap, context, partitions=partitions)
    log.info("topics.emptied", context=context)


@asynccontextmanager
async def _no_sealer_publishes(conn: Conn) -> AsyncIterator[None]:
    await conn.execute("SELECT pg_advisory_lock($1, $2)", *PUBLISHING_LOCK)  # waits for one that does
    try:
        yield
    finally:
        await conn.execute("SELECT pg_advisory_unlock($1, $2)", *PUBLISHING_LOCK)


async def forget_what_was_published(conn: Conn, context: str) -> None:
    """Relay and sealer begin again at the first event and the first seal. Only while neither is at work."""
    async with conn.transaction():
        await conn.execute("DELETE FROM checkpoint WHERE consumer = $1 AND source = $2", Relay.consumer, context)
        await conn.execute("UPDATE seal SET published_at = NULL WHERE published_at IS NOT NULL")


@asynccontextmanager
async def _all_shards(conn: Conn) -> AsyncIterator[None]:
    """Own every shard: the relays that did are sent away, and have time to fall silent."""
    taken: set[int] = set()
    sent_away = False
    try:
        while len(taken) < SHARDS:
            # Without its session a relay can no longer save a position; one that saved after us would hide what it skipped.
            gone = await conn.fetch(
                "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks"
                " WHERE locktype = 'advisory' AND objsubid = 2 AND classid::bigint = $1 AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                " AND pid <> pg_backend_pid()) owner",
                OWNERSHIP,
            )
            sent_away = sent_away or bool(gone)
            rows = await conn.fetch(
                "SELECT s FROM unnest($1::int[]) s WHERE pg_try_advisory_lock($2, s)",
                [shard for shard in range(SHARDS) if shard not in taken], OWNERSHIP,
            )  # fmt: skip
            taken |= {row["s"] for row in rows}
            await asyncio.sleep(TAKE_SECONDS)
        if sent_away:
            await asyncio.sleep(FAREWELL_SECONDS)
        yield
    finally:
        await conn.execute("SELECT pg_advisory_unlock($1, s) FROM unnest($2::int[]) s", OWNERSHIP, list(taken))

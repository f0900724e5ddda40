"""Stores with a past: streams of 20 events, each stream's rows scattered over the table as they are in real life."""

from __future__ import annotations

import uuid
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from bench.casework import CASEWORK, CaseNoted, CaseOpened, Details, cases
from deploy.topology import AUTHORITY
from shared.eventcore.codec import encode
from shared.eventcore.kafka import metadata_text
from shared.eventcore.recording import Metadata, shard_of

EVENTS_EACH = 20
PAST = Metadata("bench", AUTHORITY, correlation_id="00000000-0000-4000-8000-000000000000", origin="bench")


async def fill(pool: asyncpg.Pool[Any], streams: int, *, each: int = EVENTS_EACH, seed: int = 1) -> list[UUID]:
    """Add `streams` streams of `each` events. Written past the append function, so nobody else may be writing."""
    rng = Random(seed)
    ids = [uuid.UUID(int=rng.getrandbits(128), version=4) for _ in range(streams)]
    opened, payload = encode(CaseOpened(1, Details()), None, CASEWORK)
    noted, _ = encode(CaseNoted(1, Details()), None, CASEWORK)
    async with pool.acquire() as conn:
        await conn.copy_records_to_table(
            "stream", records=[(id, cases.kind, AUTHORITY, shard_of(id), each) for id in ids]
        )
        await conn.execute(
            "INSERT INTO event SELECT nextval('event_position'), p.shard, p.id, p.version,"
            "  CASE p.version WHEN 1 THEN $2 ELSE $3 END, $4, $5::text::json, $6::text::json, now(), now(), sha256(p.id::text::bytea)"
            " FROM (SELECT s.id, s.shard, v.version FROM stream s, generate_series(1, $7::int) AS v(version)"
            "       WHERE s.id = ANY($1::uuid[]) ORDER BY v.version, s.id) p",
            ids, opened, noted, AUTHORITY, payload, metadata_text(PAST), each, timeout=3600,
        )  # fmt: skip
    return ids


async def settle(pool: asyncpg.Pool[Any]) -> None:
    """What a running server has done long since: statistics, and pages written out. Needs a superuser."""
    await pool.execute("VACUUM (ANALYZE) stream")
    await pool.execute("VACUUM (ANALYZE) event", timeout=3600)
    await pool.execute("CHECKPOINT", timeout=3600)

"""A whole event core on a fresh database, for tests: store, keys, executor, relay and readers of the toy context."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventcore.applying import apply
from shared.eventcore.clock import RehearsalClock
from shared.eventcore.execute import Executor
from shared.eventcore.keys import BlindIndex, Keyring, MasterKeys
from shared.eventcore.opening import Opener
from shared.eventcore.projection import View
from shared.eventcore.recording import Metadata, Receipt
from shared.eventcore.schema import statements
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import Store, as_it_is
from shared.eventcore.testing.toys import TOYS, Initial, Pin, TakeDown, notices
from shared.eventcore.views import ViewReader, set_up
from shared.events.definition import Registry

AUTHORITY = "E07000999"
TODAY = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)


def by(command_id: str = "", *, actor: str = "officer-1", authority: str = AUTHORITY) -> Metadata:
    return Metadata(actor, authority, correlation_id=str(uuid4()), command_id=command_id)


@dataclass
class Core:
    """Everything of one context's event core that runs without Kafka. `url` is the owner's."""

    context: str
    url: str
    pool: asyncpg.Pool[Any]
    clock: RehearsalClock
    keyring: Keyring
    keys: SubjectKeys
    store: Store
    execute: Executor
    opener: Opener
    registry: Registry

    async def pin(
        self,
        place: str,
        words: str = "Lost: one cat",
        stream: UUID | None = None,
        author: UUID | None = None,
        **kw: Any,
    ) -> Receipt:
        command = Pin(author or uuid4(), words, place, self.clock().date())
        return await self.execute(notices, stream or uuid4(), command, by=by(**kw))

    async def initial(self, stream: UUID, who: str = "clerk", **kw: Any) -> Receipt:
        return await self.execute(notices, stream, Initial(who), by=by(**kw))

    async def take_down(self, stream: UUID, **kw: Any) -> Receipt:
        return await self.execute(notices, stream, TakeDown(), by=by(**kw))

    async def set_up_views(self, *views: View) -> Sequence[View]:
        return await set_up(self.pool, views, self.clock)

    async def catch_up(self, view: View, schema: str | None = None, batch: int = 1000) -> int:
        """Apply everything in the store to a view, without Kafka."""
        reader, after, applied = ViewReader(view, schema), 0, 0
        while events := await self.store.read(after=after, limit=batch):
            async with self.pool.acquire() as conn:
                applied += (await apply(conn, reader, self.context, events, self.opener, self.clock)).events
            after = events[-1].position
        return applied

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return [dict(r) for r in await self.pool.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]


def ring() -> Keyring:
    """Fresh random keys."""
    return Keyring(
        MasterKeys({1: secrets.token_bytes(32)}), BlindIndex(secrets.token_bytes(32)), Ed25519PrivateKey.generate()
    )


@asynccontextmanager
async def event_core(
    url: str, context: str = "toys", registry: Registry = TOYS, keyring: Keyring | None = None
) -> AsyncIterator[Core]:
    """Set up the event core's tables on an empty database (or use those that are there) and open everything on it."""
    pool = await asyncpg.create_pool(url, min_size=1, max_size=12, reset=as_it_is)
    async with pool.acquire() as conn:
        if not await conn.fetchval("SELECT to_regclass('event') IS NOT NULL"):
            for text in statements():
                await conn.execute(text)
    clock = RehearsalClock(offset=timedelta())
    rings = keyring or ring()
    keys = SubjectKeys(rings)
    store = Store(context, pool, clock)
    try:
        yield Core(
            context, url, pool, clock, rings, keys, store, Executor(store, keys, rings.blind, registry),
            Opener(keys, registry), registry,
        )  # fmt: skip
    finally:
        await store.drain()
        await pool.close()

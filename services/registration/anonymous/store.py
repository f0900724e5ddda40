"""The closed store opened: its own schema, its own key ring, its own log of who looked (ADR 0015)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI

from services.registration.anonymous.decider import Case, cases
from services.registration.anonymous.events import CLOSED
from shared.eventcore import schema
from shared.eventcore.clock import Clock
from shared.eventcore.execute import Executor
from shared.eventcore.keys import BlindIndex, Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.recording import Metadata, Recorded
from shared.eventcore.sealer import seal_closed
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.seals import Seal, chain
from shared.eventcore.store import Store, act_for, as_it_is
from shared.events.values import ElectorId, PersonId

SCHEMA = "anonymous"
RING = "anonymous"
POOL_SIZE = 4
_SIGNATURE_IMAGE = Path(__file__).parents[1] / "migrations" / "signature_image.sql"
SHARED_LEASE, CLOSED_LEASE = "19791", "19792"
"""The tags of the writers' leases: two stores of one database read two horizons, and neither tells of the other (ADR 0002)."""


def statements() -> list[str]:
    """The event core's SQL for the closed schema: every name in it resolves there and nowhere else."""
    return [f"CREATE SCHEMA {SCHEMA}", *_in_the_closed_schema(schema.statements())]


def functions() -> list[str]:
    """Its functions alone, anew, for a closed schema that stands."""
    return _in_the_closed_schema(schema.functions())


def signature_images() -> list[str]:
    """The table of its signatures: that of the service once more (ADR 0011)."""
    return [f"SET LOCAL search_path = {SCHEMA}", _SIGNATURE_IMAGE.read_text("utf-8"), "SET LOCAL search_path = public"]


def _in_the_closed_schema(texts: list[str]) -> list[str]:
    moved = [
        text.replace("search_path = public", f"search_path = {SCHEMA}")
        .replace("SCHEMA public", f"SCHEMA {SCHEMA}")
        .replace(SHARED_LEASE, CLOSED_LEASE)
        for text in texts
    ]
    return [f"SET LOCAL search_path = {SCHEMA}", *moved, "SET LOCAL search_path = public"]


def desk(authority: str) -> Metadata:
    """Who acts when a case shows in the shared store: the service itself, so that neither officer, request nor reason ties
    what is printed to a case."""
    return Metadata("service:registration", authority, correlation_id=str(uuid4()), origin="deadline")


@dataclass(frozen=True)
class ClosedStore:
    """Opened with one database role. Its events reach nobody: there is no relay."""

    pool: asyncpg.Pool[Any]
    store: Store
    execute: Executor
    opener: Opener
    blind: BlindIndex
    keyring: Keyring

    def case_of(self, reference: str, authority: str) -> tuple[UUID, PersonId]:
        """The case and the person of a form, so that a form sent twice meets itself; nobody without the key finds either."""
        drawn = self.blind.of("anonymous-case", reference, authority)
        return UUID(bytes=drawn[:16], version=4), PersonId(UUID(bytes=drawn[16:], version=4))

    def entry_of(self, case: UUID, authority: str) -> ElectorId:
        """The entry that the register prints for a case. Whoever took the form knows the case, and must not know this."""
        return ElectorId(UUID(bytes=self.blind.of("anonymous-entry", str(case), authority)[:16], version=4))

    def drawn(self, case: UUID, authority: str) -> float:
        """The case's lot, from 0 up to 1: always the same, and known to nobody without the key."""
        return int.from_bytes(self.blind.of("anonymous-lot", str(case), authority)[:6]) / 2**48

    async def history(self, case: UUID, authority: str) -> list[Recorded[Any]]:
        """All that happened in one case, opened."""
        events = await self.store.stream(case, authority)
        async with self.pool.acquire() as conn:
            return await self.opener.open(conn, events)

    async def all_cases(self, authority: str) -> dict[UUID, Case]:
        """Every case of a council, folded. There are some dozens."""
        async with self.pool.acquire() as conn, conn.transaction():
            await act_for(conn, authority)
            streams = await conn.fetch(
                "SELECT id FROM stream WHERE authority = $1 AND kind = $2 ORDER BY id", authority, cases.kind
            )
        found: dict[UUID, Case] = {}
        for row in streams:
            folded = (await self.execute.state(cases, row["id"], authority)).state
            if isinstance(folded, Case):
                found[row["id"]] = folded
        return found

    async def note_read(
        self, authority: str, actor: str, kind: str, record: str, purpose: str, correlation: str
    ) -> None:
        """Write down a read before it is answered; without the row there is no answer."""
        await self.pool.execute(
            "INSERT INTO read_log (authority, actor, kind, record, purpose, correlation_id, at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            authority, actor, kind, record, purpose, correlation, self.store.clock(),
        )  # fmt: skip

    async def seal(self) -> int:
        """Seal what has been recorded, as its owner; answers how many seals there are more. They are published nowhere."""
        async with self.pool.acquire() as conn:
            horizon = await conn.fetchval("SELECT event_horizon()")
            name = chain("registration", RING)
            return len(await seal_closed(conn, self.keyring.seal, name, horizon, self.store.clock(), _unpublished))


async def _unpublished(_: Seal) -> None:
    """Even how many seals there are tells nobody outside."""


@asynccontextmanager
async def closed_store(url: str, keys: Path | Keyring, clock: Clock) -> AsyncIterator[ClosedStore]:
    """Open it on the database at `url`. Connects when first used. Raises `KeyFault` without the ring."""
    keyring = keys if isinstance(keys, Keyring) else Keyring.load(keys, RING)
    pool = await asyncpg.create_pool(
        url, min_size=0, max_size=POOL_SIZE, timeout=5, reset=as_it_is, server_settings={"search_path": SCHEMA}
    )
    subject_keys = SubjectKeys(keyring)
    store = Store(SCHEMA, pool, clock)
    try:
        executor = Executor(store, subject_keys, keyring.blind, CLOSED)
        yield ClosedStore(pool, store, executor, Opener(subject_keys, CLOSED), keyring.blind, keyring)
    finally:
        await store.drain()
        with suppress(TimeoutError):
            await asyncio.wait_for(pool.close(), 5)
        pool.terminate()


@asynccontextmanager
async def anonymous_store(app: FastAPI) -> AsyncIterator[None]:
    """Part of the service's HTTP side: leaves `app.state.closed`."""
    settings = app.state.settings
    async with closed_store(settings.api_url, settings.key_directory, app.state.clock) as closed:
        app.state.closed = closed
        yield

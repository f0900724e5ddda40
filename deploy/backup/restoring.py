"""`moot restore`: databases from a backup, topics from the databases, and the proof that both hold what was saved."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from deploy.backup.archives import restore
from deploy.backup.manifest import Manifest
from deploy.backup.standing import standing_of
from deploy.local.process import CannotRun
from deploy.topology import RINGS, database
from shared.eventcore import kafka
from shared.eventcore.audit import export_bundle
from shared.eventcore.clock import wall_clock
from shared.eventcore.keys import Keyring
from shared.eventcore.observing import relay_standing
from shared.eventcore.relay import Relay
from shared.eventcore.republish import republish
from shared.eventcore.sealer import seal_closed
from shared.eventcore.seals import Seal, chain, public_key
from shared.eventcore.tailing import published_seals
from shared.eventcore.verify import verify

STRETCH = 1_000_000_000
"""How far the next position moves on. What was recorded after the backup is lost, but a reader elsewhere may have seen it:
were its positions given again, that reader would take the new events for repeats. Holes cost nothing."""
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Restored:
    """One context, as it was found after its restore."""

    service: str
    events: int
    head: str | None
    """Of the chain of seals, as the history in the database proves it; null when there is no seal."""
    differences: tuple[str, ...]
    """What is not as it was saved: projections, records, `head`, `history` …"""
    audit: str
    """Empty when the whole history verifies with the saved head as witness; else what the auditor says."""
    published: int
    """Events sent to the topic, which was empty before."""
    published_head: str | None
    """Of the seals on Kafka."""

    @property
    def equal(self) -> bool:
        return not self.differences and not self.audit and self.published_head == self.head


@dataclass(frozen=True, slots=True)
class Target:
    """An installation without databases: how to reach it, and where its keys are (one directory per context)."""

    urls: Mapping[str, str]
    """By context, its owner's. The databases exist and are empty."""
    kafka: str
    keys: Path


async def refuse_existing(admin_url: str, contexts: Mapping[str, Any]) -> None:
    """Raises `CannotRun` when one of these contexts has a database: a restore never writes over one."""
    conn = await asyncpg.connect(admin_url, timeout=10)
    try:
        names = [database(context) for context in contexts]
        found = await conn.fetch("SELECT datname FROM pg_database WHERE datname = ANY($1::name[]) ORDER BY 1", names)
    finally:
        await conn.close()
    if found:
        raise CannotRun(
            f"There is a database {found[0]['datname']} already: restore into an empty installation"
            " (another MOOT_STATE), or remove what is there with ./moot reset."
        )


async def restore_backup(
    backup: Path, manifest: Manifest, target: Target, advance: Callable[[], None] = lambda: None
) -> list[Restored]:
    """Restore every context of the backup and publish it; `advance` hears of each that is done. Raises `CannotRun`."""
    restored = []
    for context, saved in manifest.contexts.items():
        await asyncio.to_thread(restore, target.urls[context], backup / saved.file, manifest.postgres)
        conn = await asyncpg.connect(target.urls[context], timeout=10)
        try:
            async with conn.transaction(isolation="repeatable_read"):
                standing = await standing_of(conn)
            keyring = Keyring.load(target.keys / context)
            audit = await _audit(conn, context, keyring, saved.standing.head) or await _audit_apart(
                conn, context, target.keys
            )
            await conn.execute("SELECT setval('event_position', last_value + $1) FROM event_position", STRETCH)
            await republish(conn, context, target.kafka)
            published = await _publish(conn, context, target, keyring)
        finally:
            await conn.close()
        heads = [seal.head for seal in await published_seals(target.kafka, context)]
        restored.append(
            Restored(
                context, standing.events, standing.head, tuple(saved.standing.differences(standing)), audit,
                published, heads[-1] if heads else None,
            )
        )  # fmt: skip
        advance()
    return restored


async def _audit(conn: asyncpg.Connection[Any], context: str, keyring: Keyring, head: str | None) -> str:
    with tempfile.TemporaryDirectory(prefix="moot-restore-") as folder:
        bundle = Path(folder) / f"{context}.jsonl.gz"
        await export_bundle(conn, bundle, context, wall_clock())
        verdict = await asyncio.to_thread(verify, bundle, [public_key(keyring.seal)], [head] if head else [])
    return "" if verdict.verified else verdict.sentences()[0]


async def _audit_apart(conn: asyncpg.Connection[Any], context: str, keys: Path) -> str:
    """The same of the stores that the context keeps apart, if its database has them."""
    for ring in RINGS.get(context, ()):
        if await conn.fetchval("SELECT to_regnamespace($1) IS NULL", ring):
            continue
        await conn.execute(f'SET search_path = "{ring}"')
        try:
            if said := await _audit(conn, chain(context, ring), Keyring.load(keys / context, ring), None):
                return said
        finally:
            await conn.execute("RESET search_path")
    return ""


async def _publish(conn: asyncpg.Connection[Any], context: str, target: Target, keyring: Keyring) -> int:
    """Everything in the store, as relay and sealer would; answers how many events."""
    relay = Relay(
        context,
        lambda: asyncpg.connect(target.urls[context], timeout=10),
        lambda: kafka.producer(target.kafka, f"{context}.restore"),
    )
    stop = asyncio.Event()
    sending = asyncio.create_task(relay.run(stop))
    try:
        while (await relay_standing(conn, context)).behind.events:
            if sending.done():
                break  # with an exception, which the `await` below raises
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        stop.set()
        await sending
    async with _producer(target.kafka, context) as producer:

        async def publish(seal: Seal) -> None:
            key = f"{seal.store}:{seal.number}".encode()
            await producer.send_and_wait(kafka.seal_topic_of(context), seal.to_json().encode(), key=key)

        # Up to position 0 there is nothing to seal: it only publishes what was sealed before.
        await seal_closed(conn, keyring.seal, context, 0, wall_clock(), publish)
    return relay.sent


@asynccontextmanager
async def _producer(bootstrap: str, context: str) -> AsyncIterator[Any]:
    producer = kafka.producer(bootstrap, f"{context}.restore")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()

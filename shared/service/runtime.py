"""A service at work: its event core opened on a database, and the workers of its roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from fastapi import FastAPI

from shared.eventcore import checkpoints, kafka
from shared.eventcore.applying import TRANSIENT, Reader
from shared.eventcore.clock import RehearsalClock, system_clock
from shared.eventcore.consuming import Consuming
from shared.eventcore.deadlines import Deadlines, DeadlineWorker
from shared.eventcore.execute import Executor
from shared.eventcore.keys import Keyring
from shared.eventcore.locks import locking
from shared.eventcore.opening import Opener
from shared.eventcore.policy import PolicyReader
from shared.eventcore.rebuild import rebuild
from shared.eventcore.recording import Recorded
from shared.eventcore.relay import Relay
from shared.eventcore.replay import topics
from shared.eventcore.retrying import Retrying
from shared.eventcore.sealer import seal_closed
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.seals import Seal
from shared.eventcore.store import Store, as_it_is
from shared.eventcore.views import ViewReader, set_up
from shared.service.health import Check, Worker
from shared.service.migrate import check_migrated
from shared.service.service import Service
from shared.service.settings import Environment, Role, Settings

REHEARSAL_LOOK_SECONDS = 0.5
SEAL_SECONDS = 5.0
POOL_SIZE = 10
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Core:
    """The event core of one service, opened on one pool of connections."""

    service: Service
    settings: Settings
    pool: asyncpg.Pool[Any]
    clock: RehearsalClock
    keyring: Keyring
    store: Store
    execute: Executor
    opener: Opener
    deadlines: Deadlines

    async def wait_for(self, view: str, token: str, timeout: float) -> bool:
        """Whether `view` has applied the event at `token` within `timeout` seconds."""
        return await checkpoints.wait_for(self.pool, f"view:{view}", self.service.context, token, timeout)

    async def history(self, stream_id: UUID, authority: str) -> list[Recorded[Any]]:
        """A stream of this authority, opened: for pages that tell its story."""
        events = await self.store.stream(stream_id, authority)
        async with self.pool.acquire() as conn:
            return await self.opener.open(conn, events)

    @asynccontextmanager
    async def attach(self, app: FastAPI) -> AsyncIterator[None]:
        """Leave on `app.state` what the routes need."""
        app.state.pool, app.state.execute, app.state.wait_for = self.pool, self.execute, self.wait_for
        app.state.clock, app.state.keyring, app.state.deadlines = self.clock, self.keyring, self.deadlines
        app.state.store, app.state.history, app.state.opener = self.store, self.history, self.opener
        app.state.service = self.service
        yield

    def checks(self) -> dict[str, Check]:
        """What `/health/ready` asks. Lag is not among it."""

        async def store() -> None:
            await self.pool.fetchval("SELECT 1 FROM event LIMIT 1")

        async def migrations() -> None:
            async with self.pool.acquire() as conn:
                await check_migrated(conn, self.service.migrations)

        async def keys() -> None:
            await asyncio.to_thread(Keyring.load, self.settings.key_directory)

        return {"store": store, "migrations": migrations, "keys": keys}


@asynccontextmanager
async def open_core(service: Service, settings: Settings, url: str) -> AsyncIterator[Core]:
    """Open the event core on the database at `url`. Connects when first used, so that a role may start before its
    database and says so in `/health/ready`. Raises `KeyFault`, `WrongSetting`."""
    keyring = Keyring.load(settings.key_directory)
    keys = SubjectKeys(keyring)
    clock = RehearsalClock()
    pool = await asyncpg.create_pool(url, min_size=0, max_size=POOL_SIZE, timeout=5, reset=as_it_is)
    store = Store(service.context, pool, clock)
    stop = asyncio.Event()
    follower = asyncio.create_task(_follow_rehearsal(pool, clock, stop)) if _may_rehearse(settings) else None
    try:
        yield Core(
            service,
            settings,
            pool,
            clock,
            keyring,
            store,
            Executor(store, keys, keyring.blind, service.registry),
            Opener(keys, service.registry),
            Deadlines(service.deadlines),
        )
    finally:
        stop.set()
        if follower is not None:
            await follower
        await store.drain()
        with suppress(TimeoutError):
            await asyncio.wait_for(pool.close(), 5)
        pool.terminate()


def _may_rehearse(settings: Settings) -> bool:
    return settings.env is not Environment.PRODUCTION


async def _follow_rehearsal(pool: asyncpg.Pool[Any], clock: RehearsalClock, stop: asyncio.Event) -> None:
    """Keep this process's clock where the service's rehearsal stands (table `rehearsal`)."""
    while not stop.is_set():
        with suppress(*TRANSIENT, asyncpg.PostgresError):
            clock.offset = await pool.fetchval("SELECT ahead FROM rehearsal") or timedelta()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), REHEARSAL_LOOK_SECONDS)


def workers_of(core: Core, roles: Sequence[Role]) -> dict[str, Worker]:
    """The workers of some roles of a service; a role with nothing to do has none."""
    made: dict[str, Worker] = {}
    at_work: list[Reader] = []
    for role in roles:
        match role:
            case Role.RELAY:
                made["relay"] = _relay(core)
            case Role.VIEWS if core.service.views:
                made["views"] = ViewsWorker(core)
                at_work += [ViewReader(view) for view in core.service.views]
            case Role.POLICIES if core.service.policies:
                policies = [
                    PolicyReader(policy, core.execute, core.opener, core.deadlines) for policy in core.service.policies
                ]
                made["policies"] = PoliciesWorker(core, policies)
                at_work += policies
            case Role.DEADLINES if core.service.deadlines:
                made["deadlines"] = DeadlineWorker(core.deadlines, core.pool, core.execute, core.clock)
                if core.service.clockwork is not None:
                    made["clockwork"] = core.service.clockwork(core)
            case Role.SEALER:
                made["sealer"] = Sealer(core)
            case Role.SENDING if core.service.sending is not None:
                made["sending"] = core.service.sending(core)
            case Role.PORTAL if core.service.portal is not None:
                made["portal"] = core.service.portal(core)
            case _:
                pass
    if at_work:
        made["retrying"] = Retrying(at_work, core.pool, core.opener, core.clock)
    return made


def _relay(core: Core) -> Relay:
    url, bootstrap = core.settings.owner_url, core.settings.kafka
    relay = Relay(
        core.service.context,
        lambda: asyncpg.connect(url, timeout=5),
        lambda: kafka.producer(bootstrap, f"{core.service.context}.relay"),
    )
    core.store.appended.append(relay.nudge.set)
    return relay


def _own(core: Core, sources: frozenset[str]) -> frozenset[str]:
    """Facts about a person's data are recorded in whichever service owns that person, so here they are our own."""
    return frozenset(core.service.context if source == "core" else source for source in sources)


def _consuming(core: Core, role: str, readers: Sequence[tuple[Reader, frozenset[str]]]) -> Consuming:
    context, bootstrap = core.service.context, core.settings.kafka
    return Consuming(
        context,
        readers,
        core.pool,
        lambda topics: kafka.consumer(bootstrap, f"{context}.{role}", topics),
        core.opener,
        core.clock,
    )


class ViewsWorker:
    """The `views` role: makes the tables of new views, then keeps all views up."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._consuming: Consuming | None = None

    def progress(self) -> dict[str, Any]:
        return self._consuming.progress() if self._consuming else {}

    async def run(self, stop: asyncio.Event) -> None:
        core = self._core
        for view in await set_up(core.pool, core.service.views, core.clock):
            # The old tables go on answering queries meanwhile; new handlers must not write to them.
            done = await rebuild(
                core.pool, core.service.context, view, core.opener, core.clock, topics=topics(core.settings.kafka)
            )
            _log.info("view rebuilt for its new version", view=view.name, version=view.version, count=done.events)
        readers = [(ViewReader(view), _own(core, view.sources)) for view in core.service.views]
        self._consuming = _consuming(core, "views", readers)
        await self._consuming.run(stop)


class PoliciesWorker:
    """The `policies` role. Some policies look at views: their tables must be there, even if the views role has not begun yet."""

    def __init__(self, core: Core, policies: Sequence[PolicyReader]) -> None:
        self._core = core
        readers = [(reader, _own(core, reader.policy.sources)) for reader in policies]
        self._consuming = _consuming(core, "policies", readers)

    def progress(self) -> dict[str, Any]:
        return self._consuming.progress()

    async def run(self, stop: asyncio.Event) -> None:
        await set_up(self._core.pool, self._core.service.views, self._core.clock)
        await self._consuming.run(stop)


class Sealer:
    """The `sealer` role: every few seconds it seals what has been recorded, and publishes the seals."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.sealed = 0
        self.looked_at = system_clock()

    def progress(self) -> dict[str, Any]:
        return {"sealed": self.sealed, "looked_at": self.looked_at.isoformat()}

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._session(stop)
            except (*kafka.BROKER_LOST, *TRANSIENT, asyncpg.PostgresError) as problem:
                self.looked_at = system_clock()  # alive and trying: an outage elsewhere is no reason to restart us
                _log.warning("sealer.session_ended", problem=type(problem).__name__)
                await self._pause(stop)

    async def _session(self, stop: asyncio.Event) -> None:
        core, context = self._core, self._core.service.context
        producer = kafka.producer(core.settings.kafka, f"{context}.sealer")

        async def publish(seal: Seal) -> None:
            key = f"{seal.store}:{seal.number}".encode()
            await producer.send_and_wait(kafka.seal_topic_of(context), seal.to_json().encode(), key=key)

        try:
            await producer.start()
            while not stop.is_set():
                async with locking(core.pool) as conn:
                    horizon = await conn.fetchval("SELECT event_horizon()")
                    sealed = await seal_closed(conn, core.keyring.seal, context, horizon, core.clock(), publish)
                self.sealed += len(sealed)
                self.looked_at = system_clock()
                await self._pause(stop)
        finally:
            with suppress(Exception):
                await asyncio.wait_for(producer.stop(), 5)

    async def _pause(self, stop: asyncio.Event) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SEAL_SECONDS)

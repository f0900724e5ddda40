"""A whole registration office in one process at clock speed: its API without a socket, and views, policies and deadlines that
read the store itself instead of its topic. What is decided is decided by the same code as in the running service."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import asyncpg
import httpx
from fastapi import FastAPI

from deploy.local.process import CannotRun
from services.registration.anonymous.following import AnonymousDesk
from services.registration.anonymous.store import ClosedStore, closed_store
from services.registration.demonstration.loading import DiaryClock
from services.registration.imports.jobs import import_jobs
from services.registration.main import service
from services.registration.renumbering.run import renumbering_runs
from shared.eventcore.applying import Reader, apply, parked
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.errors import StoreUnavailable
from shared.eventcore.execute import Executor
from shared.eventcore.kafka import Stored
from shared.eventcore.keys import Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.policy import PolicyReader
from shared.eventcore.recording import Recorded
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import Store, as_it_is
from shared.eventcore.views import ViewReader, set_up
from shared.service.app import create_app
from shared.service.auth import Identity
from shared.service.migrate import migrate
from shared.service.settings import Databases, Environment, Role, Settings

CONTEXT = "registration"
AT_ONCE = 64
"""Events that all readers take together. A policy that looks for a free number sees the register as it stood before them."""
LATEST = "SELECT greatest((SELECT max(recorded_at) FROM event), (SELECT max(recorded_at) FROM anonymous.event))"
PUT_OFF = 5000
"""Events after which a reader is given what it does not want, so that its position moves."""
ROLES = frozenset({"registration-officer", "ero-deputy", "anonymous-officer"})


class RehearsalRefused(CannotRun):
    """The service would not do what the rehearsed office asked: the rehearsal, or the service, is wrong."""


@dataclass(frozen=True)
class Badges:
    """Who sits at the desks: a bearer token is a name here. Stands where the verifier of tokens stands otherwise."""

    authority: str

    async def identify(self, authorization: str | None) -> Identity:
        name = (authorization or "").removeprefix("Bearer ")
        return Identity(
            name, str(uuid5(NAMESPACE_URL, name)), ROLES, frozenset({self.authority}), signed_in_at=time.time()
        )


@dataclass
class Follower:
    """A view or policy, with what it has not been given yet because it wants none of it."""

    reader: Reader
    waiting: list[Stored] = field(default_factory=list)

    def is_due(self, events: Sequence[Stored]) -> bool:
        self.waiting += events
        return len(self.waiting) > PUT_OFF or any(self.reader.wants(event.type) for event in events)


@dataclass
class Office:
    """The service opened as its owner, by the clock of a diary."""

    authority: str
    url: str
    clock: DiaryClock
    keyring: Keyring
    store: Store
    execute: Executor
    opener: Opener
    http: httpx.AsyncClient
    app: FastAPI
    followers: Sequence[Follower]
    following: asyncpg.Pool[Any]
    """The connection of the followers, whose commits wait for no disk: what they would lose they read again."""
    closed: ClosedStore
    after: int = 0
    """So far the store has been read."""
    deadlines: Deadlines = field(default_factory=lambda: Deadlines(service.deadlines))
    answered: Callable[[httpx.Response], None] = lambda _: None
    """Told of every answer of the API that is no refusal."""

    @property
    def pool(self) -> asyncpg.Pool[Any]:
        return self.store.pool

    async def ask(
        self, method: str, path: str, who: str = "maker", form: str = "", done: str = "", key: str = "", **given: Any
    ) -> httpx.Response:
        """Ask the API in somebody's name; `form`: the media type of `content`; `done`: the rule by which it refuses what has
        been done already, or must not be; `key`: of what would be another thing when asked again. Raises `RehearsalRefused`,
        `StoreUnavailable`."""
        headers = {"Authorization": f"Bearer {who}", "Idempotency-Key": key or str(uuid4()), "X-Reason": "rehearsal"}
        if form:
            headers["Content-Type"] = form
        answer = await self.http.request(method, path, headers=headers, **given)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise StoreUnavailable
        if answer.is_error:
            rule = answer.json().get("type", "") if "json" in answer.headers.get("content-type", "") else ""
            if done and rule.endswith(f":{done}"):
                return answer
            raise RehearsalRefused(f"{method} {path} was answered with {answer.status_code} {rule}".strip())
        self.answered(answer)
        return answer

    async def jobs_done(self) -> None:
        """Wait for what the API does in the background."""
        await self.app.state.imports.idle()
        await self.app.state.renumberings.idle()

    async def follow(self, at_once: int = AT_ONCE) -> None:
        """Views and policies take what is new, and what follows from it, until nothing more does."""
        while events := await self.store.read(after=self.after, limit=at_once):
            for follower in self.followers:
                if follower.is_due(events):
                    await self._give(follower)
            self.after = events[-1].position

    async def level(self) -> None:
        """Bring all readers to one position: a publication freezes no later one than its slowest view has reached."""
        await self.follow()
        for follower in self.followers:
            if follower.waiting:
                await self._give(follower)

    async def _give(self, follower: Follower) -> None:
        async with self.following.acquire() as conn:
            await apply(conn, follower.reader, CONTEXT, follower.waiting, self.opener, self.clock)
        follower.waiting.clear()

    async def settle(self) -> int:
        """Carry out every deadline that is due by the office's clock, with all that follows. Answers how many there were."""
        settled = 0
        await self.anonymous_desk()
        while done := await self.deadlines.carry_out_due(self.pool, self.execute, self.clock()):
            settled += done
            await self.follow()
        return settled

    async def anonymous_desk(self) -> None:
        """What follows from the cases of the closed store, which is no event of the shared one (ADR 0015)."""
        await AnonymousDesk(self.execute, self.opener, self.closed).look()
        await self.follow()

    async def parked(self) -> int:
        async with self.pool.acquire() as conn:
            return len(await parked(conn))


async def prepare(url: str, clock: Callable[[], Any]) -> None:
    """The tables of an empty database."""
    await migrate(service.migrations, url)
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        await set_up(pool, service.views, clock)


@asynccontextmanager
async def open_office(authority: str, url: str, keys: Path, first: date) -> AsyncIterator[Office]:
    """Open it on the owner's `url`; its clock goes on where what was recorded last ends."""
    keyring = Keyring.load(keys)
    subject_keys = SubjectKeys(keyring)
    clock = DiaryClock(first)
    lazily = {"synchronous_commit": "off"}
    async with (
        asyncpg.create_pool(url, min_size=1, max_size=12, reset=as_it_is) as pool,
        asyncpg.create_pool(url, min_size=1, max_size=1, reset=as_it_is, server_settings=lazily) as following,
        closed_store(url, keys, clock) as closed,
    ):
        if latest := await pool.fetchval(LATEST):
            clock.go_on_from(latest)
        store = Store(CONTEXT, pool, clock)
        execute, opener = Executor(store, subject_keys, keyring.blind), Opener(subject_keys)
        app = _api(authority, keys, store, execute, opener, clock, keyring, closed)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://office", timeout=None) as http,
        ):
            deadlines = Deadlines(service.deadlines)
            readers: list[Reader] = [ViewReader(view) for view in service.views if CONTEXT in view.sources]
            for policy in service.policies:
                if CONTEXT in policy.sources:
                    readers.append(PolicyReader(policy, execute, opener, deadlines))
            followers = [Follower(reader) for reader in readers]
            office = Office(
                authority, url, clock, keyring, store, execute, opener, http, app, followers, following, closed
            )
            office.after = await _reached(pool, readers)
            try:
                yield office
            finally:
                await store.drain()


async def _reached(pool: asyncpg.Pool[Any], readers: Sequence[Reader]) -> int:
    """The position that every reader has passed in every shard: all go on from there, and drop what they had."""
    rows = await pool.fetch(
        "SELECT consumer, min(position) AS at FROM checkpoint GROUP BY consumer HAVING count(*) = 64"
    )
    known = {row["consumer"]: int(row["at"]) for row in rows}
    return min(known.get(reader.consumer, 0) for reader in readers)


def _api(
    authority: str, keys: Path, store: Store, execute: Executor, opener: Opener, clock: DiaryClock, keyring: Keyring,
    closed: ClosedStore,
) -> FastAPI:  # fmt: skip
    async def history(stream_id: UUID, authority: str) -> list[Recorded[Any]]:
        events = await store.stream(stream_id, authority)
        async with store.pool.acquire() as conn:
            return await opener.open(conn, events)

    @asynccontextmanager
    async def at_hand(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool, app.state.store, app.state.execute = store.pool, store, execute
        app.state.opener, app.state.clock, app.state.keyring = opener, clock, keyring
        app.state.history, app.state.tokens, app.state.closed = history, Badges(authority), closed
        yield

    settings = Settings(
        context=CONTEXT, role=Role.API, databases=Databases(), env=Environment.TEST, authority=authority, keys=keys
    )
    return create_app(service.title, service.routers, settings, parts=[at_hand, import_jobs, renumbering_runs])

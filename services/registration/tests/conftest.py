"""Registration's whole API on a real store, without Kafka: tests bring the views up themselves."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from services.registration.anonymous.following import AnonymousDesk
from services.registration.anonymous.store import ClosedStore, closed_store, signature_images, statements
from services.registration.main import service
from services.registration.policies import POLICIES
from services.registration.renumbering.run import renumbering_runs
from services.registration.views.tests.office import Office
from shared.eventcore.applying import apply, parked
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.execute import Executor
from shared.eventcore.policy import PolicyReader
from shared.eventcore.store import Store
from shared.eventcore.testing.core import event_core, ring
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.app import create_app
from shared.service.tests.provider import client_of, provider, settings_for


@dataclass
class Desk:
    """Officers at the API. `as_` signs another one in; `follow` lets policies and views do their part."""

    office: Office
    http: httpx.AsyncClient
    idp: Any
    closed: ClosedStore
    app: Any

    def headers(self, user: str, *roles: str) -> dict[str, str]:
        return {
            **self.idp.bearer(sub=user, roles=list(roles or ("registration-officer",))),
            "Idempotency-Key": str(uuid4()),
        }

    async def post(self, path: str, body: Any, user: str = "officer", *roles: str) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.headers(user, *roles))

    async def get(self, path: str, user: str = "officer", *roles: str) -> httpx.Response:
        return await self.http.get(path, headers=self.headers(user, *roles))

    async def follow(self) -> None:
        """Policies and views, in turn, until nothing more follows."""
        core = self.office.core
        due = Deadlines(service.deadlines)
        before = -1
        while (now := await core.pool.fetchval("SELECT count(*) FROM event")) != before:
            before = now
            for view in service.views:
                await core.catch_up(view)
            await AnonymousDesk(core.execute, core.opener, self.closed).look()
            for policy in POLICIES:
                events = await core.store.read(after=0, limit=10_000)
                async with core.pool.acquire() as conn:
                    reader = PolicyReader(policy, core.execute, core.opener, due)
                    await apply(conn, reader, core.context, events, core.opener, core.clock)
        async with core.pool.acquire() as conn:
            assert await parked(conn) == []


async def with_views(url):
    async with event_core(url, "registration", REGISTRY) as core:
        await core.set_up_views(*service.views)
        async with core.pool.acquire() as conn, conn.transaction():
            of_registration = (
                (service.migrations / f"{table}.sql").read_text("utf-8")
                for table in ("signature_image", "exported_rows", "found_by_words")
            )
            for text in (*statements(), *signature_images(), *of_registration):
                await conn.execute(text)


@pytest.fixture
async def desk(copy_of, tmp_path):
    async with (
        copy_of(with_views) as url,
        event_core(url, "registration", REGISTRY) as core,
        provider() as idp,
        closed_store(url, keyring := ring(), core.clock) as inside,
        closed_store(as_api(url), keyring, core.clock) as closed,
    ):
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=6)
        store = Store("registration", pool, core.clock)

        @asynccontextmanager
        async def attach(app):
            app.state.pool, app.state.clock, app.state.opener = pool, core.clock, core.opener
            app.state.execute = Executor(store, core.keys, core.keyring.blind)

            async def history(stream, authority):
                events = await store.stream(stream, authority)
                async with pool.acquire() as conn:
                    return await core.opener.open(conn, events)

            app.state.history, app.state.closed = history, closed
            yield

        app = create_app(
            "Registration", service.routers, settings_for(idp.issuer, tmp_path), parts=[attach, renumbering_runs]
        )
        async with client_of(app) as http:
            yield Desk(Office(core), http, idp, inside, app)
        await pool.close()

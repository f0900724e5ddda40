"""The town of the tests, and an officer who asks the API, whose database role sees one council only."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date

import asyncpg
import pytest

from services.elections.main import service
from services.elections.tests.town import Town
from shared.eventcore.execute import Executor
from shared.eventcore.store import Store
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.app import create_app
from shared.service.tests.provider import client_of, provider, settings_for


async def with_views(url):
    async with event_core(url, "elections", REGISTRY) as core:
        await core.set_up_views(*service.views)


async def without_views(url):
    async with event_core(url, "registration", REGISTRY):
        pass


@pytest.fixture
async def town(copy_of):
    async with (
        copy_of(with_views) as url,
        event_core(url, "elections", REGISTRY) as core,
        copy_of(without_views) as other,
        event_core(other, "registration", REGISTRY) as registration,
    ):
        it = Town(core, registration)
        it.on(date(2026, 2, 2))
        yield it


@pytest.fixture
async def client(town, tmp_path):
    core = town.core
    async with provider() as idp:
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=4)

        @asynccontextmanager
        async def attach(app):
            store = Store("elections", pool, core.clock)
            app.state.pool, app.state.clock = pool, core.clock
            app.state.execute = Executor(store, core.keys, core.keyring.blind, REGISTRY)

            async def history(stream, authority):
                events = await store.stream(stream, authority)
                async with pool.acquire() as conn:
                    return await core.opener.open(conn, events)

            app.state.history = history
            yield
            await store.drain()

        app = create_app(service.title, service.routers, settings_for(idp.issuer, tmp_path), parts=[attach])
        async with client_of(app) as it:
            it.headers.update(idp.bearer(roles=["ro-deputy", "elections-officer"]))
            it.idp = idp
            yield it
        await pool.close()

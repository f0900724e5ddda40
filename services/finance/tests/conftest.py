"""Finance without Kafka: a real store, its views and policies brought up from it, and two officers who ask."""

from __future__ import annotations

from contextlib import asynccontextmanager

import asyncpg
import pytest

from services.finance.main import service
from services.finance.tests.office import Desk, Office
from shared.eventcore.execute import Executor
from shared.eventcore.store import Store
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.app import create_app
from shared.service.tests.provider import client_of, provider, settings_for


async def with_views(url):
    async with event_core(url, "finance", REGISTRY) as core:
        await core.set_up_views(*service.views)


@pytest.fixture
async def office(copy_of):
    async with copy_of(with_views) as url, event_core(url, "finance", REGISTRY) as core:
        yield Office(core)


@pytest.fixture
async def desk(office, tmp_path):
    """The API as the council's officers reach it; its database role sees one council only."""
    core = office.core
    async with provider() as idp:
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=4)

        @asynccontextmanager
        async def attach(app):
            store = Store("finance", pool, core.clock)
            app.state.pool, app.state.clock, app.state.store = pool, core.clock, store
            app.state.execute = Executor(store, core.keys, core.keyring.blind, REGISTRY)
            yield
            await store.drain()

        app = create_app(
            "Finance", service.routers, settings_for(idp.issuer, tmp_path, context="finance"), parts=[attach]
        )
        async with client_of(app) as client:
            yield Desk(office, client, idp)
        await pool.close()

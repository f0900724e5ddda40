"""Notifications without Kafka: a real store, its views and policies brought up from it, and an officer who asks."""

from __future__ import annotations

from contextlib import asynccontextmanager

import asyncpg
import pytest

from services.notifications.main import service
from services.notifications.tests.office import Desk
from services.notifications.tests.sending_office import Office, post_at_work
from shared.eventcore.execute import Executor
from shared.eventcore.store import Store
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.app import create_app
from shared.service.tests.provider import client_of, provider, settings_for


async def with_views(url):
    async with event_core(url, "notifications", REGISTRY) as core:
        await core.set_up_views(*service.views)


@pytest.fixture
async def desk(copy_of, tmp_path):
    """The API as the council's officers reach it; its database role sees one council only."""
    async with (
        copy_of(with_views) as url,
        event_core(url, "notifications", REGISTRY) as core,
        provider() as idp,
    ):
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=4)

        @asynccontextmanager
        async def attach(app):
            store = Store("notifications", pool, core.clock)
            app.state.pool, app.state.clock, app.state.store = pool, core.clock, store
            app.state.execute = Executor(store, core.keys, core.keyring.blind, REGISTRY)
            yield
            await store.drain()

        settings = settings_for(idp.issuer, tmp_path, context="notifications")
        app = create_app("Notifications", service.routers, settings, parts=[attach])
        async with client_of(app) as client:
            yield Desk(core, client, idp)
        await pool.close()


@pytest.fixture
async def office(copy_of):
    """The sending office: messages queued by hand, contacts from a list, views brought up from the store."""
    async with copy_of(with_views) as url, event_core(url, "notifications", REGISTRY) as core:
        yield Office(core)


@pytest.fixture
async def post(office, tmp_path):
    """A mail server and GOV.UK Notify, by the office's clock."""
    async with post_at_work(tmp_path, office.core.clock) as at_work:
        yield at_work

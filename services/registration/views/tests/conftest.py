"""A registration service without Kafka: commands on a real store, views brought up from it, and an officer who asks."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from services.registration.views import ROUTERS
from services.registration.views.tests.office import KEPT, Office
from shared.eventcore.store import Store
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.app import create_app
from shared.service.audit_trail import router as trail
from shared.service.tests.provider import client_of, provider, settings_for

FOUND_BY_WORDS = Path(__file__).parents[2] / "migrations" / "found_by_words.sql"


async def with_views(url):
    async with event_core(url, "registration", REGISTRY) as core:
        await core.set_up_views(*KEPT)
        await core.pool.execute(FOUND_BY_WORDS.read_text("utf-8"))


@pytest.fixture
async def office(copy_of):
    async with copy_of(with_views) as url, event_core(url, "registration", REGISTRY) as core:
        yield Office(core)


@pytest.fixture
async def client(office, tmp_path):
    """An officer at the API, whose database role sees one council only."""
    core = office.core
    async with provider() as idp:
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=4)

        @asynccontextmanager
        async def attach(app):
            app.state.pool, app.state.clock = pool, core.clock
            store = Store("registration", pool, core.clock)

            async def history(stream, authority):
                events = await store.stream(stream, authority)
                async with pool.acquire() as conn:
                    return await core.opener.open(conn, events)

            app.state.history = history
            yield

        app = create_app("Registration", (*ROUTERS, trail), settings_for(idp.issuer, tmp_path), parts=[attach])
        async with client_of(app) as it:
            it.headers.update(idp.bearer())
            it.idp = idp
            yield it
        await pool.close()

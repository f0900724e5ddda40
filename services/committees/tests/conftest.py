"""An event as a policy meets it; a committee office on a real store; and people who ask it over HTTP."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from services.committees.main import service
from services.committees.tests.office import Office
from shared.eventcore.recording import Metadata, Recorded
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.service.app import create_app
from shared.service.tests.provider import client_of, provider, settings_for

HELD_TIMES = sorted((Path(__file__).parent.parent / "migrations").glob("held_times*.sql"))


@pytest.fixture
def recorded():
    def record(data, at=datetime(2026, 9, 24, 9, 0, tzinfo=UTC)):
        by = Metadata("officer-1", "E07000999", str(uuid4()))
        stream = getattr(data, "member_id", None) or uuid4()
        return Recorded(data, "", stream, "", 1, 0, 1, at, at, by)

    return record


async def with_views(url):
    async with event_core(url, "committees", REGISTRY) as core:
        for script in HELD_TIMES:
            await core.pool.execute(script.read_text("utf-8"))
        await core.set_up_views(*service.views)


@pytest.fixture
async def office(copy_of):
    async with copy_of(with_views) as url, event_core(url, "committees", REGISTRY) as core:
        yield Office(core)


@pytest.fixture
async def client(office, tmp_path):
    """Democratic services at the API, whose database role sees one council only. `client.headers` may be replaced."""
    core = office.core
    async with provider() as idp:
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=4)

        async def history(stream, authority):
            events = await core.store.stream(stream, authority)
            async with core.pool.acquire() as conn:
                return await core.opener.open(conn, events)

        @asynccontextmanager
        async def attach(app):
            app.state.pool, app.state.clock, app.state.execute = pool, core.clock, core.execute
            app.state.history = history
            yield

        settings = settings_for(idp.issuer, tmp_path, context="committees")
        app = create_app(service.title, service.routers, settings, parts=[attach])
        async with client_of(app) as it:
            it.headers.update(idp.bearer(roles=["dem-services"]))
            it.idp = idp
            yield it
        await pool.close()

"""An office that imports files through the API, for tests."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from services.registration.imports.api import router
from services.registration.imports.jobs import ImportJobs, import_jobs
from services.registration.properties.decider import Property, properties
from shared.eventcore.execute import Executor
from shared.eventcore.keys import Keyring
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import Store
from shared.eventcore.testing.core import AUTHORITY, Core, event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.events.values import Authority, Uprn, property_id
from shared.service.app import create_app
from shared.service.tests.provider import Provider, client_of, provider, settings_for

DATA = Path(__file__).parents[5] / "shared" / "data"
ADDRESSING, BOUNDARIES = DATA / "addressing", DATA / "boundaries"


@dataclass
class Office:
    core: Core
    client: httpx.AsyncClient
    app: FastAPI
    idp: Provider

    @property
    def jobs(self) -> ImportJobs:
        jobs: ImportJobs = self.app.state.imports
        return jobs

    async def send(self, path: str, content: bytes | str | Path, **query: Any) -> httpx.Response:
        body = content.read_bytes() if isinstance(content, Path) else content
        return await self.client.post(path, content=body, params=query)

    async def load(self, content: bytes | str | Path, **query: Any) -> dict[str, Any]:
        """The report of a gazetteer file once its run has ended."""
        answer = await self.send("/gazetteer/imports", content, **query)
        assert answer.status_code in (200, 202), answer.text
        await self.jobs.idle()
        return await self.report(answer.json()["id"])

    async def use(self, kind: str, content: bytes | str | Path, **query: Any) -> dict[str, Any]:
        """The report of the allocation by these boundaries once it has ended."""
        answer = await self.send(f"/boundaries/{kind}", content, **query)
        assert answer.status_code == 202, answer.text
        await self.jobs.idle()
        return await self.report(answer.json()["allocation"]["id"])

    async def report(self, run: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get(f"/gazetteer/imports/{run}")).json()
        return found

    async def until(self, event: str, count: int) -> None:
        """Wait until so many events of a type have been recorded."""
        while (await self.events())[event] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)  # another role's transaction: there is nothing to wait on

    async def property(self, uprn: int) -> Property:
        return (
            await self.core.execute.state(properties, property_id(Authority(AUTHORITY), Uprn(uprn)), AUTHORITY)
        ).state

    async def history(self, uprn: int) -> list[Any]:
        """The events of a property, oldest first."""
        stored = await self.core.store.stream(property_id(Authority(AUTHORITY), Uprn(uprn)), AUTHORITY)
        async with self.core.pool.acquire() as conn:
            return [recorded.data for recorded in await self.core.opener.open(conn, stored)]

    async def events(self) -> Counter[str]:
        """All events of the store by type, without context and version."""
        rows = await self.core.pool.fetch("SELECT type FROM event")
        return Counter(row["type"].split(".")[2] for row in rows)


@asynccontextmanager
async def opened(database: str, keys: Path) -> AsyncIterator[Office]:
    """An office on a migrated database. Its keys are kept under `keys`: another process may go on with them."""
    ring = keys / "ring"
    keyring = Keyring.load(ring) if ring.exists() else Keyring.create(ring)
    async with event_core(database, "registration", REGISTRY, keyring) as core, provider() as idp:
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=10)

        @asynccontextmanager
        async def attach(app: FastAPI) -> AsyncIterator[None]:
            # A key cache of its own: it is another process in life.
            store = Store("registration", pool, core.clock)
            app.state.pool, app.state.clock = pool, core.clock
            app.state.execute = Executor(store, SubjectKeys(core.keyring), core.keyring.blind)
            yield

        app = create_app("Registration", [router], settings_for(idp.issuer, keys), parts=[attach, import_jobs])
        async with client_of(app) as client:
            client.headers.update(idp.bearer())
            yield Office(core, client, app, idp)
        await pool.close()

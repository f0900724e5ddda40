"""A registration office that canvasses, through the API on a migrated database, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import FastAPI

from services.registration.canvass.years.api import of_year
from services.registration.imports.jobs import import_jobs
from services.registration.main import service
from services.registration.policies.when_new_resident_reported_then_find_potential_elector import find_potential_elector
from services.registration.policies.when_residents_disagree_then_review import review_residence
from services.registration.views.tests.office import Office
from services.registration.visits.devices import enrolled_devices
from shared.eventcore.applying import apply, parked
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.execute import Executor
from shared.eventcore.policy import PolicyReader
from shared.eventcore.store import Store
from shared.eventcore.testing.core import AUTHORITY, event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import REGISTRY
from shared.events.registration import CanvassPropertyId, canvass_property_id
from shared.events.values import ElectorId, PropertyId
from shared.service.app import create_app
from shared.service.auth import identity_of
from shared.service.migrate import migrate
from shared.service.tests.provider import Provider, client_of, provider, settings_for

YEAR = 2026
STARTED = date(2026, 7, 6)
DEPUTY = "ero-deputy"
FOLLOWING = (find_potential_elector, review_residence)


@dataclass
class Canvassers:
    """Officers at the API; `follow` lets policies and views do their part."""

    office: Office
    http: httpx.AsyncClient
    idp: Provider
    app: FastAPI

    def headers(self, user: str, *roles: str) -> dict[str, str]:
        return {**self.idp.bearer(sub=user, roles=list(roles)), "Idempotency-Key": str(uuid4())}

    async def post(self, path: str, body: Any, user: str = "deputy", *roles: str) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.headers(user, *(roles or (DEPUTY,))))

    async def get(self, path: str, user: str = "deputy", *roles: str) -> httpx.Response:
        return await self.http.get(path, headers=self.headers(user, *(roles or (DEPUTY,))))

    async def follow(self) -> None:
        """Views and this room's policies, in turn, until nothing more follows."""
        core, before = self.office.core, -1
        while (now := await core.pool.fetchval("SELECT count(*) FROM event")) != before:
            before = now
            for view in service.views:
                await core.catch_up(view)
            for policy in FOLLOWING:
                events = await core.store.read(after=0, limit=10_000)
                async with core.pool.acquire() as conn:
                    reader = PolicyReader(policy, core.execute, core.opener, Deadlines(service.deadlines))
                    await apply(conn, reader, core.context, events, core.opener, core.clock)
        async with core.pool.acquire() as conn:
            assert await parked(conn) == []

    async def said(self, path: str, body: Any) -> Any:
        """The answer of a POST that is not refused."""
        answer = await self.post(path, body)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def id_of(self, user: str) -> str:
        """Under which id a member of staff is known."""
        return identity_of(self.idp.claims(sub=user), "roles", "authorities").id

    async def started(self, recent_days: int = 0) -> None:
        self.office.on(STARTED)
        await self.said("/canvasses", {"year": YEAR, "recent_days": recent_days})

    async def send_for_match(self) -> str:
        answer = await self.post(f"/canvasses/{YEAR}/match-file", None)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    async def result(self, source: str, matches: dict[ElectorId, str]) -> Any:
        lines = ["elector_id,result", *(f"{elector},{result}" for elector, result in matches.items())]
        answer = await self.http.post(
            f"/canvasses/{YEAR}/match-results/{source}",
            content="\n".join(lines),
            headers=self.headers("deputy", DEPUTY),
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def draw_up(self) -> dict[str, Any]:
        """The report of a drawing up of routes once it has ended."""
        await self.follow()
        await self.said(f"/canvasses/{YEAR}/routes", None)
        await self.app.state.imports.idle()
        await self.follow()
        report: dict[str, Any] = (await self.get(f"/canvasses/{YEAR}/routes")).json()
        return report

    async def page(self, home: PropertyId) -> dict[str, Any]:
        await self.follow()
        found: dict[str, Any] = (await self.get(f"/canvasses/{YEAR}/properties/{home}")).json()
        return found

    def at(self, home: PropertyId) -> str:
        return f"/canvasses/{YEAR}/properties/{home}"

    def place(self, home: PropertyId) -> CanvassPropertyId:
        return canvass_property_id(of_year(AUTHORITY, YEAR), home)

    async def events(self, stream: UUID) -> list[Any]:
        stored = await self.office.core.store.stream(stream, AUTHORITY)
        async with self.office.core.pool.acquire() as conn:
            return [event.data for event in await self.office.core.opener.open(conn, stored)]


async def migrated(url: str) -> None:
    await migrate(service.migrations, url)
    async with event_core(url, "registration", REGISTRY) as core:
        await core.set_up_views(*service.views)


@asynccontextmanager
async def opened(database: str, keys: Path) -> AsyncIterator[Canvassers]:
    async with event_core(database, "registration", REGISTRY) as core, provider() as idp:
        pool = await asyncpg.create_pool(as_api(core.url), min_size=1, max_size=8)
        store = Store("registration", pool, core.clock)

        @asynccontextmanager
        async def attach(app: FastAPI) -> AsyncIterator[None]:
            app.state.pool, app.state.clock, app.state.opener = pool, core.clock, core.opener
            app.state.execute = Executor(store, core.keys, core.keyring.blind)

            async def history(stream: UUID, authority: str) -> list[Any]:
                events = await store.stream(stream, authority)
                async with pool.acquire() as conn:
                    return list(await core.opener.open(conn, events))

            app.state.history = history
            yield

        app = create_app(
            "Registration",
            service.routers,
            settings_for(idp.issuer, keys),
            parts=[attach, enrolled_devices, import_jobs],
        )
        async with client_of(app) as http:
            yield Canvassers(Office(core), http, idp, app)
        await pool.close()

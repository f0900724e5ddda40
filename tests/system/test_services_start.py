"""Every service starts as it is deployed: migrated, guarded, ready."""

from __future__ import annotations

import asyncio
from importlib import import_module

import httpx
import pytest

from deploy.local.process import free_port
from deploy.topology import CONTEXTS, RINGS
from shared.eventcore.keys import Keyring
from shared.eventcore.testing.infrastructure import as_api
from shared.service.migrate import migrate
from shared.service.roles import run_role
from shared.service.settings import Databases, Settings
from shared.service.tests.provider import provider

FOR_OFFICERS = {
    "registration": "/register", "elections": "/elections", "committees": "/members", "finance": "/members",
    "notifications": "/messages",
}  # fmt: skip
SOME_ROUTES = {
    "registration": {"/applications/{application_id}/why", "/register", "/gazetteer/imports"},
    "elections": {"/elections", "/elections/{election_id}/checklist", "/bank-holidays"},
    "committees": {"/meetings/{meeting_id}/agenda", "/members", "/mgWebService.asmx/{method}"},
    "finance": {"/pay-years/{year}/runs/{month}", "/ledger/{year}/trial-balance", "/receipts/{year}"},
    "notifications": {"/messages/{message}/letter", "/messages/outcomes", "/enquiries/{enquiry}/closing"},
}


@pytest.mark.parametrize("context", CONTEXTS)
async def test_the_api_is_ready_describes_its_routes_and_shows_nothing_to_strangers(context, database, tmp_path):
    service = import_module(f"services.{context}.main").service
    await migrate(service.migrations, database)
    Keyring.create(tmp_path / "keys", *RINGS.get(context, ()))
    async with provider() as idp:
        settings = Settings(
            context=context, role="api", env="test", keys=tmp_path / "keys", port=free_port(), oidc_issuer=idp.issuer,
            databases=Databases(database_url=database, api_database_url=as_api(database)), kafka="127.0.0.1:1",
        )  # fmt: skip
        stop = asyncio.Event()
        running = asyncio.create_task(run_role(service, settings, stop))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=30) as client:
            try:
                ready = await answer(client, "/health/ready")
                described = (await client.get("/openapi.json")).json()["paths"]
                lists = [
                    path for path, does in described.items() if "security" in does.get("get", {}) and "{" not in path
                ]
                to_strangers = {path: (await client.get(path)).status_code for path in lists}
            finally:
                stop.set()
                await asyncio.wait_for(running, 20)
    assert ready.status_code == 200, ready.text
    assert described.keys() >= SOME_ROUTES[context]
    assert FOR_OFFICERS[context] in to_strangers
    assert set(to_strangers.values()) == {401}, to_strangers


async def answer(client: httpx.AsyncClient, path: str) -> httpx.Response:
    for _ in range(200):
        try:
            return await client.get(path)
        except httpx.ConnectError:
            await asyncio.sleep(0.05)
    raise TimeoutError(path)

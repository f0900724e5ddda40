"""The service starts as it is deployed: migrated, guarded, ready."""

from __future__ import annotations

import asyncio
import socket

import httpx

from services.notifications.main import service
from shared.eventcore.keys import Keyring
from shared.eventcore.testing.infrastructure import as_api
from shared.service.migrate import migrate
from shared.service.roles import run_role
from shared.service.settings import Databases, Settings
from shared.service.tests.provider import provider


async def test_the_api_is_ready_and_describes_every_route(database, tmp_path):
    await migrate(service.migrations, database)
    Keyring.create(tmp_path / "keys")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with provider() as idp, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        settings = Settings(
            context="notifications", role="api", env="test", keys=tmp_path / "keys", port=port, oidc_issuer=idp.issuer,
            databases=Databases(database_url=database, api_database_url=as_api(database)), kafka="127.0.0.1:1",
        )  # fmt: skip
        stop = asyncio.Event()
        running = asyncio.create_task(run_role(service, settings, stop))
        try:
            ready = await answer(client, "/health/ready")
            described = (await client.get("/openapi.json")).json()["paths"]
            unsigned = await client.get("/messages")
        finally:
            stop.set()
            await asyncio.wait_for(running, 20)
    assert ready.status_code == 200, ready.text
    assert {"/messages/{message}/letter", "/messages/outcomes", "/enquiries/{enquiry}/closing"} <= described.keys()
    assert unsigned.status_code == 401


async def answer(client: httpx.AsyncClient, path: str) -> httpx.Response:
    for _ in range(200):
        try:
            return await client.get(path)
        except httpx.ConnectError:
            await asyncio.sleep(0.05)
    raise TimeoutError(path)

"""A service as it is deployed, on a database of its own, answering on a loopback port from a thread of its own."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.local.process import free_port
from deploy.topology import RINGS
from shared.eventcore.applying import Reader, apply, parked
from shared.eventcore.keys import Keyring
from shared.eventcore.policy import PolicyReader
from shared.eventcore.testing.infrastructure import as_api, temporary_database
from shared.eventcore.views import ViewReader, set_up
from shared.service.app import create_app
from shared.service.auth import ROLES
from shared.service.migrate import migrate
from shared.service.roles import run_role
from shared.service.runtime import Core, open_core
from shared.service.service import Service
from shared.service.settings import Databases, Settings
from shared.service.tests.provider import Provider, provider, settings_for
from tests.contract.expectation import CONTRACTS, Contract, Json
from tests.contract.listening import Listener, service_of

PAUSE_SECONDS = 0.2
START_SECONDS = 120


def document_of(context: str) -> Json:
    """The OpenAPI document of a service, without starting it."""
    service = service_of(context)
    with tempfile.TemporaryDirectory() as keys:
        app = create_app(service.title, service.routers, settings_for("http://issuer", Path(keys), context=context))
    return app.openapi()


@dataclass
class Served:
    """A running service. `parked`: what its views and policies could not apply, once it has stopped."""

    service: Service
    url: str = ""
    idp: Provider = field(default_factory=Provider)
    parked: list[dict[str, Any]] = field(default_factory=list)

    def officer(self, name: str = "first", **claims: Any) -> dict[str, str]:
        """Who may do everything, for as long as a test run lasts."""
        far = int(self.idp.claims()["exp"]) + 36_000
        return self.idp.bearer(**{"sub": name, "roles": sorted(ROLES), "exp": far, **claims})


@contextmanager
def served(service: Service, server_url: str) -> Iterator[Served]:
    """Start it, wait until it is ready, and stop it at the end. It has heard what it expects of other services; its views
    and policies follow what it records itself. Kafka is not there."""
    running, ready, stop = Served(service), threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def live() -> None:
        try:
            asyncio.run(_live(running, server_url, ready, stop))
        except BaseException as problem:
            failed.append(problem)
        finally:
            ready.set()

    thread = threading.Thread(target=live, name=f"{service.context} served", daemon=True)
    thread.start()
    try:
        if not ready.wait(START_SECONDS):
            raise TimeoutError(f"{service.context} was not ready in {START_SECONDS} seconds")
        if failed:
            raise failed[0]
        yield running
    finally:
        stop.set()
        thread.join(START_SECONDS)
    if failed:
        raise failed[0]


async def _live(running: Served, server_url: str, ready: threading.Event, stop: threading.Event) -> None:
    service = running.service
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        async with temporary_database(server_url) as url, provider() as running.idp:
            Keyring.create(Path(home) / "keys", *RINGS.get(service.context, ()))
            await migrate(service.migrations, url)
            settings = Settings(
                context=service.context, role="api", env="test", keys=Path(home) / "keys", port=port, grace_seconds=5,
                oidc_issuer=running.idp.issuer, kafka="127.0.0.1:1",
                databases=Databases(database_url=url, api_database_url=as_api(url)),
            )  # fmt: skip
            async with open_core(service, settings, url) as core:
                await set_up(core.pool, service.views, core.clock)
                for contract in CONTRACTS:
                    if contract.consumer == service.context:
                        await _hears(Listener(service, core, contract.provider), contract)
                ended = asyncio.Event()
                api = asyncio.create_task(run_role(service, settings, ended))
                following = asyncio.create_task(_follow(core, ended))
                running.url = f"http://127.0.0.1:{port}"
                await _answering(running.url, api)
                ready.set()
                await asyncio.to_thread(stop.wait)
                ended.set()
                await asyncio.gather(api, following)
                async with core.pool.acquire() as conn:
                    running.parked = await parked(conn)


async def _hears(listener: Listener, contract: Contract) -> None:
    for expectation in contract.expectations:
        for example in expectation.examples:
            await listener.hears(expectation, example)


async def _answering(url: str, api: asyncio.Task[None]) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        while not api.done():
            with suppress(httpx.ConnectError):
                (await client.get("/health/ready")).raise_for_status()
                return
            await asyncio.sleep(0.02)
    await api


async def _follow(core: Core, ended: asyncio.Event) -> None:
    """Views and policies apply what the API records; as without Kafka there is no other source, that is all there is."""
    service, after = core.service, 0
    readers: list[Reader] = [ViewReader(view) for view in service.views]
    readers += [PolicyReader(policy, core.execute, core.opener, core.deadlines) for policy in service.policies]
    while True:
        last_round = ended.is_set()
        while events := await core.store.read(after=after, limit=500):
            for reader in readers:
                async with core.pool.acquire() as conn:
                    await apply(conn, reader, service.context, events, core.opener, core.clock)
            after = events[-1].position
        if last_round:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), PAUSE_SECONDS)

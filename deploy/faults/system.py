"""A system to be broken: registration with one process a role, on a PostgreSQL and a Kafka of its own, loopback only."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from deploy.local.broker import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.process import CannotRun, Process, free_port, tail
from deploy.local.state import State
from deploy.local.system import is_ready
from deploy.preparation import prepare_databases, prepare_topics
from deploy.topology import CACHE, ROLES, ROOT, Topology
from services.registration.main import service
from shared.service.migrate import migrate

CONTEXT = service.context
SECOND_RELAY = "second relay"
START_SECONDS = 60.0


class System:
    """Every process of it can be killed alone. `directory` must let every account pass (PostgreSQL may run under another)."""

    def __init__(self, directory: Path) -> None:
        self.state = State(directory)
        self.state.make()
        logs = self.state.logs
        self.postgres = LocalPostgres(self.state.postgres, free_port(), logs / "postgres.log")
        self.kafka = LocalKafka(self.state.kafka, free_port(), free_port(), CACHE, logs / "kafka.log")
        issuer = free_port()
        self.topology = Topology(
            postgres=f"127.0.0.1:{self.postgres.port}",
            kafka=self.kafka.bootstrap,
            issuer=f"http://127.0.0.1:{issuer}",
            keys=self.state.keys,
            passwords=self.state.passwords(),
            mode="test",
        )
        self.issuer = self._process(
            "issuer", "shared.service.dev_issuer", (), self.topology.issuer_environment(), issuer
        )
        self.ports = {name: free_port() for name in (*ROLES, SECOND_RELAY)}
        self.roles = {name: self._role(name, name) for name in ROLES}
        self.roles[SECOND_RELAY] = self._role(SECOND_RELAY, "relay")

    @property
    def api(self) -> str:
        return self.address("api")

    @property
    def owner_url(self) -> str:
        return self.topology.database_url(CONTEXT)

    def address(self, role: str) -> str:
        return f"http://127.0.0.1:{self.ports[role]}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From nothing to ready; everything is ended at the end, however that comes. Raises `CannotRun`."""
        try:
            await self._start()
            yield
        finally:
            await asyncio.to_thread(self._end)

    async def _start(self) -> None:
        async with asyncio.TaskGroup() as servers:
            servers.create_task(asyncio.to_thread(self.postgres.start))
            servers.create_task(asyncio.to_thread(self.kafka.start))
        await prepare_databases(self.postgres.url(), self.topology.passwords, self.topology.keys)
        await prepare_topics(self.kafka.bootstrap)
        await migrate(service.migrations, self.owner_url)
        self.issuer.start()
        for role in ROLES:
            self.roles[role].start()
        await self.ready(*ROLES)

    def _end(self) -> None:
        for process in (*self.roles.values(), self.issuer):
            process.kill()  # what a clean stop does is another test's matter
        self.kafka.kill()
        self.postgres.kill()

    async def ready(self, *roles: str) -> None:
        """Wait until these roles may take work. Raises `CannotRun` with the last lines of the log."""
        until = time.monotonic() + START_SECONDS
        for role in roles:
            while not await asyncio.to_thread(is_ready, self.address(role)):
                if time.monotonic() > until or not self.roles[role].running():
                    raise CannotRun(f"{role} did not become ready; its log says:\n{tail(self.roles[role].log)}")
                await asyncio.sleep(0.1)

    def freeze(self, role: str) -> None:
        """SIGSTOP: it still holds its connections and does not know that time goes by."""
        self._signal(role, signal.SIGSTOP)

    def thaw(self, role: str) -> None:
        self._signal(role, signal.SIGCONT)

    def _signal(self, role: str, number: signal.Signals) -> None:
        pid = self.roles[role].pid
        assert pid is not None, f"{role} is not running"
        os.kill(pid, number)

    async def token(self) -> str:
        """A registration officer's, from the development issuer."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            await until(lambda: _answers(client, f"{self.topology.issuer}/health/ready"), START_SECONDS)
            answer = await client.post(f"{self.topology.issuer}/token", params={"user": "registration-officer"})
            return str(answer.raise_for_status().json()["access_token"])

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection[Any]]:
        """A connection as the owner, of the moment: the next fault may be the database's."""
        conn = await asyncpg.connect(self.owner_url, timeout=10)
        try:
            yield conn
        finally:
            await conn.close(timeout=5)

    def _role(self, name: str, role: str) -> Process:
        environment = self.topology.environment(CONTEXT, role)
        return self._process(name, f"services.{CONTEXT}", (role,), environment, self.ports[name])

    def _process(
        self, name: str, module: str, arguments: tuple[str, ...], environment: dict[str, str], port: int
    ) -> Process:
        return Process(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            log=self.state.logs / f"{name.replace(' ', '-')}.log",
            environment={**environment, "MOOT_PORT": str(port)},
            cwd=ROOT,
        )


async def until(check: Callable[[], Awaitable[bool]], seconds: float) -> float:
    """Wait until it is true; answers the seconds that took. Raises `TimeoutError`."""
    began = time.monotonic()
    while not await check():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not true after {seconds:.0f} s")
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False

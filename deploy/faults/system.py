"""A system to be broken: all services on a PostgreSQL and a Kafka of their own, loopback only.

Registration runs one process a role, so that each role can be killed alone; the others run as one process each. Services
reach the broker over a `Wire` that can be cut.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from deploy.faults.disks import SmallDisk
from deploy.faults.network import Wire
from deploy.local.broker import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.process import CannotRun, Process, free_port, tail
from deploy.local.state import State
from deploy.local.system import is_ready
from deploy.preparation import prepare_databases, prepare_topics
from deploy.topology import CACHE, CONTEXTS, EVERY_ROLE, ROLES, ROOT, Topology
from shared.service.migrate import migrate
from shared.service.service import Service

SPLIT = "registration"
WHOLE = tuple(context for context in CONTEXTS if context != SPLIT)
SECOND_RELAY = "second relay"
START_SECONDS = 180.0
DISK_MEGABYTES = {"postgres": 1024, "kafka": 512}


@cache
def service_of(context: str) -> Service:
    service: Service = import_module(f"services.{context}.main").service
    return service


class System:
    """Every process of it can be killed alone. `directory` must let every account pass (PostgreSQL may run under another);
    with `small_disks` the servers' data lie on file systems that can be filled."""

    def __init__(self, directory: Path, *, small_disks: bool = False) -> None:
        self.state = State(directory)
        self.state.make()
        logs = self.state.logs
        broker = free_port()
        self.wire = Wire(free_port(), broker)
        self.postgres = LocalPostgres(self.state.postgres, free_port(), logs / "postgres.log")
        self.kafka = LocalKafka(
            self.state.kafka, broker, free_port(), CACHE, logs / "kafka.log", advertised=self.wire.address
        )
        places = {"postgres": self.state.postgres, "kafka": self.state.kafka} if small_disks else {}
        self.disks = {server: SmallDisk(place, DISK_MEGABYTES[server]) for server, place in places.items()}
        issuer = free_port()
        self.topology = Topology(
            postgres=f"127.0.0.1:{self.postgres.port}",
            kafka=self.wire.address,
            issuer=f"http://127.0.0.1:{issuer}",
            keys=self.state.keys,
            passwords=self.state.passwords(),
            mode="test",
        )
        self.issuer = self._process(
            "issuer", "shared.service.dev_issuer", (), self.topology.issuer_environment(), issuer
        )
        self.ports = {name: free_port() for name in (*ROLES, SECOND_RELAY, *WHOLE)}
        self.processes = {name: self._service(name, SPLIT, name) for name in ROLES}
        self.processes |= {context: self._service(context, context, EVERY_ROLE) for context in WHOLE}
        self._standby = self._service(SECOND_RELAY, SPLIT, "relay")
        self._connections: dict[str, asyncpg.Connection[Any]] = {}

    def api(self, context: str) -> str:
        return self.address("api" if context == SPLIT else context)

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From nothing to ready; everything is ended at the end, however that comes. Raises `CannotRun`."""
        async with AsyncExitStack() as wires:
            try:
                for disk in self.disks.values():
                    disk.mount()
                await wires.enter_async_context(self.wire.laid())
                await self._start()
                yield
            finally:
                for conn in self._connections.values():
                    conn.terminate()
                await asyncio.to_thread(self._end)

    async def _start(self) -> None:
        async with asyncio.TaskGroup() as servers:
            servers.create_task(asyncio.to_thread(self.postgres.start))
            servers.create_task(asyncio.to_thread(self.kafka.start))
        await prepare_databases(self.postgres.url(), self.topology.passwords, self.topology.keys)
        await prepare_topics(self.kafka.bootstrap)
        for context in CONTEXTS:
            await migrate(service_of(context).migrations, self.topology.database_url(context))
        (self.state.keys / "issuer").mkdir(mode=0o700, exist_ok=True)
        self.issuer.start()
        for process in self.processes.values():
            process.start()
        await self.ready(*self.processes)

    def _end(self) -> None:
        for process in (*self.processes.values(), self._standby, self.issuer):
            process.kill()  # what a clean stop does is another test's matter
        self.kafka.kill()
        self.postgres.kill()
        for disk in self.disks.values():
            disk.unmount()

    async def ready(self, *names: str) -> None:
        """Wait until these may take work. Raises `CannotRun` with the last lines of the log."""
        until = time.monotonic() + START_SECONDS
        for name in names:
            process = self._standby if name == SECOND_RELAY else self.processes[name]
            while not await asyncio.to_thread(is_ready, self.address(name)):
                if time.monotonic() > until or not process.running():
                    raise CannotRun(f"{name} did not become ready; its log says:\n{tail(process.log)}")
                await asyncio.sleep(0.2)

    async def start_second_relay(self) -> None:
        self._standby.start()
        await self.ready(SECOND_RELAY)

    async def kill_second_relay(self) -> None:
        await asyncio.to_thread(self._standby.kill)

    async def tokens(self, staff: Mapping[str, str]) -> dict[str, str]:
        """By service, for the member of staff named for it, from the development issuer."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            await until(lambda: _answers(client, f"{self.topology.issuer}/health/ready"), START_SECONDS)
            tokens = {}
            for service, user in staff.items():
                answer = await client.post(f"{self.topology.issuer}/token", params={"user": user})
                tokens[service] = str(answer.raise_for_status().json()["access_token"])
            return tokens

    @asynccontextmanager
    async def database(self, context: str) -> AsyncIterator[asyncpg.Connection[Any]]:
        """A connection as the owner. It is kept for the next who asks, unless a fault has ended it: signing in is dear, and
        what the services need of this machine must not go into watching them."""
        kept = self._connections.pop(context, None)
        if kept is None or await _is_gone(kept):
            kept = await asyncpg.connect(self.topology.database_url(context), timeout=10)
        try:
            yield kept
        except BaseException:
            kept.terminate()
            raise
        if context in self._connections:  # two asked at the same time
            await kept.close(timeout=5)
        else:
            self._connections[context] = kept

    def _service(self, name: str, context: str, role: str) -> Process:
        environment = self.topology.environment(context, role)
        # Where the services ask each other, they shall find the ones of this system.
        asked = {f"MOOT_{other.upper()}_URL": other for other in CONTEXTS}
        environment |= {url: self.api(other) for url, other in asked.items() if url in environment}
        return self._process(name, f"services.{context}", (role,), environment, self.ports[name])

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


def freeze(pid: int | None) -> None:
    """SIGSTOP: it still holds its connections and does not know that time goes by."""
    assert pid is not None, "it is not running"
    os.kill(pid, signal.SIGSTOP)


def thaw(pid: int | None) -> None:
    assert pid is not None, "it is not running"
    os.kill(pid, signal.SIGCONT)


async def until(check: Callable[[], Awaitable[bool]], seconds: float, pause: float = 0.25) -> float:
    """Wait until it is true; answers the seconds that took. Raises `TimeoutError`."""
    began = time.monotonic()
    while not await check():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not true after {seconds:.0f} s")
        await asyncio.sleep(pause)
    return time.monotonic() - began


async def _is_gone(conn: asyncpg.Connection[Any]) -> bool:
    try:
        await conn.execute("SELECT 1", timeout=5)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        conn.terminate()
        return True
    return False


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False

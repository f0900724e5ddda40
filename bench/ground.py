"""Where a run stands: a PostgreSQL with durability on and a Kafka of its own, databases, keys, roles as processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import httpx

from bench.sizes import Sizes
from deploy.local.broker import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.process import Process, free_port
from deploy.preparation import make_keys
from deploy.topology import API_ROLE, AUDIENCE, AUTHORITY, CACHE, RINGS, ROOT, STATE, Ports
from shared.eventcore.keys import Keyring
from shared.eventcore.schema import statements

READY_SECONDS = 60.0
SHIM = Path(__file__).parent / "slow_flush.c"


class NotHere(Exception):
    """Something that a case needs is not on this machine. The message says what, and how to get it."""


@dataclass
class Ground:
    """The servers of a run, started when first asked for. Given ones (tests) are used as they are."""

    directory: Path
    sizes: Sizes
    say: Callable[[str], None] = lambda _: None
    references: Path = STATE / "references" / "bin" / "python"
    """The Python that has the libraries of `requirements.txt`."""
    postgres_url: str = ""
    kafka: str = ""
    _postgres: LocalPostgres | None = None
    _running: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Ground:
        self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        if self._postgres is not None:
            self._postgres.stop()

    # --- servers ------------------------------------------------------------------------------------------------------

    def server(self) -> str:
        """A superuser's URL."""
        if not self.postgres_url:
            shutil.rmtree(self.directory / "postgres", ignore_errors=True)
            self._postgres = LocalPostgres(self.directory / "postgres", Ports.from_environment().postgres)
            self._postgres.start()
            self.postgres_url = self._postgres.url()
        return self.postgres_url

    def broker(self) -> str:
        """Bootstrap servers."""
        if not self.kafka:
            ports = Ports.from_environment()
            shutil.rmtree(self.directory / "kafka", ignore_errors=True)
            broker = LocalKafka(self.directory / "kafka", ports.kafka, ports.kafka_controller, CACHE)
            broker.start()
            self._running.callback(broker.stop)
            self.kafka = broker.bootstrap
        return self.kafka

    @contextmanager
    def slow_flush(self, milliseconds: float) -> Iterator[None]:
        """The same PostgreSQL on a disk whose every flush takes so much longer; what starts meanwhile likewise.
        Raises `NotHere`."""
        compiler = shutil.which("gcc") or shutil.which("cc")
        if compiler is None:
            raise NotHere("a slower flush needs a C compiler (Debian: apt install gcc)")
        self.server()
        if self._postgres is None:
            raise NotHere("a slower flush needs a server of this run's own")
        library = self.directory / "slow_flush.so"
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SHIM), "-ldl"], check=True)
        self._postgres.stop()
        with _environment(LD_PRELOAD=str(library), SLOW_FLUSH_US=str(round(milliseconds * 1000))):
            self._postgres.start()
            try:
                yield
            finally:
                self._postgres.stop()
        self._postgres.start()

    # --- databases ----------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def database(self, *, empty: bool = False) -> AsyncIterator[str]:
        """The owner's URL of a fresh database with the event core's tables (`empty`: with none); dropped at the end."""
        server, name = self.server(), f"bench_{uuid4().hex[:12]}"
        admin = await asyncpg.connect(server)
        try:
            if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", API_ROLE):
                await admin.execute(f"CREATE ROLE {API_ROLE} LOGIN PASSWORD '{API_ROLE}'")
            await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
            url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
            try:
                if not empty:
                    await _event_core(url)
                yield url
            finally:
                await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        finally:
            await admin.close()

    def api_url(self, url: str) -> str:
        """`url` for the role that row-level security binds."""
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=f"{API_ROLE}:{API_ROLE}@{parts.netloc.rpartition('@')[2]}"))

    def keyring(self, context: str) -> Keyring:
        return Keyring.load(self.keys(context))

    def keys(self, context: str) -> Path:
        directory = self.directory / "keys" / context
        make_keys(directory, RINGS.get(context, ()))
        return directory

    # --- roles as processes ---------------------------------------------------------------------------------------------

    @contextmanager
    def roles(
        self, module: str, context: str, roles: Sequence[str], owner: str, issuer: str
    ) -> Iterator[dict[str, RoleProcess]]:
        """Roles of one service, as deployed: each a process of its own. Yields them when all answer."""
        with ExitStack() as running:
            started = {role: running.enter_context(self._role(module, context, role, owner, issuer)) for role in roles}
            for one in started.values():
                one.await_answer()
            yield started

    @contextmanager
    def _role(self, module: str, context: str, role: str, owner: str, issuer: str) -> Iterator[RoleProcess]:
        port = free_port()
        name = context.upper()
        environment = {
            "MOOT_ENV": "development", "MOOT_AUTHORITY": AUTHORITY, "MOOT_KAFKA": self.kafka or "127.0.0.1:1",
            "MOOT_KEYS": str(self.keys(context)), "MOOT_OIDC_ISSUER": issuer, "MOOT_OIDC_AUDIENCE": AUDIENCE,
            "MOOT_EXPORT_ROWS_PER_DAY": "1000000000",
            "MOOT_REQUESTS_PER_SUBJECT": "1000000", "MOOT_REQUESTS_PER_ADDRESS": "1000000",  # one clerk is thousands here
            "MOOT_HOST": "127.0.0.1", "MOOT_PORT": str(port),
            f"MOOT_{name}_DATABASE_URL": owner, f"MOOT_{name}_API_DATABASE_URL": self.api_url(owner),
        }  # fmt: skip
        log = self.directory / f"{context}-{role}.log"
        with _process(f"{context} {role}", [module, role], environment, log) as process:
            yield RoleProcess(f"http://127.0.0.1:{port}", process)

    @contextmanager
    def issuer(self) -> Iterator[str]:
        """The development issuer's address."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        keys = self.directory / "keys" / "issuer"
        keys.mkdir(parents=True, exist_ok=True)
        environment = {
            "MOOT_ENV": "development", "MOOT_AUTHORITY": AUTHORITY, "MOOT_KEYS": str(keys), "MOOT_OIDC_ISSUER": address,
            "MOOT_OIDC_AUDIENCE": AUDIENCE, "MOOT_HOST": "127.0.0.1", "MOOT_PORT": str(port),
        }  # fmt: skip
        log = self.directory / "issuer.log"
        with _process("the issuer", ["shared.service.dev_issuer"], environment, log) as process:
            RoleProcess(address, process).await_answer()
            yield address


@dataclass(frozen=True)
class RoleProcess:
    address: str
    process: Process

    def await_answer(self) -> None:
        """Raises `CannotRun`."""
        self.process.await_ready(lambda: _answers(self.address), READY_SECONDS)


@contextmanager
def _process(name: str, module: list[str], environment: Mapping[str, str], log: Path) -> Iterator[Process]:
    process = Process(name, [sys.executable, "-m", *module], log, environment, cwd=ROOT)
    process.start()
    try:
        yield process
    finally:
        process.stop()


def token(issuer: str, user: str = "registration-officer") -> str:
    """A bearer token of one of the invented council's staff."""
    answer = httpx.post(f"{issuer}/token", params={"user": user}, trust_env=False)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/live", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


async def _event_core(url: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        for text in statements():
            await conn.execute(text)
    finally:
        await conn.close()


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before: dict[str, Any] = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

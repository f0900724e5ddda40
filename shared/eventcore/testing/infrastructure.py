"""A real PostgreSQL and a real Kafka broker for tests: a pytest plugin, registered by the root `conftest.py`.

Where they come from, first that applies: the environment (`MOOT_TEST_POSTGRES_URL`, a superuser's URL;
`MOOT_TEST_KAFKA`, bootstrap servers), containers when a Docker engine answers, else local processes in a temporary
directory. Nothing starts before a test asks for it, and nothing outlives the run.

    async def test_an_event_is_kept(database: str) -> None: ...          # the URL of a fresh database
    async with copy_of(filled) as url: ...                               # of one that `filled` has filled, once in the run
    async def test_the_relay_publishes(topic: NewTopic) -> None:         # topics with names of their own
        name = await topic("registration.events.v1", partitions=16)
    async def test_a_killed_broker(own_kafka: LocalKafka) -> None:       # one to kill and start again
        own_kafka.kill(); await asyncio.to_thread(own_kafka.start)
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin import NewTopic as TopicRequest

from deploy.local.broker import LocalKafka, as_environment, broker_properties
from deploy.local.postgres import LocalPostgres
from deploy.local.process import free_port
from deploy.topology import CACHE

POSTGRES_IMAGE = "postgres:17"
KAFKA_IMAGE = "apache/kafka:4.2.0"
API_ROLE = "moot_api"
"""Exists on every test server with its own name as password; row-level security binds it."""


Fill = Callable[[str], Awaitable[None]]
"""Fills the empty database at a URL, and leaves no connection open."""


class CopyOf(Protocol):
    def __call__(self, fill: Fill) -> AbstractAsyncContextManager[str]:
        """The URL of a fresh database that looks as if `fill` had just filled it. It did so once, for the first to ask."""


class NewTopic(Protocol):
    def __call__(self, name: str, *, partitions: int = 16, **config: str) -> Awaitable[str]:
        """Create `<name>.<unique>`, wait until it is there, return its name. `config` as `cleanup_policy="compact"`."""


def at_database(url: str, database: str) -> str:
    """`url` with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def as_api(url: str) -> str:
    """`url` for the role that row-level security binds."""
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{API_ROLE}:{API_ROLE}@{address}"))


@asynccontextmanager
async def temporary_database(server_url: str, template: str = "template1") -> AsyncIterator[str]:
    """A fresh database on that server, copied from `template`; dropped at the end, whoever is still connected."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    admin = await asyncpg.connect(server_url)
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield at_database(server_url, name)
        finally:
            await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest_asyncio.fixture(scope="session")
async def postgres_url(_postgres_server: str) -> str:
    """A superuser's URL of a real server. Make your own database: see `database` and `temporary_database`."""
    admin = await asyncpg.connect(_postgres_server)
    try:
        if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", API_ROLE):
            await admin.execute(f"CREATE ROLE {API_ROLE} LOGIN PASSWORD '{API_ROLE}'")
    finally:
        await admin.close()
    return _postgres_server


@pytest_asyncio.fixture
async def database(postgres_url: str) -> AsyncIterator[str]:
    """The URL of an empty database of this test's own."""
    async with temporary_database(postgres_url) as url:
        yield url


@pytest_asyncio.fixture(scope="session")
async def copy_of(postgres_url: str) -> AsyncIterator[CopyOf]:
    """Copies of filled databases. Making the tables of a whole service takes several times as long as copying them."""
    templates: dict[Fill, str] = {}
    async with AsyncExitStack() as stack:

        @asynccontextmanager
        async def copy(fill: Fill) -> AsyncIterator[str]:
            if fill not in templates:
                template = await stack.enter_async_context(temporary_database(postgres_url))
                await fill(template)
                templates[fill] = urlsplit(template).path.removeprefix("/")
            async with temporary_database(postgres_url, templates[fill]) as url:
                yield url

        yield copy


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[NewTopic]:
    """Creates topics with unique names; they are deleted after the test."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    created: list[str] = []

    async def create(name: str, *, partitions: int = 16, **config: str) -> str:
        unique = f"{name}.{uuid.uuid4().hex[:8]}"
        settings = {key.replace("_", "."): value for key, value in config.items()}
        answer = await admin.create_topics([TopicRequest(unique, partitions, 1, topic_configs=settings)])
        assert not any(code for _, code, *_ in answer.topic_errors), answer
        created.append(unique)
        return unique

    try:
        yield create
    finally:
        if created:
            await admin.delete_topics(created)
        await admin.close()


@contextmanager
def passable_directory() -> Iterator[Path]:
    """A temporary directory that every account may pass through: as root, PostgreSQL may have to run under another.
    pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="moot-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def own_postgres() -> Iterator[LocalPostgres]:
    """A started server of this test's own, to be killed and started again."""
    with _local_postgres() as server:
        yield server


@pytest.fixture
def own_kafka() -> Iterator[LocalKafka]:
    """A started broker of this test's own, to be killed and started again."""
    with _local_kafka() as broker:
        yield broker


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[str]:
    if given := os.environ.get("MOOT_TEST_POSTGRES_URL"):
        yield given
    elif _docker_answers():
        from testcontainers.community.postgres import PostgresContainer

        with PostgresContainer(POSTGRES_IMAGE, driver=None) as container:
            yield container.get_connection_url()
    else:
        with _local_postgres(durable=False) as server:
            yield server.url()


@pytest.fixture(scope="session")
def kafka_bootstrap() -> Iterator[str]:
    """Bootstrap servers of a real Apache Kafka broker. Topics are not created by themselves: see `topic`."""
    if given := os.environ.get("MOOT_TEST_KAFKA"):
        yield given
    elif _docker_answers():
        from testcontainers.core.container import DockerContainer
        from testcontainers.core.wait_strategies import LogMessageWaitStrategy

        # The broker must advertise the port that we reach it by, so the port is chosen before it starts.
        address = f"127.0.0.1:{free_port()}"
        settings = as_environment(broker_properties("0.0.0.0:9092", address, "localhost:9093"))
        container = DockerContainer(KAFKA_IMAGE, env=settings).with_bind_ports(9092, address.rpartition(":")[2])
        with container.waiting_for(LogMessageWaitStrategy("Kafka Server started")):
            yield address
    else:
        with _local_kafka() as broker:
            yield broker.bootstrap


@contextmanager
def _local_postgres(*, durable: bool = True) -> Iterator[LocalPostgres]:
    with passable_directory() as directory:
        server = LocalPostgres(directory / "postgres", free_port(), durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def _local_kafka() -> Iterator[LocalKafka]:
    with passable_directory() as directory:
        broker = LocalKafka(directory / "kafka", free_port(), free_port(), cache=CACHE)
        broker.start()
        try:
            yield broker
        finally:
            broker.stop()


@cache
def _docker_answers() -> bool:
    import docker

    try:
        return bool(docker.from_env(timeout=2).ping())
    except (docker.errors.DockerException, OSError):
        return False

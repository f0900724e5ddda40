"""The whole of Moothall on one machine: what is started, in which order, with which environment."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from deploy.local.broker import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.process import CannotRun, Process, refuse_busy_port, tail
from deploy.local.state import State
from deploy.local.supervisor import Part, Supervisor, side_by_side
from deploy.preparation import prepare_databases, prepare_topics
from deploy.topology import (
    CACHE,
    CONTEXTS,
    DESK,
    EVERY_ROLE,
    MIGRATE,
    POST_OFFICE,
    REPORTING,
    ROOT,
    STATE,
    Ports,
    Topology,
)
from shared.eventcore.republish import forget_what_was_published

READY_WITHIN = 90.0
"""Seconds that the services get to become ready."""

Advance = Callable[[], None]


class LocalSystem:
    """Services, development issuer, PostgreSQL and Kafka of one state directory.

    What the environment names is used instead of a process of our own: `MOOT_POSTGRES_URL` (an administrator's),
    `MOOT_KAFKA`, `MOOT_OIDC_ISSUER`.
    """

    def __init__(self, state: State | None = None, ports: Ports | None = None) -> None:
        self.state = state or State(STATE)
        self.ports = ports or Ports.from_environment()
        self.supervisor = Supervisor(report=self._report)
        self._given_postgres = os.environ.get("MOOT_POSTGRES_URL")
        self._given_kafka = os.environ.get("MOOT_KAFKA")
        self._given_issuer = os.environ.get("MOOT_OIDC_ISSUER")

    @cached_property
    def topology(self) -> Topology:
        """How everything reaches everything here. Also for commands that talk to a running system."""
        postgres = f"127.0.0.1:{self.ports.postgres}"
        if self._given_postgres:
            parts = urlsplit(self._given_postgres)
            postgres = f"{parts.hostname}:{parts.port or 5432}"
        return Topology(
            postgres=postgres,
            kafka=self._given_kafka or f"127.0.0.1:{self.ports.kafka}",
            issuer=self._given_issuer or f"http://127.0.0.1:{self.ports.issuer}",
            keys=self.state.keys,
            passwords=self.state.passwords(),
            ports=self.ports,
            post_office="127.0.0.1",
            print_house=self.state.print_house,
        )

    @cached_property
    def postgres(self) -> LocalPostgres:
        return LocalPostgres(self.state.postgres, self.ports.postgres, log=self.state.logs / "postgres.log")

    @cached_property
    def kafka(self) -> LocalKafka:
        ports = self.ports
        return LocalKafka(self.state.kafka, ports.kafka, ports.kafka_controller, CACHE, self.state.logs / "kafka.log")

    def check_ports(self) -> None:
        """Refuse to start on a busy port, before anything has been started."""
        wanted = [(self.ports.service(context), context) for context in CONTEXTS]
        wanted += [(self.ports.reporting, REPORTING), (self.ports.desk, "the officers' desk")]
        wanted += [(self.ports.smtp, "the post office's mail server"), (self.ports.post_office, "the post office")]
        if not self._given_issuer:
            wanted.append((self.ports.issuer, "the development issuer"))
        if not self._given_postgres:
            wanted.append((self.ports.postgres, "PostgreSQL"))
        if not self._given_kafka:
            wanted += [(self.ports.kafka, "Kafka"), (self.ports.kafka_controller, "Kafka's controller")]
        for port, purpose in wanted:
            refuse_busy_port(port, purpose)

    def start_infrastructure(self, databases: Advance, topics: Advance) -> None:
        """PostgreSQL with every database at this build's schema and, meanwhile, Kafka with every topic.

        `databases` advances when the server, the databases and each migration are done, `topics` at broker and topics.
        """
        postgres = Part("postgres", self.postgres, f"127.0.0.1:{self.ports.postgres}")
        kafka = Part("kafka", self.kafka, f"127.0.0.1:{self.ports.kafka}")
        given = {"postgres": self._given_postgres, "kafka": self._given_kafka}
        self.supervisor.add([part for part in (postgres, kafka) if not given[part.name]])

        def store() -> frozenset[str]:
            if not self._given_postgres:
                postgres.start()
            databases()
            new = asyncio.run(
                prepare_databases(
                    self._given_postgres or self.postgres.url(), self.topology.passwords, self.topology.keys
                )
            )
            databases()
            self._migrate(databases)
            return new

        def broker() -> frozenset[str]:
            if not self._given_kafka:
                kafka.start()
            topics()
            new = asyncio.run(prepare_topics(self.topology.kafka))
            topics()
            return new

        new_databases, new_topics = side_by_side([store, broker])
        asyncio.run(self._publish_again(new_topics - new_databases))

    def _migrate(self, advance: Advance) -> None:
        """Bring every database to this build's schema."""
        log = self.state.logs / "migrations.log"
        environment = {k: v for context in CONTEXTS for k, v in self.topology.environment(context, MIGRATE).items()}
        with log.open("ab") as errors:
            migrations = subprocess.Popen(
                [sys.executable, "-m", "deploy.local.migrations", *CONTEXTS],
                env={**os.environ, **environment},
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        with migrations:  # waits for its end
            for _ in migrations.stdout or ():
                advance()
        if migrations.returncode:
            raise CannotRun(f"The databases could not be migrated; {log} says:\n{tail(log)}")

    async def _publish_again(self, contexts: frozenset[str]) -> None:
        """Topics that had to be made hold nothing, whatever the stores remember of having published: a broker that lost
        its data gets it again."""
        for context in contexts:
            conn = await asyncpg.connect(self.topology.database_url(context))
            try:
                await forget_what_was_published(conn, context)
            finally:
                await conn.close()

    def start_services(self, advance: Advance) -> None:
        """The development issuer and post office, every service, reporting and the desk, ready to take work."""
        parts = [
            self._post_office(),
            *(self._service(context) for context in CONTEXTS),
            self._reporting(),
            self._desk(),
        ]
        if not self._given_issuer:
            parts.insert(0, self._issuer())
        self.supervisor.start(parts)
        self._await_ready(parts, advance)

    def _service(self, context: str) -> Part:
        return self._part(
            context, f"services.{context}", EVERY_ROLE, self.topology.environment(context), self.ports.service(context)
        )

    def _reporting(self) -> Part:
        environment = self.topology.reporting_environment(self.state.reporting)
        return self._part(REPORTING, REPORTING, None, environment, self.ports.reporting)

    def _desk(self) -> Part:
        return self._part(DESK, DESK, None, self.topology.desk_environment(), self.ports.desk)

    def _post_office(self) -> Part:
        environment = self.topology.post_office_environment(self.state.mail)
        return self._part(POST_OFFICE, "deploy.local.post_office", None, environment, self.ports.post_office)

    def _issuer(self) -> Part:
        environment = self.topology.issuer_environment()
        (self.state.keys / "issuer").mkdir(mode=0o700, exist_ok=True)
        return self._part("issuer", "shared.service.dev_issuer", None, environment, self.ports.issuer)

    def _part(self, name: str, module: str, role: str | None, environment: dict[str, str], port: int) -> Part:
        process = Process(
            name=name,
            command=[sys.executable, "-m", module, *([role] if role else [])],
            log=self.state.logs / f"{name}.log",
            environment=environment,
            patience=30,
            cwd=ROOT,
        )
        return Part(name, process, f"http://{self.topology.host}:{port}")

    def _await_ready(self, parts: list[Part], advance: Advance) -> None:
        deadline = time.monotonic() + READY_WITHIN
        waiting = {part.name: part for part in parts}
        while waiting:
            for name, part in list(waiting.items()):
                if is_ready(part.address):
                    del waiting[name]
                    advance()
                elif not part.runnable.running() or time.monotonic() > deadline:
                    log = self.state.logs / f"{name}.log"
                    raise CannotRun(f"{name} did not become ready; {log} says:\n{tail(log)}")
            time.sleep(0.1)

    def _report(self, parts: list[dict[str, Any]]) -> None:
        self.state.report({"supervisor": os.getpid(), "parts": parts})

    @contextmanager
    def stopped_at_the_end(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.supervisor.stop()


def is_ready(address: str) -> bool:
    """Whether the service at `address` may take work."""
    # Not httpx: asked ten times a second, its preparations for https take the time that the services need to start.
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=2)) as connection:
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False

"""The registration service as deployed: its migrated database, its roles as processes, electors to change, and a steady load."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count, islice
from uuid import UUID, uuid4

import asyncpg
import orjson
from aiokafka.admin import AIOKafkaAdminClient

from bench import http_load
from bench.ground import Ground, RoleProcess, token
from deploy.topology import AUTHORITY, CONTEXTS
from services.registration.electors.commands import AddElector
from services.registration.electors.decider import electors
from services.registration.main import service
from shared.eventcore.clock import system_clock
from shared.eventcore.execute import Executor
from shared.eventcore.kafka import ensure_topics, seal_topic_of, topic_of
from shared.eventcore.recording import Metadata
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import Store
from shared.events.values import (
    Authority,
    ElectorId,
    ElectorNumber,
    FranchiseFacts,
    PersonId,
    PersonName,
    PollingDistrict,
    Uprn,
    property_id,
)
from shared.service.migrate import migrate

CONTEXT = "registration"
NUMBERED_IN = date(2025, 12, 1)
OFFICERS = 64
LOOK_SECONDS = 0.002
PATIENCE_SECONDS = 30.0
"""After the load: what is not visible by then counts as that late."""


@dataclass
class Registration:
    """`roles` by name. `electors` were added through the decider."""

    url: str
    roles: dict[str, RoleProcess]
    bearer: str
    electors: list[UUID]
    requests: Iterator[bytes] = field(init=False)
    """Commands without end, each of which changes an elector."""

    def __post_init__(self) -> None:
        self.requests = self._requests()

    @property
    def api(self) -> str:
        return self.roles["api"].address

    def _requests(self) -> Iterator[bytes]:
        for number in count():
            turn, place = divmod(number, len(self.electors))
            body = orjson.dumps({"opted_out": turn % 2 == 1})  # each turn says the opposite, so each is an event
            path = f"/electors/{self.electors[place]}/open-register"
            yield http_load.post(path, body, self.bearer, uuid4().hex)


@asynccontextmanager
async def registration(ground: Ground, roles: Sequence[str], people: int = 0) -> AsyncIterator[Registration]:
    async with _topics(ground.broker()), ground.database(empty=True) as url:
        await migrate(service.migrations, url)
        added = await _add(ground, url, people)
        with ExitStack() as running:
            issuer = running.enter_context(ground.issuer())
            started = running.enter_context(ground.roles("services.registration", CONTEXT, roles, url, issuer))
            yield Registration(url, started, token(issuer), added)


@asynccontextmanager
async def _topics(bootstrap: str) -> AsyncIterator[None]:
    """Every service's topics, as `moot up` makes them: a reader whose sources lack one joins no group, and waits. Gone at the
    end: the next database begins at position 1 again."""
    await ensure_topics(bootstrap, CONTEXTS)
    try:
        yield
    finally:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        try:
            await admin.delete_topics(
                [topic for context in CONTEXTS for topic in (topic_of(context), seal_topic_of(context))]
            )
        finally:
            await admin.close()


async def _add(ground: Ground, url: str, people: int) -> list[UUID]:
    ids: list[UUID] = []
    async with asyncpg.create_pool(url, min_size=0, max_size=4) as pool:
        keyring = ground.keyring(CONTEXT)
        execute = Executor(Store(CONTEXT, pool, system_clock), SubjectKeys(keyring), keyring.blind, service.registry)

        async def add(number: int) -> UUID:
            elector = ElectorId(uuid4())
            command = AddElector(
                elector, PersonId(uuid4()), PersonName(f"Ada {number}", "Marsh"),
                FranchiseFacts(date_of_birth=date(1980, 12, 1), nationalities=("GB",)),
                property_id(Authority(AUTHORITY), Uprn(number + 1)),
                ElectorNumber(PollingDistrict("AB"), number + 1), NUMBERED_IN, NUMBERED_IN, "monthly",
            )  # fmt: skip
            await execute(electors, elector, command, by=Metadata("bench", AUTHORITY, correlation_id=str(uuid4())))
            return elector

        for start in range(0, people, 200):
            ids += await asyncio.gather(*(add(n) for n in range(start, min(start + 200, people))))
    return ids


# --- a steady load ----------------------------------------------------------------------------------------------------


@dataclass
class Load:
    """Commands at a steady rate, whether or not the last ones were answered; when each answer came, and when the view had
    it. `view` is looked at in the database, where its rows and its positions change in one transaction."""

    desk: Registration
    view: str = "register"
    answered: dict[tuple[int, int], float] = field(default_factory=dict)
    """When the command whose event stands at (shard, position) was answered."""
    seconds_to_answer: list[float] = field(default_factory=list)
    seconds_to_show: list[float] = field(default_factory=list)

    async def run(self, rate: float, seconds: float) -> None:
        ended = asyncio.Event()
        looking = asyncio.create_task(self._look(ended))
        try:
            async with http_load.connections([self.desk.api], OFFICERS) as lines:
                free: asyncio.Queue[http_load.Connection] = asyncio.Queue()
                for line in lines:
                    free.put_nowait(line)
                started, asked = time.perf_counter(), list[asyncio.Task[None]]()
                for number, request in enumerate(islice(self.desk.requests, round(rate * seconds))):
                    await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
                    asked.append(asyncio.create_task(self._ask(free, request)))
                await asyncio.gather(*asked)
        finally:
            ended.set()
            await looking

    async def _ask(self, free: asyncio.Queue[http_load.Connection], request: bytes) -> None:
        line = await free.get()
        asked = time.perf_counter()
        status, answer = await line.send(request)
        now = time.perf_counter()
        free.put_nowait(line)
        if status >= 300:
            raise http_load.RefusedUnderLoad(answer.decode(errors="replace")[-400:])
        told = orjson.loads(answer[answer.index(b"\r\n\r\n") :])
        self.seconds_to_answer.append(now - asked)
        if told["position"]:
            self.answered[told["shard"], told["position"]] = now

    async def _look(self, ended: asyncio.Event) -> None:
        conn = await asyncpg.connect(self.desk.url)
        deadline = float("inf")
        try:
            while not (ended.is_set() and not self.answered) and time.perf_counter() < deadline:
                if ended.is_set() and deadline == float("inf"):
                    deadline = time.perf_counter() + PATIENCE_SECONDS
                rows = await conn.fetch(
                    "SELECT shard, position FROM checkpoint WHERE consumer = $1 AND source = $2",
                    f"view:{self.view}",
                    CONTEXT,
                )
                now, at = time.perf_counter(), {row["shard"]: row["position"] for row in rows}
                for place in [(s, p) for s, p in self.answered if at.get(s, 0) >= p]:
                    self.seconds_to_show.append(max(0.0, now - self.answered.pop(place)))
                await asyncio.sleep(LOOK_SECONDS)
            self.seconds_to_show += [PATIENCE_SECONDS] * len(self.answered)
        finally:
            await conn.close()

"""The parish notice board as a service that `moot` finds by name, and `moot` itself as one call."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import orjson
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from cli import reach
from cli.__main__ import app
from deploy.local.process import free_port
from shared.eventcore.kafka import Stored
from shared.eventcore.keys import Keyring
from shared.eventcore.projection import View
from shared.eventcore.sealer import seal_closed
from shared.eventcore.seals import Seal
from shared.eventcore.testing.core import Core, event_core
from shared.eventcore.testing.toys import TOYS, Board
from shared.service import logs
from shared.service.service import Service

BOARD: View = Board.view  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return orjson.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [orjson.loads(line) for line in self.out.splitlines()]


async def moot(*words: object) -> Answer:
    """Run `moot` with these words, in a thread: it starts an event loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@dataclass
class Parish:
    """The event core behind the service, and the directory of its keys."""

    core: Core
    keys: Path

    async def poisoned(self) -> UUID:
        """A stream whose second event the board cannot apply, with two more behind it."""
        stream = (await self.core.pin("gate")).stream_id
        for who in ("poison", "clerk", "clerk"):
            await self.core.initial(stream, who)
        await self.core.catch_up(BOARD)
        return stream

    async def seal(self) -> list[Seal]:
        """Seal everything that stands in the store; answers the new seals."""
        seals: list[Seal] = []

        async def publish(seal: Seal) -> None:
            seals.append(seal)

        async with self.core.pool.acquire() as conn:
            horizon = await conn.fetchval("SELECT event_horizon()")
            await seal_closed(conn, self.core.keyring.seal, "toys", horizon, self.core.clock(), publish)
        return seals

    async def as_administrator(self, statement: str) -> None:
        """Get past the triggers that keep history."""
        async with self.core.pool.acquire() as conn:
            for table in ("event", "seal"):
                await conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            await conn.execute(statement)

    async def events(self) -> list[Stored]:
        return await self.core.store.read(after=0)

    async def a_day_passes(self) -> None:
        self.core.clock.offset += timedelta(days=1)


@pytest_asyncio.fixture
async def parish(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Parish]:
    """A service `toys` with one view, its database and its keys; no Kafka."""
    main = ModuleType("services.toys.main")
    main.service = Service("toys", "Toys", tmp_path, views=[BOARD], registry=TOYS)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "services.toys", ModuleType("services.toys"))
    monkeypatch.setitem(sys.modules, "services.toys.main", main)
    keyring = Keyring.create(tmp_path / "keys")
    monkeypatch.setenv("MOOT_TOYS_DATABASE_URL", database)
    monkeypatch.setenv("MOOT_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("MOOT_KAFKA", f"127.0.0.1:{free_port()}")
    async with event_core(database, keyring=keyring) as core:
        await core.set_up_views(BOARD)
        yield Parish(core, tmp_path / "keys")


@pytest.fixture(autouse=True)
def _no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs on this machine is none of a test's business."""
    monkeypatch.setattr(reach, "STATE", tmp_path / "no-installation")


@pytest.fixture(autouse=True)
def _quiet_afterwards() -> Iterator[None]:
    """`moot` sends log lines to the error stream that the runner gave it, which is closed by then."""
    yield
    logs.configure("info", stream=io.StringIO())

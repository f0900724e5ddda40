"""`moot audit verify`, `moot keys` and a backup's proof, of the store that registration keeps apart (ADR 0015)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from cli.tests.conftest import moot
from deploy.backup.standing import standing_of
from deploy.local.process import free_port
from services.registration.anonymous.commands import TakeApplication
from services.registration.anonymous.decider import Case, cases
from services.registration.anonymous.store import ClosedStore, closed_store, desk, statements
from shared.eventcore.keys import Keyring
from shared.eventcore.testing.core import AUTHORITY, Core, event_core
from shared.events.definition import REGISTRY, known

FORM = {"fn": "Zephyrine", "ln": "Quillfeather", "regproperty": "1", "regstreet": "Larch Way", "regpostcode": "ZZ9 9ZZ"}


@dataclass(frozen=True)
class Apart:
    """Registration's database with one anonymous case in its closed store."""

    core: Core
    closed: ClosedStore
    keys: Path

    async def take(self, reference: str) -> None:
        case, person = self.closed.case_of(reference, AUTHORITY)
        command = TakeApplication(person, reference, "paper", "ordinary", date(2026, 3, 2), FORM)
        await self.closed.execute(cases, case, command, by=desk(AUTHORITY))

    async def as_administrator(self, statement: str) -> None:
        """Get past the triggers that keep history."""
        conn = await asyncpg.connect(self.core.url, server_settings={"search_path": "anonymous"})
        try:
            await conn.execute("ALTER TABLE event DISABLE TRIGGER USER")
            await conn.execute(statement)
        finally:
            await conn.close()


@pytest_asyncio.fixture
async def apart(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Apart]:
    keyring = Keyring.create(tmp_path / "keys", "anonymous")
    for name, value in {
        "MOOT_ENV": "test", "MOOT_REGISTRATION_DATABASE_URL": database, "MOOT_KEYS": str(tmp_path / "keys"),
        "MOOT_KAFKA": f"127.0.0.1:{free_port()}", "MOOT_STATE": str(tmp_path / "state"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    async with event_core(database, "registration", REGISTRY, keyring=keyring) as core:
        async with core.pool.acquire() as conn, conn.transaction():
            for text in statements():
                await conn.execute(text)
        async with closed_store(database, tmp_path / "keys", core.clock) as closed:
            apart = Apart(core, closed, tmp_path / "keys")
            await apart.take("P-1")
            yield apart


async def verified() -> tuple[int, dict[str, Any]]:
    told = await moot("audit", "verify", "--service", "registration", "--json")
    return told.code, {store["store"]: store for store in told.data["stores"]}


async def test_the_closed_history_is_sealed_with_a_key_of_its_own_and_verified_beside_the_services(apart: Apart):
    assert await apart.closed.seal() == 1
    code, stores = await verified()
    assert (code, sorted(stores)) == (0, ["registration", "registration.anonymous"])
    closed = stores["registration.anonymous"]
    assert (closed["verified"], closed["events"], closed["unsealed"], closed["key_given"]) == (True, 1, 0, True)
    assert "Quillfeather" not in str(closed)


async def test_a_changed_event_of_the_closed_store_is_named_by_its_position(apart: Apart):
    await apart.closed.seal()
    await apart.as_administrator("UPDATE event SET recorded_at = recorded_at - interval '1 day'")
    code, stores = await verified()
    assert (code, stores["registration"]["verified"]) == (1, True)
    assert stores["registration.anonymous"]["finding"]["problem"] == "changed-event"


async def test_rotating_gives_the_closed_ring_a_successor_and_its_cases_still_open(apart: Apart):
    rotated = await moot("keys", "rotate", "--service", "registration", "--json")
    assert rotated.data == {"service": "registration", "master": 2, "rings": {"anonymous": 2}}
    moved = await moot("keys", "rewrap", "--service", "registration", "--json")
    assert moved.data["rings"] == {"anonymous": {"master": 2, "moved": 1}}
    (apart.keys / "anonymous-master.key").unlink()
    async with closed_store(apart.core.url, apart.keys, apart.core.clock) as opened:
        (case,) = (await opened.all_cases(AUTHORITY)).values()
    assert isinstance(case, Case)
    assert str(known(case.taken.name)) == "Zephyrine Quillfeather"


async def test_a_restore_that_lacks_one_event_of_the_closed_store_is_not_equal(apart: Apart):
    async def standing() -> Any:
        async with apart.core.pool.acquire() as conn, conn.transaction():
            return await standing_of(conn)

    saved = await standing()
    assert saved.differences(await standing()) == []
    await apart.as_administrator("DELETE FROM event")
    assert saved.differences(await standing()) == ["anonymous.event"]

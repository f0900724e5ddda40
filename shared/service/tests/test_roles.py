"""Roles on a real database: migrated, started, checked, stopped; a failing worker comes back."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from shared.eventcore.keys import KeyFault, Keyring
from shared.eventcore.testing.infrastructure import as_api
from shared.service import roles, runtime, serving
from shared.service.health import is_stalled
from shared.service.migrate import NotMigrated, check_migrated, head, migrate
from shared.service.roles import run_role
from shared.service.service import Service
from shared.service.serving import listen, supervise
from shared.service.settings import Databases, Role, Settings, WrongSetting

service = Service(context="elections", title="Elections", home=Path(__file__).parents[3] / "services" / "elections")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def settings_of(database: str, keys: Path, role: str, kafka: str = "127.0.0.1:9") -> Settings:
    if not keys.exists():
        Keyring.create(keys)
    urls = Databases(database_url=database, api_database_url=as_api(database))
    values: dict[str, Any] = {
        "context": "elections", "role": role, "databases": urls, "env": "test", "keys": keys, "kafka": kafka,
        "port": free_port(), "grace_seconds": 5,
    }  # fmt: skip
    return Settings(**values)


@asynccontextmanager
async def running(settings: Settings):
    stop = asyncio.Event()
    task = asyncio.create_task(run_role(service, settings, stop))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}") as client:
        for _ in range(100):
            try:
                await client.get("/health/live")
                break
            except httpx.ConnectError:
                assert not task.done(), task.result()
                await asyncio.sleep(0.05)
        try:
            yield client
        finally:
            stop.set()
            await asyncio.wait_for(task, 10)


# migrations


async def test_a_database_is_migrated_once_by_however_many_migrators(database):
    revisions = await asyncio.gather(*(migrate(service.migrations, database) for _ in range(4)))
    assert set(revisions) == {head(service.migrations)}
    conn = await asyncpg.connect(database)
    assert await conn.fetchval("SELECT count(*) FROM alembic_version") == 1
    assert await conn.fetchval("SELECT to_regclass('event') IS NOT NULL")
    await check_migrated(conn, service.migrations)
    await conn.close()


async def test_a_migration_that_fails_leaves_nothing_behind(database, tmp_path):
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001_half.py").write_text(
        "from shared.service.migrate import run_scripts\n"
        "revision, down_revision = '0001', None\n"
        "def upgrade():\n    run_scripts(['CREATE TABLE half (a int); SELECT 1', 'SELECT broken'])\n"
    )
    with pytest.raises(Exception, match="broken"):
        await migrate(tmp_path, database)
    conn = await asyncpg.connect(database)
    assert await conn.fetchval("SELECT to_regclass('half')") is None
    await conn.close()


async def test_a_newer_database_than_the_build_is_served_an_older_one_is_not(database):
    await migrate(service.migrations, database)
    conn = await asyncpg.connect(database)
    await conn.execute("UPDATE alembic_version SET version_num = '9999'")
    await check_migrated(conn, service.migrations)
    await conn.execute("DELETE FROM alembic_version")
    with pytest.raises(NotMigrated):
        await check_migrated(conn, service.migrations)
    await conn.close()


# roles


async def test_the_api_is_ready_when_store_migrations_and_keys_are(database, tmp_path):
    await migrate(service.migrations, database)
    async with running(settings_of(database, tmp_path / "keys", "api")) as client:
        answer = await client.get("/health/ready")
        assert answer.json() == {"status": "ok", "checks": {"store": "ok", "migrations": "ok", "keys": "ok"}}


async def test_the_api_starts_on_an_empty_database_and_says_that_it_is_not_ready(database, tmp_path):
    async with running(settings_of(database, tmp_path / "keys", "api")) as client:
        assert (await client.get("/health/live")).status_code == 200
        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "failed")


async def test_the_api_starts_without_a_database_server_and_says_so(tmp_path):
    nowhere = "postgresql://nobody:hunter2@127.0.0.1:9/none"
    async with running(settings_of(nowhere, tmp_path / "keys", "api")) as client:
        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()["checks"]["store"]) == (503, "failed")
        assert "hunter2" not in answer.text


async def test_a_role_without_routes_answers_health_and_metrics(database, tmp_path):
    await migrate(service.migrations, database)
    async with running(settings_of(database, tmp_path / "keys", "relay")) as client:
        live = (await client.get("/health/live")).json()
        assert "relay" in live["workers"]
        assert "moot_worker_sent" in (await client.get("/metrics")).text
        assert (await client.get("/openapi.json")).json()["paths"].keys() == {
            "/health/live",
            "/health/ready",
            "/metrics",
        }


async def test_every_role_runs_in_one_process_and_leaves_when_asked(database, kafka_bootstrap, tmp_path):
    await migrate(service.migrations, database)
    async with running(settings_of(database, tmp_path / "keys", "all", kafka_bootstrap)) as client:
        live = (await client.get("/health/live")).json()
        assert live["workers"].keys() == {"relay", "sealer"}
        assert live["stalled"] == []


async def test_a_sealer_whose_broker_is_away_goes_on_trying_and_is_not_stalled(database, tmp_path, monkeypatch):
    monkeypatch.setattr(runtime, "SEAL_SECONDS", 0.05)
    await migrate(service.migrations, database)
    async with running(settings_of(database, tmp_path / "keys", "sealer", kafka="127.0.0.1:9")) as client:
        looks = set()
        for _ in range(4):
            looks.add((await client.get("/health/live")).json()["workers"]["sealer"]["looked_at"])
            await asyncio.sleep(0.3)
    assert len(looks) > 1


async def test_the_role_migrate_ends_when_it_is_done(database, tmp_path):
    await run_role(service, settings_of(database, tmp_path / "keys", "migrate"))


def test_missing_keys_are_one_sentence(tmp_path):
    settings = settings_of("postgresql://x/y", tmp_path / "keys", "api")
    (tmp_path / "keys" / "master.key").unlink()
    with pytest.raises(KeyFault, match=r"master\.key"):
        asyncio.run(run_role(service, settings, asyncio.Event()))


def test_a_busy_port_is_one_sentence(tmp_path):
    settings = settings_of("postgresql://x/y", tmp_path / "keys", "api")
    with (
        socket.create_server(("127.0.0.1", settings.port)),
        pytest.raises(WrongSetting, match=rf"{settings.port}.*MOOT_PORT"),
    ):
        listen(settings)


@pytest.mark.parametrize("arguments", [[], ["worker"], ["api", "relay"]])
def test_a_role_that_does_not_exist_is_one_sentence(arguments):
    with pytest.raises(WrongSetting, match=", ".join(Role)):
        roles._role(arguments)


# supervision


class Flaky:
    """Fails twice, then works."""

    def __init__(self) -> None:
        self.started = 0
        self.finished = False

    def progress(self) -> dict[str, int]:
        return {"started": self.started}

    async def run(self, stop: asyncio.Event) -> None:
        self.started += 1
        if self.started < 3:
            raise RuntimeError("Marmaduke")
        await stop.wait()
        self.finished = True


async def test_a_worker_that_fails_is_started_again_and_finishes_on_stop(monkeypatch):
    monkeypatch.setattr(serving, "BACKOFF", (0.01, 0.02))
    worker, stop = Flaky(), asyncio.Event()
    supervising = asyncio.create_task(supervise({"flaky": worker}, stop, grace=1))
    await asyncio.sleep(0.2)
    assert worker.started == 3
    stop.set()
    await supervising
    assert worker.finished


async def test_a_worker_that_does_not_finish_is_cut_off_after_the_grace_period():
    class Deaf(Flaky):
        async def run(self, stop: asyncio.Event) -> None:
            await asyncio.sleep(3600)

    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(supervise({"deaf": Deaf()}, stop, grace=0.05), 1)


def test_a_worker_that_no_longer_looks_for_work_is_stalled():
    now = datetime(2026, 5, 7, 12, 0, tzinfo=UTC)
    assert is_stalled({"looked_at": "2026-05-07T11:58:00+00:00"}, now)
    assert not is_stalled({"looked_at": "2026-05-07T11:59:30+00:00"}, now)
    assert not is_stalled({"sent": 0}, now)

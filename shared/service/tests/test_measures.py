"""What Prometheus is told about the store: lag by shard, the horizon, parked streams, statutory clocks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest_asyncio
from fastapi import FastAPI
from prometheus_client.core import Metric

from shared.eventcore.keys import Keyring
from shared.eventcore.projection import View
from shared.eventcore.testing.core import Core as Toys
from shared.eventcore.testing.core import event_core
from shared.eventcore.testing.toys import TOYS, Board, TakeDown, notices
from shared.service import measures
from shared.service.health import health_router
from shared.service.runtime import Core, open_core
from shared.service.service import Service
from shared.service.settings import Databases, Role, Settings

BOARD: View = Board.view  # type: ignore[attr-defined]
SERVICE = Service("toys", "Toys", Path(), views=(BOARD,), deadlines=((notices, TakeDown),), registry=TOYS)
LEASE = 19791 << 48
"""The class of the advisory locks by which writers hold the horizon."""


@pytest_asyncio.fixture
async def toys(database: str) -> AsyncIterator[Toys]:
    async with event_core(database) as opened:
        await opened.set_up_views(BOARD)
        yield opened


@pytest_asyncio.fixture
async def core(database: str, toys: Toys, tmp_path: Path) -> AsyncIterator[Core]:
    Keyring.create(tmp_path / "keys")
    settings = Settings(
        context="toys", role=Role.ALL, databases=Databases(), env="production", keys=tmp_path / "keys",
        oidc_issuer="https://issuer.example",
    )  # fmt: skip
    async with open_core(SERVICE, settings, database) as opened:
        yield opened


def samples(found: Iterable[Metric]) -> dict[tuple[str, ...], float]:
    return {(s.name, *s.labels.values()): s.value for metric in found for s in metric.samples}


async def test_lag_is_told_by_reader_and_shard_until_the_reader_has_caught_up(core: Core, toys: Toys):
    receipts = [await toys.pin(f"place {n}") for n in range(3)]
    late = samples(await measures.lag(core, [BOARD.consumer, "relay"]))
    assert (
        sum(value for (name, reader, _), value in late.items() if (name, reader) == ("moot_lag_events", "view:board"))
        == 3
    )
    assert sum(1 for name, reader, _ in late if (name, reader) == ("moot_lag_events", "relay")) == 64
    shard = await core.pool.fetchval("SELECT shard FROM event WHERE stream_id = $1", receipts[0].stream_id)
    assert late["moot_lag_seconds", "relay", str(shard)] > 0
    await toys.catch_up(BOARD)
    assert not any(samples(await measures.lag(core, [BOARD.consumer])).values())


async def test_an_old_writer_shows_as_the_age_of_the_event_that_it_holds_back(core: Core, toys: Toys, database: str):
    await toys.pin("pump")
    assert samples(await measures.horizon(core)) == {("moot_horizon_age_seconds",): 0}
    writer = await asyncpg.connect(database)
    async with writer.transaction():
        at = await writer.fetchval("SELECT last_value FROM event_position")
        await writer.execute("SELECT pg_advisory_xact_lock_shared($1)", LEASE | at)
        await toys.pin("pond")
        assert samples(await measures.horizon(core))["moot_horizon_age_seconds",] > 0
    await writer.close()
    assert samples(await measures.horizon(core))["moot_horizon_age_seconds",] == 0


async def test_a_parked_stream_counts_once_and_its_events_each(core: Core):
    streams = [uuid4(), uuid4()]
    await core.pool.executemany(
        "INSERT INTO parked VALUES ('view:board', 'toys', $1, $2, 0, 'a', '{}', 'ValueError', 1, now())",
        [(streams[0], 1), (streams[0], 2), (streams[1], 3)],
    )
    told = samples(await measures.parked(core, ["view:board", "view:other"]))
    assert told["moot_parked_streams", "view:board"] == 2
    assert told["moot_parked_events", "view:board"] == 3
    assert told["moot_parked_events", "view:other"] == 0


async def test_a_deadline_that_passed_unsettled_shows_until_it_is_settled(core: Core):
    now = core.clock()
    for name, due in (
        ("late", now - timedelta(hours=2)),
        ("soon", now + timedelta(hours=3)),
        ("far", now + timedelta(days=9)),
    ):
        await core.pool.execute(
            "INSERT INTO deadline VALUES ($1, 'E07000999', $2, 'p', 'TakeDown', '{}', '{}', $3)", name, uuid4(), due
        )
    told = samples(await measures.clocks(core))
    assert told["moot_deadlines_overdue", "TakeDown"] == 1
    assert 7200 <= told["moot_deadlines_overdue_seconds", "TakeDown"] < 7260
    assert told["moot_deadlines_within_a_day", "TakeDown"] == 1
    await core.pool.execute("UPDATE deadline SET settled_at = now() WHERE id = 'late'")
    assert samples(await measures.clocks(core))["moot_deadlines_overdue", "TakeDown"] == 0


def test_a_role_tells_of_its_own_work_only(core: Core):
    named = {
        role: [m.func.__name__ for m in measures.measures_of(core, [role]) if isinstance(m, partial)] for role in Role
    }
    assert named[Role.RELAY] == ["lag", "horizon"]
    assert named[Role.VIEWS] == ["lag", "parked"]
    assert named[Role.POLICIES] == []  # the toys have none
    assert named[Role.DEADLINES] == ["clocks"]
    assert named[Role.API] == named[Role.LIVE] == named[Role.SEALER] == []


async def test_metrics_are_answered_even_when_the_store_cannot_be_asked():
    async def broken() -> Iterable[Metric]:
        raise OSError("no database")

    app = FastAPI()
    app.include_router(health_router({}, {}, measures=[broken]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://role") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert "process_cpu_seconds_total" in answer.text


async def test_a_query_is_asked_once_however_many_scrape():
    asked = 0

    async def counted():
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        return ()

    app = FastAPI()
    app.include_router(health_router({}, {}, measures=[counted]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://role") as client:
        await asyncio.gather(*(client.get("/metrics") for _ in range(5)))
        await client.get("/metrics")
    assert asked == 1

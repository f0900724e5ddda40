"""The way of one fact through a whole service: command, store, relay, Kafka, view, read."""

from __future__ import annotations

import asyncio
import socket
import time
import uuid
from datetime import date
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter

from shared.eventcore.kafka import ensure_topics
from shared.eventcore.keys import Keyring
from shared.eventcore.recording import Receipt
from shared.eventcore.testing.infrastructure import as_api
from shared.eventcore.testing.toys import TOYS, Board, Pin, notices
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.migrate import migrate
from shared.service.roles import run_role
from shared.service.service import Service
from shared.service.settings import Databases, Settings
from shared.service.tests.provider import provider

router = APIRouter(dependencies=[requires("registration-officer")])


@router.post("/notices/{notice_id}")
async def pin(notice_id: uuid.UUID, words: str, execute: Execute, officer: Officer) -> Receipt:
    command = Pin(uuid.uuid5(notice_id, "author"), words, str(notice_id), date(2026, 5, 7))
    return await execute(notices, notice_id, command, by=officer)


@router.get("/notices/{notice_id}", dependencies=[caught_up("board")])
async def notice(notice_id: uuid.UUID, conn: Reading) -> str | None:
    words: str | None = await conn.fetchval("SELECT words FROM board.notice WHERE stream_id = $1", notice_id)
    return words


service = Service(
    context="toys",
    title="Toys",
    home=Path(__file__).parents[3] / "services" / "elections",  # its migrations are the event core's
    routers=[router],
    views=[Board.view],  # type: ignore[attr-defined]
    registry=TOYS,
)


@pytest.fixture
async def client(database, own_kafka, tmp_path):
    await migrate(service.migrations, database)
    await ensure_topics(own_kafka.bootstrap, ["toys"])
    Keyring.create(tmp_path / "keys")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with provider() as idp:
        values = {
            "context": "toys", "role": "all", "env": "test", "keys": tmp_path / "keys", "port": port,
            "databases": Databases(database_url=database, api_database_url=as_api(database)),
            "kafka": own_kafka.bootstrap, "oidc_issuer": idp.issuer,
        }  # fmt: skip
        stop = asyncio.Event()
        running = asyncio.create_task(run_role(service, Settings(**values), stop))
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, headers=idp.bearer(), timeout=10) as client:
            await until(lambda: up(client))
            yield client
            stop.set()
            await asyncio.wait_for(running, 20)


async def up(client: httpx.AsyncClient) -> bool:
    try:
        return bool((await client.get("/health/live")).json()["workers"]["views"])
    except httpx.ConnectError:
        return False


async def until(happens, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not await happens():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_an_officer_reads_what_they_have_just_written(client, own_kafka):
    async def write_and_read() -> tuple[httpx.Response, httpx.Response]:
        path = f"/notices/{uuid.uuid4()}"
        written = await client.post(f"{path}?words=cat", headers={"Idempotency-Key": str(uuid.uuid4())})
        return written, await client.get(path, headers={"X-Position": written.headers["x-position"]})

    async def warm() -> bool:
        return "x-stale" not in (await write_and_read())[1].headers

    await until(warm)
    for _ in range(10):
        written, read = await write_and_read()
        assert written.status_code == 200
        assert "x-stale" not in read.headers
        assert read.json() == "cat"

    async def sealed() -> bool:
        workers = (await client.get("/health/live")).json()["workers"]
        return bool(workers["sealer"]["sealed"] > 0 and workers["relay"]["sent"] > 10)

    await until(sealed)

    # A broker that goes away delays the view and says so; the command is kept and is seen when the broker is back.
    await asyncio.to_thread(own_kafka.kill)
    written, read = await write_and_read()
    assert written.status_code == 200
    assert read.headers["x-stale"] == "true"
    await asyncio.to_thread(own_kafka.start)

    async def seen() -> bool:
        answer = await client.get(read.url.path)
        return bool(answer.json() == "cat")

    await until(seen, 60)

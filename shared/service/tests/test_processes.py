"""The real processes, started and stopped as an orchestrator does it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import orjson

from shared.eventcore.kafka import ensure_topics
from shared.eventcore.keys import Keyring
from shared.eventcore.testing.infrastructure import as_api

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def process(module: str, *arguments: str, **environment: str):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOOT_")}
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT, env={**inherited, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def answers(url: str, started: asyncio.subprocess.Process) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        for _ in range(300):
            if started.returncode is not None:
                _, said = await started.communicate()
                raise AssertionError(said.decode())
            try:
                return await client.get(url)
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


async def end(started: asyncio.subprocess.Process, with_signal: int) -> tuple[int, list[dict[str, object]], str]:
    started.send_signal(with_signal)
    out, said = await asyncio.wait_for(started.communicate(), 20)
    return started.returncode or 0, [orjson.loads(line) for line in out.splitlines()], said.decode()


async def test_a_service_migrates_starts_and_leaves_on_sigterm(database, kafka_bootstrap, tmp_path):
    Keyring.create(tmp_path / "keys")
    await ensure_topics(kafka_bootstrap, ["elections", "registration"])
    port = free_port()
    environment = {
        "MOOT_ELECTIONS_DATABASE_URL": database, "MOOT_ELECTIONS_API_DATABASE_URL": as_api(database),
        "MOOT_KAFKA": kafka_bootstrap, "MOOT_KEYS": str(tmp_path / "keys"), "MOOT_PORT": str(port),
    }  # fmt: skip
    async with process("services.elections", "migrate", **environment) as migrating:
        assert await asyncio.wait_for(migrating.wait(), 60) == 0
    async with process("services.elections", "all", **environment) as started:
        assert (await answers(f"http://127.0.0.1:{port}/health/ready", started)).status_code == 200
        code, lines, said = await end(started, signal.SIGTERM)
    assert (code, said) == (0, "")
    assert {line["context"] for line in lines} == {"elections"}
    assert not [line for line in lines if line["level"] == "error"]


async def test_a_wrong_environment_is_one_sentence_on_the_screen():
    async with process("services.elections", "api", MOOT_PORT="eighty") as started:
        _, said = await started.communicate()
    assert started.returncode == 1
    assert said.decode().startswith("MOOT_PORT is wrong:")
    assert len(said.decode().splitlines()) == 1


async def test_the_development_issuer_starts_and_leaves_on_sigint(tmp_path):
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    environment = {"MOOT_OIDC_ISSUER": issuer, "MOOT_PORT": str(port), "MOOT_KEYS": str(tmp_path / "issuer")}
    async with process("shared.service.dev_issuer", **environment) as started:
        assert (await answers(f"{issuer}/.well-known/openid-configuration", started)).json()["issuer"] == issuer
        code, _, said = await end(started, signal.SIGINT)
    assert (code, said) == (0, "")


async def test_the_development_issuer_does_not_start_in_production():
    environment = {"MOOT_ENV": "production", "MOOT_OIDC_ISSUER": "https://login.example"}
    async with process("shared.service.dev_issuer", **environment) as started:
        _, said = await started.communicate()
    assert started.returncode == 1
    assert "production" in said.decode()

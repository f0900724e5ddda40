"""The reference libraries at work: each in processes of the environment that has `requirements.txt`."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import asyncpg
import orjson

from bench.casework import Details
from bench.ground import Ground, NotHere
from deploy.local.process import Process, free_port

SCRIPTS = Path(__file__).parent / "references"
DETAILS = orjson.dumps({"amount": 1, "details": asdict(Details())}).decode()


@dataclass(frozen=True)
class Peer:
    """A library with its streams of 20 events in place."""

    python: Path
    script: str
    ids: list[str]
    environment: dict[str, str]
    arguments: tuple[str, ...] = ()

    async def save(self, *shape: int) -> float:
        """Commands per second, each on a stream of its own, with so many (processes and) threads."""
        return float(
            await _run(
                self.python, self.script, ["save", *self.arguments, *map(str, shape)], self.environment, self.ids
            )
        )


def require(ground: Ground, library: str) -> None:
    """Raises `NotHere` when the environment of the references has no `library`."""
    found = ground.references.parent.parent.glob(f"lib/python*/site-packages/{library}")
    if not ground.references.exists() or not any(found):
        home = ground.references.parent.parent
        raise NotHere(
            f"{library} is not installed: python3 -m venv {home} && {home}/bin/pip install -r bench/requirements.txt"
        )


@asynccontextmanager
async def eventsourcing(ground: Ground, streams: int) -> AsyncIterator[Peer]:
    require(ground, "eventsourcing")
    async with ground.database(empty=True) as url:
        parts = urlsplit(url)
        environment = {
            "BENCH_DETAILS": DETAILS, "POSTGRES_DBNAME": parts.path[1:], "POSTGRES_HOST": str(parts.hostname),
            "POSTGRES_PORT": str(parts.port), "POSTGRES_USER": str(parts.username),
            "POSTGRES_PASSWORD": unquote(parts.password or ""),
        }  # fmt: skip
        script = "eventsourcing_library.py"
        ids = json.loads(await _run(ground.references, script, ["seed", str(streams)], environment))
        conn = await asyncpg.connect(url)
        await conn.execute("VACUUM (ANALYZE)")
        await conn.close()
        yield Peer(ground.references, script, ids, environment)


@asynccontextmanager
async def umadb(ground: Ground, streams: int) -> AsyncIterator[Peer]:
    require(ground, "umadb")
    port, file = free_port(), ground.directory / f"uma-{uuid4().hex}.db"
    command = [str(ground.references.parent / "umadb"), "--listen", f"127.0.0.1:{port}", "--db-path", str(file)]
    server = Process("UmaDB", command, ground.directory / "umadb.log")
    server.start()
    try:
        await asyncio.to_thread(server.await_ready, lambda: _listens(port), 20)
        address, environment = f"http://127.0.0.1:{port}", {"BENCH_DETAILS": DETAILS}
        seeded = await _run(ground.references, "umadb_store.py", ["seed", address, str(streams)], environment)
        yield Peer(ground.references, "umadb_store.py", json.loads(seeded), environment, (address,))
    finally:
        server.stop()
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()


async def _run(
    python: Path, script: str, arguments: list[str], environment: dict[str, str], given: Any = None
) -> bytes:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        python, SCRIPTS / script, *arguments, env=environment, stdin=pipe, stdout=pipe, stderr=pipe
    )
    said, problems = await process.communicate(json.dumps(given).encode())
    if process.returncode:
        raise NotHere(f"{script} failed: {problems.decode(errors='replace').strip()[-300:]}")
    return said


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0

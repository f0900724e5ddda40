"""A process at work: listening, answering, keeping workers running until it is told to stop.

What any process of ours needs, whether it has a store or not; `roles` says what one of a service consists of.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import structlog
import uvicorn
from fastapi import FastAPI
from prometheus_client import REGISTRY

from shared.service.health import Worker, WorkerMetrics
from shared.service.settings import Settings, WrongSetting

BACKOFF = (0.5, 30.0)
"""Shortest and longest pause in seconds before a failed worker starts again."""

_log = structlog.get_logger(__name__)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    return stop


@contextmanager
def measured(workers: Mapping[str, Worker]) -> Iterator[None]:
    """Show the workers' progress in `/metrics` for as long as this lasts."""
    collector = WorkerMetrics(workers)
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)


def listen(settings: Settings) -> socket.socket:
    """The listening socket, before anything else starts: a busy port is one sentence, not half a service."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as busy:
        raise WrongSetting(
            f"Cannot listen on {settings.host}:{settings.port} ({busy.strerror}): free it or set MOOT_PORT."
        ) from None


class _Server(uvicorn.Server):
    """Leaves signals to `stop_on_signals`, which stops every part of the process and not the HTTP side alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: FastAPI, listening: socket.socket, stop: asyncio.Event, grace: float) -> None:
    """Answer requests until `stop`; those under way may take `grace` seconds to finish."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=round(grace) or None,
        timeout_keep_alive=30, loop="none",
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    finally:
        stopping.cancel()
        stop.set()  # a process whose HTTP side has ended must not work on unseen


async def supervise(workers: Mapping[str, Worker], stop: asyncio.Event, grace: float) -> None:
    """Keep every worker running until `stop`: one that fails is logged and started again, later each time. After
    `stop` each has `grace` seconds to finish; then it is cut off, which loses nothing that was saved."""
    tasks = [asyncio.create_task(_keep_running(name, worker, stop)) for name, worker in workers.items()]
    await stop.wait()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=grace)
        for task in late:
            _log.warning("worker cut off")
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_running(name: str, worker: Worker, stop: asyncio.Event) -> None:
    pause = BACKOFF[0]
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        started = clock()
        try:
            await worker.run(stop)
        except Exception:
            _log.exception("worker failed", worker=name, seconds=pause)
        if clock() - started > BACKOFF[1]:
            pause = BACKOFF[0]
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        pause = min(pause * 2, BACKOFF[1])

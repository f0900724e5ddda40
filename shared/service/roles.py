"""Running a role of a service: `python -m services.<context> ROLE`, a role of `settings.Role`.

SIGTERM or SIGINT: take no more work, finish what is begun, save positions, leave within the grace period.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI
from prometheus_client import REGISTRY

from shared.eventcore.keys import KeyFault
from shared.service import logs, telemetry
from shared.service.app import create_app
from shared.service.health import Worker, WorkerMetrics
from shared.service.migrate import migrate
from shared.service.runtime import Core, open_core, workers_of
from shared.service.service import Service
from shared.service.settings import Role, Settings, WrongSetting

BACKOFF = (0.5, 30.0)
"""Shortest and longest pause in seconds before a failed worker starts again."""

_WORKING = (Role.RELAY, Role.VIEWS, Role.POLICIES, Role.DEADLINES, Role.SEALER, Role.SENDING)
_log = structlog.get_logger(__name__)


def main(service: Service) -> None:
    """The whole of a service's `__main__`: ends the process with 0, or with 1 and one sentence about what is wrong."""
    try:
        settings = Settings.load(service.context, _role(sys.argv[1:]))
        logs.configure(settings.log_level, context=service.context, role=settings.role)
        telemetry.configure(service.context, settings.role, settings.otlp_endpoint)
        uvloop.run(run_role(service, settings))
    except (WrongSetting, KeyFault) as wrong:
        sys.exit(f"{wrong}")


def _role(arguments: list[str]) -> Role:
    if len(arguments) == 1 and arguments[0] in set(Role):
        return Role(arguments[0])
    raise WrongSetting(f"Name one role: {', '.join(Role)}.")


async def run_role(service: Service, settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Do what `settings.role` says until `stop` is set (by default: by SIGTERM or SIGINT)."""
    if settings.role is Role.MIGRATE:
        revision = await migrate(service.migrations, settings.owner_url)
        _log.info("migrated", revision=revision)
        return
    stop = stop or stop_on_signals()
    async with AsyncExitStack() as stack:
        working = _WORKING if settings.role is Role.ALL else (settings.role,)
        serves_api = settings.role in {Role.API, Role.ALL}
        owner: Core | None = None
        workers: dict[str, Worker] = {}
        if settings.role not in {Role.API, Role.LIVE}:
            owner = await stack.enter_async_context(open_core(service, settings, settings.owner_url))
            workers = workers_of(owner, working)
        core = owner
        if serves_api:
            core = await stack.enter_async_context(open_core(service, settings, settings.api_url))
            if owner is not None:
                core.store.appended.extend(owner.store.appended)
        live = service.live(settings) if service.live and settings.role in {Role.LIVE, Role.ALL} else None
        if live is not None:
            workers["live"] = live
        app = create_app(
            service.title,
            (*(service.routers if serves_api else ()), *((live.router,) if live else ())),
            settings,
            parts=[*((core.attach,) if core else ()), *(service.parts if serves_api else ())],
            checks={**(core.checks() if core else {}), **(live.checks() if live else {})},
            workers=workers,
            description=service.description,
        )
        stack.enter_context(_measured(workers))
        stack.enter_context(listening := listen(settings))
        await asyncio.gather(
            serve(app, listening, stop, settings.grace_seconds), supervise(workers, stop, settings.grace_seconds)
        )


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    return stop


@contextmanager
def _measured(workers: Mapping[str, Worker]) -> Iterator[None]:
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
    """Leaves signals to `run_role`, which stops every part of the process and not the HTTP side alone."""

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

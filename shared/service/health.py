"""Is this process alive, may it take work, and what has it done: `/health/live`, `/health/ready`, `/metrics`.

Alive means progress, not existence: a worker that has stopped looking at its source is dead even if its task runs.
Lag alone never makes a process unready, since taking it out of service would only make the lag worse.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Protocol

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.eventcore.clock import Clock, system_clock
from shared.service import telemetry
from shared.service.auth import public

Check = Callable[[], Awaitable[None]]
"""Returns when what it checks is well, raises when not."""

Measure = Callable[[], Awaitable[Iterable[Metric]]]
"""Finds out what only a query can tell."""

CHECK_SECONDS = 2.0
KEPT_SECONDS = 5.0
"""For how long what a query told is told again, to whoever asks."""
STALLED_AFTER = timedelta(seconds=60)
_log = structlog.get_logger(__name__)


class Worker(Protocol):
    """One role at work, such as a relay or a runner of views."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is begun, save the position and return."""

    def progress(self) -> Mapping[str, Any]:
        """What it has done, as numbers and ISO times; `looked_at` is when it last looked for work."""


def is_stalled(progress: Mapping[str, Any], now: datetime) -> bool:
    """Whether a worker that reports `looked_at` has not looked for work for `STALLED_AFTER`."""
    looked_at = progress.get("looked_at")
    return looked_at is not None and now - datetime.fromisoformat(looked_at) > STALLED_AFTER


class WorkerMetrics(Collector):
    """Every number in every worker's progress as `moot_worker_<name>{worker=…}`, and how long ago it looked for work."""

    def __init__(self, workers: Mapping[str, Worker], now: Clock = system_clock) -> None:
        self._workers, self._now = workers, now

    def collect(self) -> Iterable[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for worker, at_work in self._workers.items():
            for name, value in self._numbers(at_work.progress()):
                family = families.setdefault(
                    name, GaugeMetricFamily(f"moot_worker_{name}", f"{name} of a worker", labels=["worker"])
                )
                family.add_metric([worker], value)
        return families.values()

    def _numbers(self, progress: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
        yield from ((name, value) for name, value in progress.items() if isinstance(value, int | float))
        if looked_at := progress.get("looked_at"):
            yield "looked_seconds", (self._now() - datetime.fromisoformat(looked_at)).total_seconds()


def health_router(
    workers: Mapping[str, Worker],
    checks: Mapping[str, Check],
    now: Clock = system_clock,
    measures: Sequence[Measure] = (),
) -> APIRouter:
    """The three routes that orchestrators and Prometheus ask, without signing in. They tell nothing about anybody."""
    router = APIRouter(tags=["health"])

    known = [_Kept(measure) for measure in measures]

    @router.get("/health/live", summary="Is the process alive and making progress?")
    @public
    async def live() -> JSONResponse:
        progress = {name: dict(worker.progress()) for name, worker in workers.items()}
        stalled = [name for name, done in progress.items() if is_stalled(done, now())]
        body = {"status": "stalled" if stalled else "ok", "workers": progress, "stalled": stalled}
        return JSONResponse(body, 503 if stalled else 200)

    @router.get("/health/ready", summary="May the process take work?")
    @public
    async def ready() -> JSONResponse:
        outcomes = await asyncio.gather(*(_outcome(name, check) for name, check in checks.items()))
        well = all(outcome == "ok" for outcome in outcomes)
        body = {"status": "ok" if well else "not ready", "checks": dict(zip(checks, outcomes, strict=True))}
        return JSONResponse(body, 200 if well else 503, None if well else {"Retry-After": "2"})

    @router.get("/metrics", summary="Metrics in Prometheus' text format", response_class=Response)
    @public
    async def metrics() -> Response:
        found = await asyncio.gather(*(measure() for measure in known))
        return Response(telemetry.metrics(chain(*found)), media_type=telemetry.METRICS_MEDIA_TYPE)

    return router


class _Kept:
    """A measure that is taken at most once in `KEPT_SECONDS`, however many ask: whoever scrapes often, or anybody who may
    reach the port, gives the store no work. Nothing, when it cannot be found out now: the other metrics are worth having all the more."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._found: Iterable[Metric] = ()
        self._until = float("-inf")
        self._turn = asyncio.Lock()

    async def __call__(self) -> Iterable[Metric]:
        async with self._turn:
            if time.monotonic() >= self._until:
                try:
                    self._found = tuple(await asyncio.wait_for(self._measure(), CHECK_SECONDS))
                except Exception as error:
                    _log.warning("not measured", error=type(error).__name__)
                    self._found = ()
                self._until = time.monotonic() + KEPT_SECONDS
            return self._found


async def _outcome(name: str, check: Check) -> str:
    try:
        await asyncio.wait_for(check(), CHECK_SECONDS)
    except Exception as error:
        _log.warning("not ready", setting=name, error=type(error).__name__)
        return "failed"
    return "ok"

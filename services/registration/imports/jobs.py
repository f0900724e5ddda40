"""Imports in the background of an API process: each runs to its end, and its report says how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI

from services.registration.exchange.gazetteer.refusals import FileRefused
from services.registration.imports import boundaries, working_copy
from services.registration.imports.boundaries import BoundarySet
from services.registration.imports.gazetteer import BATCH, metadata
from services.registration.imports.placing import allocate, placing
from services.registration.imports.reading import Interrupted
from services.registration.imports.runs import Run, Runs, alone
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import london_date
from shared.eventcore.errors import StoreUnavailable
from shared.eventcore.execute import Executor
from shared.law.rules import Refused
from shared.service.problems import NAMESPACE, OUTAGES

Work = Callable[[Conn], Awaitable[None]]
"""Carries a run out on the connection that holds the council's lock, and leaves its outcome in the run."""

REPORT_SECONDS = 0.5
_OUTAGES: tuple[type[Exception], ...] = (StoreUnavailable, *OUTAGES)
_log = structlog.get_logger(__name__)


class ImportJobs:
    """The runs of this process. One at a time for each council, in all processes together."""

    def __init__(self, execute: Executor) -> None:
        self.execute = execute
        self.runs = Runs(execute.store.pool)
        self._pool: asyncpg.Pool[Any] = execute.store.pool
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, run: Run, work: Work) -> None:
        """Begin a run and return. Raises `Refused` (`import-under-way`), and whatever keeps it from beginning."""
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._alone(run, work, begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await begun

    async def idle(self) -> None:
        """Wait until every run of this process has ended."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Interrupt what runs: sending the file again goes on from there."""
        for task in self._tasks:
            task.cancel()
        await self.idle()

    async def _alone(self, run: Run, work: Work, begun: asyncio.Future[None]) -> None:
        try:
            async with alone(self._pool, run.authority) as conn:
                await self.runs.begin(run, self.execute.store.clock())
                begun.set_result(None)
                await self._to_its_end(run, work, conn)
        except Exception as problem:
            if begun.done():  # its end could not be written; without the lock it shows as interrupted
                _log.exception("import lost", run=str(run.id))
            else:
                begun.set_exception(problem)

    async def _to_its_end(self, run: Run, work: Work, conn: Conn) -> None:
        reporter = asyncio.create_task(self._report(run))
        try:
            await work(conn)
        except (asyncio.CancelledError, Interrupted):
            run.state = "interrupted"
        except FileRefused as refusal:
            run.state, run.problem = "refused", _problem(refusal) | {"line": refusal.line, "byte": refusal.byte}
        except Refused as refusal:
            run.state, run.problem = "failed", _problem(refusal)
        except _OUTAGES:
            run.state, run.problem = "failed", _told("unavailable", "The database could not be reached.")
        except Exception:
            _log.exception("import failed", run=str(run.id))
            run.state, run.problem = "failed", _told("unexpected", "Something went wrong on our side.")
        finally:
            reporter.cancel()
            await asyncio.wait({reporter})
        await self.runs.end(run, self.execute.store.clock())

    async def _report(self, run: Run) -> None:
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            with suppress(*_OUTAGES):
                await self.runs.progress(run)

    async def allocate_all(self, run: Run, conn: Conn, instead: BoundarySet | None = None) -> None:
        """Allocate every property of the gazetteer by the boundaries in use; of one kind, by these from now on."""
        if instead is not None:
            await boundaries.use(self.execute, conn, instead, metadata(run))
        where = await placing(self.execute, conn, run.authority)
        today = london_date(self.execute.store.clock())
        run.phase, run.total = "recording", await working_copy.size(conn, run.authority)
        async for homes in working_copy.homes(conn, run.authority, BATCH):
            run.counts += await allocate(self.execute, where, homes, metadata(run), today)
            run.done += len(homes)
        run.state = "done"


def _problem(refusal: Refused) -> dict[str, Any]:
    rule = refusal.rule
    return {
        "type": NAMESPACE + rule.name, "title": rule.because, "detail": refusal.detail, "source": rule.source,
        "next": rule.then,
    }  # fmt: skip


def _told(name: str, title: str) -> dict[str, Any]:
    return {"type": NAMESPACE + name, "title": title, "next": "Send the file again: what has been done stays done."}


@asynccontextmanager
async def import_jobs(app: FastAPI) -> AsyncIterator[None]:
    """Part of the service's HTTP side: leaves `app.state.imports`, and interrupts what runs when the process stops."""
    jobs = ImportJobs(app.state.execute)
    app.state.imports = jobs
    try:
        yield
    finally:
        await jobs.stop()

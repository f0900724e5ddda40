"""A supply read in a thread and handed over batch by batch: the next is prepared while the last is worked on in the loop.

For an import, which records what it reads, and for a preview, which only looks. Memory holds two batches, however many
properties there are.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from itertools import islice
from typing import IO, Any, TypeVar

import asyncpg

from services.registration.exchange.gazetteer.assembly import (
    PropertySupplied,
    PropertyWithdrawn,
    StreetSupplied,
    StreetWithdrawn,
)
from services.registration.exchange.gazetteer.refusals import RowRefused
from services.registration.exchange.gazetteer.supply import Supply, read_supply
from services.registration.imports.runs import KEPT_REFUSALS, Run, Runs
from services.registration.imports.working_copy import KnownCopy
from shared.events.registration import Gazetteer

Work = Callable[[], Coroutine[Any, Any, None]]
"""What is done with a batch, in the loop."""
Streets = Callable[[Sequence[StreetSupplied | StreetWithdrawn]], Work]
Properties = Callable[[KnownCopy, Gazetteer, Sequence[PropertySupplied | PropertyWithdrawn]], Work]
"""Called in the thread: what of a batch can be prepared there, and what is left to do."""
T = TypeVar("T")


class Interrupted(Exception):
    """The process is stopping; the run is to be repeated."""


class SupplyReading:
    """One supply on its way into a run. Raises `FileRefused` before anything is handed over, and `Interrupted`."""

    def __init__(
        self,
        runs: Runs,
        run: Run,
        pool: asyncpg.Pool[Any],
        files: Sequence[IO[bytes]],
        *,
        encoding: str,
        extract: bool,
        batch: int,
    ) -> None:
        self._runs, self._run, self._pool = runs, run, pool
        self._files, self._encoding, self._extract, self._batch = files, encoding, extract, batch
        self._refused: list[RowRefused] = []
        self._stopping = threading.Event()

    async def __call__(self, streets: Streets, properties: Properties) -> None:
        loop = asyncio.get_running_loop()
        reading = asyncio.create_task(asyncio.to_thread(self._read, loop, streets, properties))
        try:
            await asyncio.shield(reading)
        except asyncio.CancelledError:
            # A thread cannot be cancelled: it looks at `_stopping` between batches and as it reads.
            self._stopping.set()
            await asyncio.wait({reading})
            raise

    def refuse(self, row: RowRefused) -> None:
        """Count a row as refused, and keep it with its reason if there is room."""
        refused = self._run.refused
        refused[row.rule.name] += 1
        if refused.total() <= KEPT_REFUSALS:
            self._refused.append(row)

    async def keep_refusals(self) -> None:
        """Keep those that no batch took along any more."""
        refused, self._refused = self._refused, []
        await self._runs.refuse(self._run, refused)

    # --- in the thread ----------------------------------------------------------------------------------------------

    def _read(self, loop: asyncio.AbstractEventLoop, streets: Streets, properties: Properties) -> None:
        run = self._run
        known = KnownCopy(self._pool, run.authority, loop)
        under_way: Future[None] = Future()
        under_way.set_result(None)

        def hand_over(work: Work) -> None:
            nonlocal under_way
            under_way.result()
            if self._stopping.is_set():
                raise Interrupted
            refused, self._refused = self._refused, []
            under_way = asyncio.run_coroutine_threadsafe(self._worked_on(refused, work), loop)

        try:
            with read_supply(
                self._files,
                known,
                self.refuse,
                encoding=self._encoding,
                extract=self._extract,
                progress=self._progress,
            ) as supply:
                run.supply = _told(supply)
                run.phase, run.done, run.total = "recording", 0, supply.mentioned
                for of_streets in _batches(supply.streets(), self._batch):
                    hand_over(streets(of_streets))
                for outcomes in _batches(supply.properties(), self._batch):
                    hand_over(properties(known, supply.source, outcomes))
            under_way.result()
        finally:
            wait([under_way])  # nobody may use the connection while a batch is under way on it

    def _progress(self, done: int, total: int) -> None:
        if self._stopping.is_set():
            raise Interrupted
        self._run.done, self._run.total = done, total

    # --- in the loop ------------------------------------------------------------------------------------------------

    async def _worked_on(self, refused: Sequence[RowRefused], work: Work) -> None:
        await self._runs.refuse(self._run, refused)
        await work()


def _told(supply: Supply) -> dict[str, Any]:
    """What the run report and `GazetteerLoaded` say of the file itself."""
    first = min(supply.headers, key=lambda header: header.volume, default=None)
    return {
        "source": supply.source,
        "version": supply.format,
        "volume": first.volume if first else 0,
        "process_date": first.process_date.isoformat() if first and first.process_date else None,
        "rows": supply.rows,
    }


def _batches(outcomes: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(outcomes)
    while batch := list(islice(waiting, size)):
        yield batch

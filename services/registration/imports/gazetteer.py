"""A gazetteer supply becomes properties: read in a thread, recorded through the event core in batches.

Commands of a batch run at the same time; the store joins them into shared loads and commits. Each has an id made from the
file, the UPRN and what is said, so that repeating a run that was killed repeats no event. Memory holds two batches, however
many properties there are. Order of effects: events first, then the working copy in one transaction with the run's result,
then `GazetteerLoaded`. A run that dies in between is finished by sending the file again.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from datetime import date
from functools import partial
from itertools import islice
from typing import IO, Any, TypeVar
from uuid import UUID

import asyncpg

from services.registration.exchange.gazetteer.assembly import PropertySupplied, PropertyWithdrawn
from services.registration.exchange.gazetteer.refusals import RowRefused
from services.registration.exchange.gazetteer.supply import Supply, read_supply
from services.registration.imports import working_copy
from services.registration.imports.decider import RecordSupply, supplies, supply_id
from services.registration.imports.placing import Home, Place, Placing, clear, counted, placing
from services.registration.imports.runs import KEPT_REFUSALS, Run, Runs, write
from services.registration.imports.working_copy import Entry, KnownCopy
from services.registration.properties.decider import (
    Command,
    Event,
    Property,
    RecordFacts,
    RetireProperty,
    properties,
)
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import london_date
from shared.eventcore.deciding import Decider
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata, Receipt
from shared.eventcore.store import act_for
from shared.events.registration import Gazetteer
from shared.events.values import Authority, Uprn, property_id

BATCH = 512
"""Properties recorded at the same time: enough to fill the store's shared commits (128)."""
WITHDRAWN = "deleted from the gazetteer"
ORIGIN = "import"
_OUTCOMES = {"PropertyAdded": "added", "PropertyChanged": "changed", "PropertyReinstated": "reinstated"}
T = TypeVar("T")


class Interrupted(Exception):
    """The process is stopping; the run is to be repeated."""


def metadata(run: Run, command: str = "") -> Metadata:
    """In whose name a run acts. `command` says what of the file is carried out: the same words, the same command."""
    named = hashlib.sha256(f"{run.file_sha256}|{command}".encode()).hexdigest()[:40] if command else ""
    return Metadata(
        actor=run.asked_by,
        authority=run.authority,
        correlation_id=str(run.id),
        command_id=named and f"{ORIGIN}:{named}",
        reason=f"gazetteer file {run.file_sha256[:12]}" if run.file_sha256 else "",
        origin=ORIGIN,
    )


class GazetteerImport:
    """One run: `await GazetteerImport(...)(conn)` on a connection that holds the council's lock.

    Raises `FileRefused` before anything has changed; `Interrupted` and `StoreUnavailable` when it has to be repeated.
    """

    def __init__(
        self, execute: Executor, runs: Runs, run: Run, files: Sequence[IO[bytes]], *, encoding: str, extract: bool
    ) -> None:
        self._execute, self._runs, self._run = execute, runs, run
        self._files, self._encoding, self._extract = files, encoding, extract
        self._pool: asyncpg.Pool[Any] = execute.store.pool
        self._today: date = london_date(execute.store.clock())
        self._refused: list[RowRefused] = []
        self._stopping = threading.Event()

    async def __call__(self, conn: Conn) -> None:
        run = self._run
        if run.state != "applied":
            self._placing: Placing = await placing(self._execute, conn, run.authority)
            try:
                async with conn.transaction():
                    await act_for(conn, run.authority)
                    await self._in_thread(conn)
                    run.state = "applied"
                    await write(conn, run)
            finally:
                await self._runs.refuse(run, self._refused)
        await self._finish()

    async def _finish(self) -> None:
        """Record that the file was loaded; all else has been done."""
        run, told = self._run, self._run.supply or {}
        on = date.fromisoformat(told["process_date"]) if told.get("process_date") else None
        counts = dict(run.counts) | {"refused": run.refused.total()}
        command = RecordSupply(told["source"], told["version"], run.file_sha256, counts, told["volume"], on)
        stream = supply_id(run.authority, run.file_sha256)
        await self._execute(supplies, stream, command, by=metadata(run))
        run.state = "done"

    async def _in_thread(self, conn: Conn) -> None:
        loop = asyncio.get_running_loop()
        reading = asyncio.create_task(asyncio.to_thread(self._read, conn, loop))
        try:
            await asyncio.shield(reading)
        except asyncio.CancelledError:
            # A thread cannot be cancelled: it looks at `_stopping` between batches and as it reads.
            self._stopping.set()
            await asyncio.wait({reading})
            raise

    # --- in the thread ----------------------------------------------------------------------------------------------

    def _read(self, conn: Conn, loop: asyncio.AbstractEventLoop) -> None:
        """Read the supply and hand it over, batch by batch: the next is prepared while the last is recorded."""
        run = self._run
        known = KnownCopy(self._pool, run.authority, loop)
        under_way: Future[None] = Future()
        under_way.set_result(None)

        def hand_over(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
            nonlocal under_way
            under_way.result()
            if self._stopping.is_set():
                raise Interrupted
            refused, self._refused = self._refused, []
            under_way = asyncio.run_coroutine_threadsafe(self._recorded(refused, work), loop)

        try:
            with read_supply(
                self._files,
                known,
                self._refuse,
                encoding=self._encoding,
                extract=self._extract,
                progress=self._progress,
            ) as supply:
                run.supply = _told(supply)
                run.phase, run.done, run.total = "recording", 0, supply.mentioned
                for streets in _batches(supply.streets()):
                    hand_over(partial(working_copy.keep_streets, conn, run.authority, streets))
                for outcomes in _batches(supply.properties()):
                    entries = [working_copy.entry_of(o) for o in outcomes if isinstance(o, PropertySupplied)]
                    gone = [o.uprn for o in outcomes if isinstance(o, PropertyWithdrawn)]
                    hand_over(partial(self._record, conn, supply.source, entries, gone))
            under_way.result()
        finally:
            wait([under_way])  # nobody may use the connection while a batch is under way on it

    def _refuse(self, row: RowRefused) -> None:
        refused = self._run.refused
        refused[row.rule.name] += 1
        if refused.total() <= KEPT_REFUSALS:
            self._refused.append(row)

    def _progress(self, done: int, total: int) -> None:
        if self._stopping.is_set():
            raise Interrupted
        self._run.done, self._run.total = done, total

    # --- in the loop ------------------------------------------------------------------------------------------------

    async def _recorded(self, refused: Sequence[RowRefused], work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await self._runs.refuse(self._run, refused)
        await work()

    async def _record(self, conn: Conn, source: Gazetteer, entries: Sequence[Entry], gone: Sequence[int]) -> None:
        run = self._run
        before = await working_copy.digests(conn, run.authority, [e.uprn for e in entries])
        fresh = [e for e in entries if before.get(e.uprn) != e.digest]
        homes = [Home(e.uprn, e.facts.x, e.facts.y, e.ward, e.parish) for e in fresh]
        places = await asyncio.to_thread(self._placing.places, homes)
        outcomes = await asyncio.gather(
            *(
                self._supplied(source, entry, place, "U" if entry.uprn in before else "I")
                for entry, place in zip(fresh, places, strict=True)
            ),
            *(self._withdrawn(source, uprn) for uprn in gone),
        )
        await working_copy.keep(conn, run.authority, fresh)
        await working_copy.forget(conn, run.authority, gone)
        run.counts += Counter(outcomes) + sum(map(counted, places), Counter[str]())
        run.counts["unchanged"] += len(entries) - len(fresh)
        run.done += len(entries) + len(gone)

    async def _supplied(self, source: Gazetteer, entry: Entry, place: Place, change_type: str) -> str:
        identity = property_id(Authority(self._run.authority), Uprn(entry.uprn))
        commands: list[Command] = [RecordFacts(identity, entry.facts, source, change_type)]
        if place.known:
            commands.append(self._placing.command(place, identity, self._today))
        # Other boundaries make another command: a run repeated after they came places its properties anew.
        receipt = await self._carry_out(identity, commands, f"{entry.uprn}|supplied|{self._placing.version}")
        if not place.known and self._placing.decides and change_type == "U":
            await clear(self._execute, identity, metadata(self._run))
        if receipt.repeated:  # the first attempt at this run recorded it; its receipt does not say what
            return "added" if change_type == "I" else "changed"
        return next((_OUTCOMES[name] for name in receipt.events if name in _OUTCOMES), "unchanged")

    async def _withdrawn(self, source: Gazetteer, uprn: int) -> str:
        identity = property_id(Authority(self._run.authority), Uprn(uprn))
        await self._carry_out(identity, [RetireProperty(identity, WITHDRAWN, source)], f"{uprn}|withdrawn")
        return "retired"

    async def _carry_out(self, identity: UUID, commands: Sequence[Command], what: str) -> Receipt:
        by = metadata(self._run, what)
        return await self._execute(at_once, identity, commands, by=by, asked=by.command_id)


def _one_after_another(commands: Sequence[Command], property: Property) -> list[Event]:
    events: list[Event] = []
    for command in commands:
        decided = properties.decide(command, property)
        property = properties.fold(decided, property)
        events += decided
    return events


at_once: Decider[Sequence[Command], Property, Event] = Decider(
    properties.kind, properties.initial, _one_after_another, properties.evolve
)
"""Several commands to one property with one load and one commit: half the cost of a whole council's import."""


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


def _batches(outcomes: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(outcomes)
    while batch := list(islice(waiting, BATCH)):
        yield batch

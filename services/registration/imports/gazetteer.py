"""A gazetteer supply becomes properties: read in a thread, recorded through the event core in batches.

Properties that the working copy does not know are begun in bulk, a batch in one statement (ADR 0010); the commands of others
run at the same time, in shared loads and commits. Each has an id made from the file, the UPRN and what is said, so that
repeating a run that was killed repeats no event. A batch is read, allocated, decided and encoded in the thread while the last
one is recorded. Memory holds two batches, however many properties there are. Order of effects: events first, then the working
copy in one transaction with the run's result, then `GazetteerLoaded`. A run that dies in between is finished by sending the
file again.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import IO, Any, NamedTuple, TypeVar
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
from shared.eventcore.bulk import Beginning, Beginnings, begin
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import london_date
from shared.eventcore.deciding import Decider
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata, Receipt
from shared.eventcore.store import act_for
from shared.events.registration import Gazetteer
from shared.events.values import Authority, PropertyId, Uprn, property_id

BATCH = 512
"""Properties recorded at the same time: some thousand events in one commit."""
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


class _Told(NamedTuple):
    """What a supply says of one property, and where that lies. `change_type` I: not in the working copy yet, else U."""

    identity: PropertyId
    entry: Entry
    place: Place
    change_type: str


@dataclass(frozen=True)
class _Batch:
    """What is to be recorded of the next `size` properties of a supply; `counts` of where they lie."""

    source: Gazetteer
    new: list[_Told]
    changed: list[_Told]
    gone: list[int]
    unchanged: int
    size: int
    counts: Counter[str]
    beginnings: Beginnings


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
                    hand_over(partial(self._record, conn, self._prepared(known, supply.source, outcomes)))
            under_way.result()
        finally:
            wait([under_way])  # nobody may use the connection while a batch is under way on it

    def _prepared(
        self, known: KnownCopy, source: Gazetteer, outcomes: Sequence[PropertySupplied | PropertyWithdrawn]
    ) -> _Batch:
        """What a batch says that is new: allocated, and of properties not known yet, decided and encoded."""
        authority = Authority(self._run.authority)
        entries = [working_copy.entry_of(o) for o in outcomes if isinstance(o, PropertySupplied)]
        before = known.digests([e.uprn for e in entries])
        fresh = [e for e in entries if before.get(e.uprn) != e.digest]
        places = self._placing.places([Home(e.uprn, e.facts.x, e.facts.y, e.ward, e.parish) for e in fresh])
        told = [
            _Told(property_id(authority, Uprn(e.uprn)), e, place, "U" if e.uprn in before else "I")
            for e, place in zip(fresh, places, strict=True)
        ]
        new = [t for t in told if t.change_type == "I"]
        return _Batch(
            source=source,
            new=new,
            changed=[t for t in told if t.change_type == "U"],
            gone=[o.uprn for o in outcomes if isinstance(o, PropertyWithdrawn)],
            unchanged=len(entries) - len(fresh),
            size=len(outcomes),
            counts=sum(map(counted, places), Counter[str]()),
            beginnings=Beginnings.of(self._execute, at_once, authority, (self._beginning(source, t) for t in new)),
        )

    def _beginning(self, source: Gazetteer, told: _Told) -> Beginning:
        by = metadata(self._run, self._said(told))
        return Beginning(told.identity, self._commands(source, told), by, by.command_id)

    def _commands(self, source: Gazetteer, told: _Told) -> list[Command]:
        commands: list[Command] = [RecordFacts(told.identity, told.entry.facts, source, told.change_type)]
        if told.place.known:
            commands.append(self._placing.command(told.place, told.identity, self._today))
        return commands

    def _said(self, told: _Told) -> str:
        # Other boundaries make another command: a run repeated after they came places its properties anew.
        return f"{told.entry.uprn}|supplied|{self._placing.version}"

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

    async def _record(self, conn: Conn, batch: _Batch) -> None:
        run = self._run
        begun = await begin(self._execute.store, batch.beginnings)
        outcomes = await asyncio.gather(
            *(self._supplied(batch.source, told) for told in batch.changed),
            # A property that somebody has added by hand since, or before the gazetteer held it.
            *(self._supplied(batch.source, told) for told in batch.new if begun[told.identity] == "conflict"),
            *(self._withdrawn(batch.source, uprn) for uprn in batch.gone),
        )
        await working_copy.keep(conn, run.authority, [told.entry for told in (*batch.new, *batch.changed)])
        await working_copy.forget(conn, run.authority, batch.gone)
        added = Counter(added=sum(outcome != "conflict" for outcome in begun.values()))
        run.counts += Counter(outcomes) + added + batch.counts
        run.counts["unchanged"] += batch.unchanged
        run.done += batch.size

    async def _supplied(self, source: Gazetteer, told: _Told) -> str:
        receipt = await self._carry_out(told.identity, self._commands(source, told), self._said(told))
        if not told.place.known and self._placing.decides and told.change_type == "U":
            await clear(self._execute, told.identity, metadata(self._run))
        if receipt.repeated:  # the first attempt at this run recorded it; its receipt does not say what
            return "added" if told.change_type == "I" else "changed"
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

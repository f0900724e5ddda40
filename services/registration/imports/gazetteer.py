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
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import IO, NamedTuple
from uuid import UUID

from services.registration.exchange.gazetteer.assembly import (
    PropertySupplied,
    PropertyWithdrawn,
    StreetSupplied,
    StreetWithdrawn,
)
from services.registration.exchange.gazetteer.refusals import RowRefused, shown
from services.registration.imports import before, working_copy
from services.registration.imports.decider import RecordSupply, supplies
from services.registration.imports.placing import Home, Place, Placing, clear, counted, placing
from services.registration.imports.reading import SupplyReading, Work
from services.registration.imports.runs import Run, Runs, write
from services.registration.imports.successions import SUCCESSOR_RECORD, Closed, Succession, successions
from services.registration.imports.working_copy import Entry, KnownCopy, street_number
from services.registration.properties.decider import (
    Command,
    Event,
    Property,
    RecordFacts,
    RetireProperty,
    properties,
)
from services.registration.properties.succession import SucceedProperty, Successor, successor
from shared.eventcore.bulk import Beginning, Beginnings, begin
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import london_date
from shared.eventcore.deciding import Decider, Refused
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


def metadata(run: Run, command: str = "") -> Metadata:
    """In whose name a run acts. `command` says what of the file is carried out: the same words, the same command."""
    # By the run, whose id is made from the file: loaded again after it was taken back, it is another.
    named = hashlib.sha256(f"{run.id}|{command}".encode()).hexdigest()[:40] if command else ""
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
    gone: list[PropertyWithdrawn]
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
        self._execute, self._run = execute, run
        self._reading = SupplyReading(
            runs, run, execute.store.pool, files, encoding=encoding, extract=extract, batch=BATCH
        )
        self._today: date = london_date(execute.store.clock())
        self._closed: list[Closed] = []

    async def __call__(self, conn: Conn) -> None:
        run = self._run
        if run.state != "applied":
            self._placing: Placing = await placing(self._execute, conn, run.authority)
            try:
                async with conn.transaction():
                    await act_for(conn, run.authority)
                    await self._reading(partial(self._streets, conn), partial(self._properties, conn))
                    await self._succeed()
                    run.state = "applied"
                    await write(conn, run)
            finally:
                await self._reading.keep_refusals()
        await self._finish()

    async def _finish(self) -> None:
        """Record that the file was loaded; all else has been done."""
        run, told = self._run, self._run.supply or {}
        on = date.fromisoformat(told["process_date"]) if told.get("process_date") else None
        counts = dict(run.counts) | {"refused": run.refused.total()}
        command = RecordSupply(told["source"], told["version"], run.file_sha256, counts, told["volume"], on)
        await self._execute(supplies, run.id, command, by=metadata(run))
        run.state = "done"

    # --- in the thread ----------------------------------------------------------------------------------------------

    def _streets(self, conn: Conn, streets: Sequence[StreetSupplied | StreetWithdrawn]) -> Work:
        return partial(self._keep_streets, conn, streets)

    def _properties(
        self, conn: Conn, known: KnownCopy, source: Gazetteer, outcomes: Sequence[PropertySupplied | PropertyWithdrawn]
    ) -> Work:
        return partial(self._record, conn, self._prepared(known, source, outcomes))

    def _prepared(
        self, known: KnownCopy, source: Gazetteer, outcomes: Sequence[PropertySupplied | PropertyWithdrawn]
    ) -> _Batch:
        """What a batch says that is new: allocated, and of properties not known yet, decided and encoded."""
        authority = Authority(self._run.authority)
        fresh, held, unchanged = working_copy.news(known, outcomes)
        places = self._placing.places([Home(e.uprn, e.facts.x, e.facts.y, e.ward, e.parish) for e in fresh])
        told = [
            _Told(property_id(authority, Uprn(e.uprn)), e, place, "U" if e.uprn in held else "I")
            for e, place in zip(fresh, places, strict=True)
        ]
        new = [t for t in told if t.change_type == "I"]
        return _Batch(
            source=source,
            new=new,
            changed=[t for t in told if t.change_type == "U"],
            gone=[o for o in outcomes if isinstance(o, PropertyWithdrawn)],
            unchanged=unchanged,
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

    # --- in the loop ------------------------------------------------------------------------------------------------

    async def _keep_streets(self, conn: Conn, streets: Sequence[StreetSupplied | StreetWithdrawn]) -> None:
        await before.remember(conn, self._run, "street", [street_number(one) for one in streets])
        await working_copy.keep_streets(conn, self._run.authority, streets)

    async def _record(self, conn: Conn, batch: _Batch) -> None:
        run = self._run
        begun = await begin(self._execute.store, batch.beginnings)
        outcomes = await asyncio.gather(
            *(self._supplied(batch.source, told) for told in batch.changed),
            # A property that somebody has added by hand since, or before the gazetteer held it.
            *(self._supplied(batch.source, told) for told in batch.new if begun[told.identity] == "conflict"),
            # One that others took the place of is carried out at the end, when those stand.
            *(self._withdrawn(batch.source, one.uprn) for one in batch.gone if not one.successors),
        )
        said, gone = [told.entry for told in (*batch.new, *batch.changed)], [one.uprn for one in batch.gone]
        self._closed += [Closed(e.uprn, e.successors, e.line, withdrawn=False) for e in said if e.successors]
        self._closed += [Closed(o.uprn, o.successors, o.line, withdrawn=True) for o in batch.gone if o.successors]
        await before.remember(conn, run, "property", [*(told.entry.uprn for told in batch.changed), *gone])
        await working_copy.keep(conn, run.authority, said, run.id)
        await working_copy.forget(conn, run.authority, gone)
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

    async def _succeed(self) -> None:
        """Say of properties that are closed which others took their place; those stand by now, if ever."""
        source: Gazetteer = (self._run.supply or {})["source"]
        found = successions(self._closed)
        for at in range(0, len(found), BATCH):
            together = found[at : at + BATCH]
            self._run.counts += Counter(await asyncio.gather(*(self._succeeded(source, one) for one in together)))

    async def _succeeded(self, source: Gazetteer, one: Succession) -> str:
        closed, authority = one.closed, Authority(self._run.authority)
        identity, *others = (property_id(authority, Uprn(uprn)) for uprn in (closed.uprn, *one.along_with))
        try:
            ends = tuple([await self._end(property_id(authority, Uprn(uprn))) for uprn in closed.successors])
            command = SucceedProperty(identity, one.how, ends, one.because, tuple(others), source)
            await self._carry_out(identity, [command], f"{closed.uprn}|succeeded")
        except Refused as refused:
            named = ", ".join(map(str, closed.successors))
            self._reading.refuse(RowRefused(closed.line, SUCCESSOR_RECORD, refused.rule, "SUCCESSOR", shown(named)))
            return await self._withdrawn(source, closed.uprn) if closed.withdrawn else "not_succeeded"
        return one.how

    async def _end(self, identity: PropertyId) -> Successor:
        return successor(identity, (await self._execute.state(properties, identity, self._run.authority)).state)

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

"""Drawing up the routes: every electoral property of a council goes through its decider, in batches, to be taken up again.

Properties that are new to the canvass are begun in bulk (ADR 0010); the others are looked at one by one, and one that stands as
the data step finds it gives no event. So a run that was interrupted is simply started again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from services.registration.canvass.commands import MatchProperty
from services.registration.canvass.decider import properties_in_canvass
from services.registration.canvass.years.decider import DrawUpRoutes, canvasses
from services.registration.imports.runs import Run
from services.registration.views.canvass_electors import Home, homes, size
from shared.eventcore.bulk import Beginning, Beginnings, begin
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import london_date
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.eventcore.store import act_for
from shared.events.registration import CanvassId, CanvassPropertyId, CanvassStarted, canvass_property_id
from shared.law.canvass import Doubt

BATCH = 500
ORIGIN = "canvass"


def metadata(run: Run, command_id: str = "") -> Metadata:
    """In whose name a run acts."""
    return Metadata(run.asked_by, run.authority, correlation_id=str(run.id), command_id=command_id, origin=ORIGIN)


class Routing:
    """One run of the data step over all properties of a council."""

    def __init__(self, execute: Executor, run: Run, started: CanvassStarted) -> None:
        self._execute, self._run = execute, run
        self._canvass: CanvassId = started.canvass_id
        self._recent_since = started.started_on - timedelta(days=started.recent_days)

    async def __call__(self, conn: Conn) -> None:
        """Carry it out on the connection that holds the council's lock."""
        run, after = self._run, UUID(int=0)
        async with conn.transaction(readonly=True):
            await act_for(conn, run.authority)
            run.phase, run.total = "recording", await size(conn, run.authority)
        while batch := await self._next(conn, after):
            run.counts.update(recorded=await self._record(batch))
            for home in batch:
                run.counts.update(counted(home))  # keeps what stands at nought
            run.done += len(batch)
            after = batch[-1].property_id
        await self._execute(canvasses, self._canvass, DrawUpRoutes(dict(run.counts)), by=metadata(run))
        run.state = "done"

    async def _next(self, conn: Conn, after: UUID) -> list[Home]:
        on = london_date(self._execute.store.clock())
        async with conn.transaction(readonly=True):
            await act_for(conn, self._run.authority)
            return await homes(conn, self._run.authority, self._canvass, on, self._recent_since, after, BATCH)

    async def _record(self, batch: Sequence[Home]) -> int:
        """How many of these properties were new or stood otherwise."""
        commands = {canvass_property_id(self._canvass, home.property_id): self._command(home) for home in batch}
        first = [
            Beginning(place, command, metadata(self._run, f"{ORIGIN}:{place.hex}"), asked=f"match:{place}")
            for place, command in commands.items()
        ]
        new = await asyncio.to_thread(Beginnings.of, self._execute, properties_in_canvass, self._run.authority, first)
        outcomes = await begin(self._execute.store, new)
        others = [place for place in commands if outcomes[place] != "appended"]
        changed = await asyncio.gather(*(self._again(place, commands[place]) for place in others))
        return len(batch) - len(others) + sum(changed)

    async def _again(self, place: CanvassPropertyId, command: MatchProperty) -> bool:
        receipt = await self._execute(properties_in_canvass, place, command, by=metadata(self._run))
        return bool(receipt.events)

    def _command(self, home: Home) -> MatchProperty:
        doubts: tuple[Doubt, ...] = ("potential-elector",) if home.expected else ()
        return MatchProperty(self._canvass, home.property_id, home.electors, home.adults, home.class_code, doubts)


def counted(home: Home) -> Counter[str]:
    return Counter(
        properties=1,
        electors=len(home.electors),
        matched=int(bool(home.electors) and all(elector.by for elector in home.electors)),
        without_electors=int(not home.electors),
    )

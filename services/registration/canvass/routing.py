"""Drawing up the routes: every electoral property of a council goes through its decider, in batches, to be taken up again.

A property that stands as the data step finds it gives no event, so a run that was interrupted is simply started again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

from services.registration.canvass.commands import MatchProperty
from services.registration.canvass.decider import properties_in_canvass
from services.registration.canvass.years.decider import DrawUpRoutes, canvasses
from services.registration.imports.runs import Run
from services.registration.views.canvass_electors import Home, homes, size
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import london_date
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.eventcore.store import act_for
from shared.events.registration import CanvassId, CanvassStarted, canvass_property_id
from shared.law.canvass import Doubt

BATCH = 500
ORIGIN = "canvass"


def metadata(run: Run) -> Metadata:
    """In whose name a run acts."""
    return Metadata(run.asked_by, run.authority, correlation_id=str(run.id), origin=ORIGIN)


class Routing:
    """One run of the data step over all properties of a council."""

    def __init__(self, execute: Executor, run: Run, started: CanvassStarted) -> None:
        self._execute, self._run = execute, run
        self._canvass: CanvassId = started.canvass_id
        self._recent_since = started.started_on - timedelta(days=started.recent_days)

    async def __call__(self, conn: Conn) -> None:
        """Carry it out on the connection that holds the council's lock."""
        run, on = self._run, london_date(self._execute.store.clock())
        run.phase, run.total = "recording", await self._reading_size(conn)
        after = UUID(int=0)
        while True:
            async with conn.transaction(readonly=True):
                await act_for(conn, run.authority)
                batch = await homes(conn, run.authority, self._canvass, on, self._recent_since, after, BATCH)
            if not batch:
                break
            for counted in await asyncio.gather(*(self._match(home) for home in batch)):
                run.counts.update(counted)  # keeps what stands at nought
            run.done += len(batch)
            after = batch[-1].property_id
        await self._execute(canvasses, self._canvass, DrawUpRoutes(dict(run.counts)), by=metadata(run))
        run.state = "done"

    async def _reading_size(self, conn: Conn) -> int:
        async with conn.transaction(readonly=True):
            await act_for(conn, self._run.authority)
            return await size(conn, self._run.authority)

    async def _match(self, home: Home) -> Counter[str]:
        doubts: tuple[Doubt, ...] = ("potential-elector",) if home.expected else ()
        command = MatchProperty(self._canvass, home.property_id, home.electors, home.adults, home.class_code, doubts)
        place = canvass_property_id(self._canvass, home.property_id)
        receipt = await self._execute(properties_in_canvass, place, command, by=metadata(self._run))
        matched = bool(home.electors) and all(elector.by for elector in home.electors)
        return Counter(
            properties=1,
            electors=len(home.electors),
            matched=int(matched),
            without_electors=int(not home.electors),
            recorded=int(bool(receipt.events)),
        )

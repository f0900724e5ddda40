"""Contacting many properties at once: a batch of one kind of contact for one route, in the background, each property once.

Who has answered meanwhile, or is due for another kind of contact, is left out by the property's own decider and counted.
"""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid5

from services.registration.canvass import codes
from services.registration.canvass.commands import MakeContact
from services.registration.canvass.decider import properties_in_canvass
from services.registration.canvass.routing import metadata
from services.registration.imports.runs import Run
from services.registration.views.canvass_batches import Chosen, Door, doors, size
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import london_date
from shared.eventcore.execute import Executor
from shared.eventcore.store import act_for
from shared.events.registration import CanvassContact, CanvassPropertyId
from shared.events.values import Authority, ElectorId
from shared.law.rules import Refused

BATCH = 500


class Contacting:
    """One run: `contact` to every chosen property, under the name of a batch."""

    def __init__(self, execute: Executor, run: Run, chosen: Chosen, contact: CanvassContact, batch: str) -> None:
        self._execute, self._run, self._chosen = execute, run, chosen
        self._contact: CanvassContact = contact
        self._batch = batch

    async def __call__(self, conn: Conn) -> None:
        """Carry it out on the connection that holds the council's lock."""
        run, after = self._run, UUID(int=0)
        on = london_date(self._execute.store.clock())
        async with conn.transaction(readonly=True):
            await act_for(conn, run.authority)
            run.phase, run.total = "recording", await size(conn, self._chosen, on)
        while True:
            async with conn.transaction(readonly=True):
                await act_for(conn, run.authority)
                batch = await doors(conn, self._chosen, self._contact, on, after, BATCH)
            if not batch:
                break
            for outcome in await asyncio.gather(*(self._make(door) for door in batch)):
                run.counts[outcome] += 1
            run.done += len(batch)
            after = batch[-1].canvass_property_id
        run.state = "done"

    async def _make(self, door: Door) -> str:
        """`contacted`, `nobody_to_write_to`, or the rule that left the property out."""
        if self._contact == "e-communication" and not door.recipients:
            return "nobody_to_write_to"
        place = CanvassPropertyId(door.canvass_property_id)
        code = codes.kept(self._execute.blind, Authority(self._run.authority), place, max(door.issue, 1))
        command = MakeContact(
            uuid5(place, f"batch:{self._batch}"), self._contact, london_date(self._execute.store.clock()), self._batch,
            tuple(ElectorId(elector) for elector in door.recipients), code,
        )  # fmt: skip
        try:
            receipt = await self._execute(properties_in_canvass, place, command, by=metadata(self._run))
        except Refused as refusal:
            return refusal.rule.name
        return "contacted" if receipt.events else "contacted_before"

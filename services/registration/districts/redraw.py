"""A plan applied from a day on: each property moves with its electors' numbers, many at once, and goes on after a crash."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from services.registration.districts.what_if import Move
from services.registration.electors.commands import RenumberElector
from services.registration.electors.decider import OnRegister, electors
from services.registration.imports.jobs import ImportJobs
from services.registration.imports.runs import Run
from services.registration.properties.decider import AllocateProperty, properties
from shared.eventcore.checkpoints import Conn
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Metadata
from shared.events.values import ElectorNumber, PollingDistrict, PropertyId
from shared.law.electors import NUMBER_TAKEN
from shared.service.database import reading_on

AT_ONCE: Final = 256
"""Properties moved together: they share commits."""


@dataclass
class Redraw:
    """The work of one run. A property moves after its electors, so that what an interruption left is found again: it needs no
    command ids, for an elector who has a number there, or a property that lies there, gives no event."""

    jobs: ImportJobs
    run: Run
    moves: Sequence[Move]
    since: date
    reason: str
    by: Metadata
    _last: dict[tuple[str, date], int] = field(default_factory=dict)
    """The highest number given, by district and numbering."""

    async def __call__(self, _: Conn) -> None:
        for at in range(0, len(self.moves), AT_ONCE):
            together = self.moves[at : at + AT_ONCE]
            living = await self._living(together)
            outcomes = await asyncio.gather(*(self._move(one, living[one.property_id]) for one in together))
            self.run.counts.update(outcomes)
            self.run.done += len(together)
        self.run.state = "done"

    async def _living(self, together: Sequence[Move]) -> dict[UUID, list[UUID]]:
        async with reading_on(self.jobs.execute.store.pool, self.by.authority) as conn:
            rows = await conn.fetch(
                "SELECT property_id, elector_id FROM electors.elector WHERE property_id = ANY($1)"
                " AND (removed_on IS NULL OR removed_on > $2) ORDER BY number, elector_id",
                [one.property_id for one in together], self.since,
            )  # fmt: skip
            districts = [str(one.areas.district) for one in together]
            highest = await conn.fetch(
                "SELECT district, numbered_in, max(number) AS number FROM register.entry WHERE district = ANY($1)"
                " GROUP BY district, numbered_in",
                districts,
            )  # fmt: skip
        for row in highest:
            numbering = (row["district"], row["numbered_in"])
            self._last[numbering] = max(row["number"], self._last.get(numbering, 0))
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for row in rows:
            found[row["property_id"]].append(row["elector_id"])
        return found

    async def _move(self, one: Move, living: Sequence[UUID]) -> str:
        for elector in living:
            await self._renumber(elector, one.areas.district)
        identity = PropertyId(one.property_id)
        # One that is gone is allocated, too: electors are left there until an officer moves their entries.
        command = AllocateProperty(identity, one.areas, "manual", self.since, self.reason)
        await self.jobs.execute(properties, identity, command, by=self.by)
        return "allocated"

    async def _renumber(self, elector: UUID, district: PollingDistrict) -> None:
        """The next free number of the district, in the numbering that the elector's number is of."""
        known = (await self.jobs.execute.state(electors, elector, self.by.authority)).state
        if not isinstance(known, OnRegister) or known.number.district == district:
            return
        while True:
            numbering = (str(district), known.numbered_in)
            self._last[numbering] = number = self._last.get(numbering, 0) + 1
            command = RenumberElector(ElectorNumber(district, number), known.numbered_in, self.since)
            try:
                await self.jobs.execute(electors, elector, command, by=self.by)
            except Refused as refused:
                if refused.rule.name != NUMBER_TAKEN.name:
                    raise
                continue
            return

"""An import is taken back: each property is as before it, unless somebody has changed it since; so is the working copy."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from services.registration.imports import before
from services.registration.imports.decider import RecordTakingBack, supplies
from services.registration.imports.gazetteer import BATCH, metadata
from services.registration.imports.runs import Run, write
from services.registration.properties.decider import Property, TakeBack, Unknown, properties
from shared.eventcore.checkpoints import Conn
from shared.eventcore.execute import Executor
from shared.eventcore.store import act_for
from shared.events.values import Authority, Uprn, property_id


@dataclass
class GazetteerUndo:
    """The work of one run. Killed and repeated, it repeats no event: its commands have ids made from the run."""

    execute: Executor
    run: Run
    undone: UUID
    because: str

    async def __call__(self, conn: Conn) -> None:
        run = self.run
        if run.state != "applied":
            async with conn.transaction():
                await act_for(conn, run.authority)
                uprns = await before.properties_of(conn, run.authority, self.undone)
                run.phase, run.total = "recording", len(uprns)
                for at in range(0, len(uprns), BATCH):
                    together = uprns[at : at + BATCH]
                    run.counts += Counter(await asyncio.gather(*map(self._take_back, together)))
                    await before.restore(conn, run.authority, self.undone, together)
                    run.done += len(together)
                await before.restore_streets(conn, run.authority, self.undone)
                await conn.execute("UPDATE import_run SET state = 'undone' WHERE id = $1", self.undone)
                run.state = "applied"
                await write(conn, run)
        command = RecordTakingBack(run.file_sha256, self.because, dict(run.counts))
        await self.execute(supplies, self.undone, command, by=metadata(run))
        run.state = "done"

    async def _take_back(self, uprn: int) -> str:
        run = self.run
        identity = property_id(Authority(run.authority), Uprn(uprn))
        history = await self.execute.store.stream(identity, run.authority)
        said = [n for n, e in enumerate(history) if e.metadata.correlation_id == str(self.undone)]
        if not said:
            return "unchanged"
        if any(e.metadata.correlation_id not in (str(self.undone), str(run.id)) for e in history[said[-1] :]):
            return "changed_since"
        was: Property = Unknown()
        if said[0]:
            on = history[said[0] - 1].recorded_at
            was = (await self.execute.state(properties, identity, run.authority, as_at=on)).state
        by = metadata(run, f"{uprn}|taken back")
        await self.execute(properties, identity, TakeBack(identity, was, self.because), by=by, asked=by.command_id)
        return "taken_back"

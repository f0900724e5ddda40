"""Carrying a numbering out, in the background of an API process: district by district, many electors at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import structlog
from fastapi import FastAPI

from services.registration.anonymous_entries.decider import RenumberEntry, anonymous_entries
from services.registration.electors.commands import RenumberElector
from services.registration.electors.decider import electors
from services.registration.renumbering.decider import Begun, CompleteRenumbering, renumbering_id, renumberings
from services.registration.views.register_as_at import Moment, counts, lines
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.events.registration import RenumberingBegun
from shared.events.values import Authority, ElectorNumber, PollingDistrict
from shared.law.electors import NUMBER_TAKEN
from shared.law.rules import Refused
from shared.service.database import fetch, reading_on

AT_ONCE: Final = 256
"""Electors numbered together: they share commits."""
_LOCK: Final = 0x524E
"""First key of the two-key advisory locks that mean "this council's register is being numbered"."""
_log = structlog.get_logger(__name__)


class Entry(NamedTuple):
    """What is numbered. An anonymous entry has a decider of its own (ADR 0015)."""

    id: UUID
    anonymous: bool


class Renumberings:
    """The numberings of this process; one at a time for each council, in all processes together."""

    def __init__(self, execute: Executor) -> None:
        self._execute = execute
        self._pool: asyncpg.Pool[Any] = execute.store.pool
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, publish_on: date, by: Metadata) -> None:
        """Begin to carry out, or go on with, what was begun; where another process is at it, nothing happens."""
        task = asyncio.create_task(self._alone(publish_on, by))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Break off: what is numbered stays, and asking again goes on."""
        for task in self._tasks:
            task.cancel()
        await self.idle()

    async def _alone(self, publish_on: date, by: Metadata) -> None:
        async with self._pool.acquire() as conn:
            if not await conn.fetchval("SELECT pg_try_advisory_lock($1, hashtext($2))", _LOCK, by.authority):
                return
            try:
                await self._carry_out(publish_on, by)
            except Exception:
                _log.exception("renumbering broken off", publish_on=str(publish_on))
            finally:
                if not conn.is_closed():
                    await conn.execute("SELECT pg_advisory_unlock($1, hashtext($2))", _LOCK, by.authority)

    async def _carry_out(self, publish_on: date, by: Metadata) -> None:
        stream = renumbering_id(Authority(by.authority), publish_on)
        begun = (await self._execute.state(renumberings, stream, by.authority)).state
        if not isinstance(begun, Begun):
            return
        renumbered = moved_up = 0
        for district in await self._districts(begun.order, by.authority):
            order = await self._order(begun.order, by.authority, district)
            late: list[Entry] = []
            for first in range(0, len(order), AT_ONCE):
                part = order[first : first + AT_ONCE]
                done = await asyncio.gather(
                    *(self._number(each, district, first + n, publish_on, by) for n, each in enumerate(part, 1))
                )
                late += [each for each, numbered in zip(part, done, strict=True) if not numbered]
            for each in late:
                await self._number_last(each, district, len(order), publish_on, by)
            renumbered, moved_up = renumbered + len(order), moved_up + len(late)
        done_by = by._replace(command_id=f"renumbering:{publish_on}:completed:{renumbered}:{moved_up}")
        await self._execute(renumberings, stream, CompleteRenumbering(renumbered, moved_up), by=done_by)

    async def _districts(self, order: RenumberingBegun, authority: str) -> list[str]:
        async with reading_on(self._pool, authority) as conn:
            rows = await fetch(conn, counts(authority, Moment(order.publish_on, order.positions)))
        return [row["district"] for row in rows]

    async def _order(self, order: RenumberingBegun, authority: str, district: str) -> list[Entry]:
        """The entries of a district in the order of the register."""
        async with reading_on(self._pool, authority) as conn:
            found = lines(conn, authority, Moment(order.publish_on, order.positions), district=district)
            return [Entry(line.elector_id, line.anonymous) async for line in found]

    async def _number(self, entry: Entry, district: str, number: int, publish_on: date, by: Metadata) -> bool:
        """False when somebody has that number already. An entry that is gone meanwhile needs none."""
        decider, renumber = (anonymous_entries, RenumberEntry) if entry.anonymous else (electors, RenumberElector)
        command = renumber(ElectorNumber(PollingDistrict(district), number), publish_on, publish_on)
        mine = by._replace(command_id=f"renumbering:{publish_on}:{entry.id}:{number}", reason="revised register")
        try:
            await self._execute(decider, entry.id, command, by=mine)
        except Refused as refusal:
            return refusal.rule.name != NUMBER_TAKEN.name
        return True

    async def _number_last(self, entry: Entry, district: str, size: int, publish_on: date, by: Metadata) -> None:
        """The first number behind the district's order that is free."""
        number = size + 1
        while not await self._number(entry, district, number, publish_on, by):
            number += 1


@asynccontextmanager
async def renumbering_runs(app: FastAPI) -> AsyncIterator[None]:
    """Part of the service's HTTP side: leaves `app.state.renumberings`, and breaks off when the process stops."""
    runs = Renumberings(app.state.execute)
    app.state.renumberings = runs
    try:
        yield
    finally:
        await runs.stop()

"""Carrying a diary out: every page through the deciders and the event core, on the day it tells of."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.registration.applications.commands import ReceiveApplication
from services.registration.demonstration.diary import Page
from shared.eventcore.clock import LONDON
from shared.eventcore.execute import Executor
from shared.eventcore.policy import Do
from shared.eventcore.recording import Metadata, Receipt
from shared.law.rules import Refused

A_MOMENT = timedelta(milliseconds=1)
CLOSING = time(16)


class DiaryClock:
    """The time in the diary: four in the afternoon of its day, and a moment later at each reading. Never goes back."""

    def __init__(self, on: date) -> None:
        self._now = closing(on)

    def __call__(self) -> datetime:
        self._now += A_MOMENT
        return self._now

    def turn_to(self, on: date) -> None:
        self._now = max(self._now, closing(on))

    def go_on_from(self, latest: datetime) -> None:
        """Something was recorded then: nothing is dated before it."""
        self._now = max(self._now, latest)


def closing(on: date) -> datetime:
    return datetime.combine(on, CLOSING, LONDON).astimezone(UTC)


@dataclass
class Told:
    """What has been recorded. `refused` counts by rule what a decider would not do; a sound diary has none."""

    events: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Teller:
    """Carries pages out. `by` is who recorded everything, and why; its command ids are given here."""

    execute: Executor
    clock: DiaryClock
    by: Metadata
    acknowledged: Callable[[Receipt], None] = lambda _: None
    """Told of every receipt, as the office that gave the command would be."""
    was_refused: Callable[[UUID, str], None] = lambda _stream, _rule: None
    """Told on which stream something was refused, and by which rule."""

    async def tell(self, story: Iterable[Page], told: Told) -> AsyncIterator[Page]:
        """Each page when it has been carried out. Told again, a page changes nothing."""
        for page in story:
            self.clock.turn_to(page.on)
            await self._make_keys(page)
            async with unseen(self.execute.store.pool):
                await asyncio.gather(*(self._in_order(page.on, steps, told) for steps in page.work))
            yield page

    async def _make_keys(self, page: Page) -> None:
        """The keys of all who first appear on a page, at once: the executor would make them one by one."""
        commands = (step.command for steps in page.work for step in steps)
        people = {command.person_id for command in commands if isinstance(command, ReceiveApplication)}
        if people:
            async with self.execute.store.pool.acquire() as conn:
                await self.execute.keys.load_or_create(conn, people, self.by.authority, self.clock())

    async def _in_order(self, on: date, steps: list[Do], told: Told) -> None:
        cause = ""
        for step in steps:
            try:
                receipt = await self._do(on, step, cause)
            except Refused as refusal:
                told.refused[refusal.rule.name] += 1
                self.was_refused(step.stream_id, refusal.rule.name)
                return
            told.events.update(receipt.events if not receipt.repeated else ())
            self.acknowledged(receipt)
            cause = f"{receipt.stream_id}@{receipt.version}"

    async def _do(self, on: date, step: Do, cause: str) -> Receipt:
        command_id = f"{self.by.actor}:{on}:{step.stream_id}:{type(step.command).__name__}"
        by = self.by._replace(command_id=command_id, causation_id=cause, reason=step.reason)
        return await self.execute(step.decider, step.stream_id, step.command, by=by)


@asynccontextmanager
async def unseen(pool: asyncpg.Pool[Any]) -> AsyncIterator[None]:
    """What is appended meanwhile is published only afterwards: a writer's lease holds the horizon of all readers back.

    So the policies of a running service find done what would follow from a page, and do none of it a second time.
    """
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("SELECT take_lease()")
        yield

"""Part `growth`: the same work on stores that hold more and more events. Flat is: no slower than on the smallest by a fifth.

Every store is there at the same time and the rounds go through all of them, so that what disturbs one disturbs all. The work
is the same everywhere: what fits the smallest store. A stream gets one command a round, so that none grows noticeably.
"""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from bench.casework import CASEWORK, Notes
from bench.commands import Desk, desk_of
from bench.filling import EVENTS_EACH
from bench.ground import Ground
from bench.measuring import Comparison, Contender, take_turns
from bench.relay import relayed
from shared.eventcore.applying import apply
from shared.eventcore.checkpoints import save_positions
from shared.eventcore.clock import system_clock
from shared.eventcore.opening import Opener
from shared.eventcore.recording import SHARDS
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.store import read
from shared.eventcore.views import ViewReader, create_tables

PART = "growth"
TARGET = 0.8
BATCH = 2000


async def measure(ground: Ground) -> list[Comparison]:
    bootstrap = ground.broker()
    opener = Opener(SubjectKeys(ground.keyring("casework")), CASEWORK)
    least, *more = ground.sizes.growth
    tail, commands = min(ground.sizes.events, least // 2), min(ground.sizes.commands, least // EVENTS_EACH)
    async with AsyncExitStack() as stack:
        contenders: dict[str, Contender] = {}
        for stored in ground.sizes.growth:
            ground.say(f"filling a store with {stored:,} events")
            desk = await stack.enter_async_context(desk_of(ground, stored // EVENTS_EACH))
            pool = await stack.enter_async_context(asyncpg.create_pool(desk.url, min_size=1, max_size=4))
            store = _Store(desk, pool, bootstrap, opener, tail, f"grown{stored}")
            await store.relay()
            contenders[_named("commands", stored)] = _commands(desk, commands)
            contenders[_named("relay", stored)] = store.relay
            contenders[_named("views", stored)] = store.apply
        done = await take_turns(ground.sizes.rounds, contenders, ground.say)
    return [
        done.compare(
            PART, f"{what}, {stored:,} events stored", "per s", _named(what, stored), [_named(what, least)], TARGET
        )
        for what in ("commands", "relay", "views")
        for stored in more
    ]  # fmt: skip


def _named(what: str, stored: int) -> str:
    return f"{what} at {stored:,}"


def _commands(desk: Desk, count: int) -> Contender:
    return lambda: desk.commands(count)


@dataclass(frozen=True)
class _Store:
    """One store, whose last `tail` events are relayed, and applied to a view, again and again."""

    desk: Desk
    pool: asyncpg.Pool[asyncpg.Record]
    bootstrap: str
    opener: Opener
    tail: int
    topic: str
    """What its events' topic is named after."""

    async def relay(self) -> float:
        """To one topic in all rounds, as a relay does: a partition's first records make files that the broker has written to
        its disk at once, which takes the longer the more is still to be written."""
        before = await self._before_the_tail()
        async with self.pool.acquire() as conn:
            await conn.execute("DELETE FROM checkpoint WHERE consumer = 'relay' AND source = $1", self.topic)
            await save_positions(conn, "relay", self.topic, dict.fromkeys(range(SHARDS), before))
        return await relayed(self.desk.url, self.bootstrap, self.tail, self.topic, with_start=False)

    async def apply(self) -> float:
        schema = f"grown_{uuid4().hex[:8]}"
        after = await self._before_the_tail()
        async with self.pool.acquire() as conn:
            await create_tables(conn, Notes.view, schema)
            reader, applied, started = ViewReader(Notes.view, schema), 0, time.perf_counter()
            while events := await read(conn, "casework", after=after, limit=BATCH):
                applied += (await apply(conn, reader, "casework", events, self.opener, system_clock)).events
                after = events[-1].position
            took = time.perf_counter() - started
            await conn.execute(f'DROP SCHEMA "{schema}" CASCADE')
        return applied / took

    async def _before_the_tail(self) -> int:
        at: int = await self.pool.fetchval(
            "SELECT position FROM event ORDER BY position DESC OFFSET $1 LIMIT 1", self.tail
        )
        return at

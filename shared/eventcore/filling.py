"""Filling the new tables of a rebuild from the store: every event up to a line, groups of shards side by side.

Order matters only inside a shard, so the groups can be tasks of this process or, with a `Crew`, processes of their own: one
Python reads and handles what one core can. What no handler wants is never read. Positions come last, and nothing is parked:
whatever goes wrong, the tables are dropped.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

import asyncpg

from shared.eventcore.applying import attempt, describe, is_transient
from shared.eventcore.checkpoints import Conn, save_positions
from shared.eventcore.garbage import spare_what_is_loaded
from shared.eventcore.kafka import Stored
from shared.eventcore.opening import Opener
from shared.eventcore.projection import View
from shared.eventcore.recording import SHARDS
from shared.eventcore.store import read
from shared.eventcore.views import ViewReader

BATCH = 2000
LANES = 2
"""Groups of one process of a crew: while one waits for the database, it works for the other."""

Told = Callable[[int], None]
"""Called with the number of events of each batch that stands."""


class RebuildStopped(Exception):
    """A rebuild never skips: it stops at the first event it cannot apply. The live view is untouched."""


@dataclass(frozen=True)
class Filling:
    """What is to be filled: the tables of `view` in `schema`, with the events of some shards up to the position `line`."""

    context: str
    view: View
    schema: str
    line: int
    shards: tuple[int, ...] = tuple(range(SHARDS))

    def groups(self, count: int) -> list[Filling]:
        return [replace(self, shards=self.shards[n::count]) for n in range(min(count, len(self.shards)))]


@dataclass(frozen=True)
class Crew:
    """Processes that fill together, each with connections and keys of its own. View and `make_opener` must be importable."""

    processes: int
    url: str
    make_opener: Callable[[], Opener]


async def fill(pool: asyncpg.Pool[Any], filling: Filling, opener: Opener, groups: int, told: Told) -> int:
    """In this process. Answers the number of events; raises `RebuildStopped`."""
    try:
        async with asyncio.TaskGroup() as tasks:
            done = [tasks.create_task(_fill_group(pool, group, opener, told)) for group in filling.groups(groups)]
    except BaseExceptionGroup as several:  # one group's reason is reason enough
        raise several.exceptions[0] from None
    return sum(task.result() for task in done)


async def fill_by(crew: Crew, filling: Filling, told: Told) -> int:
    """By processes. Answers the number of events; raises `RebuildStopped`, also when one of the processes dies."""
    spawning = multiprocessing.get_context("spawn")  # a fork would take our loop's sockets and locks along
    children = []
    try:
        for group in filling.groups(crew.processes):
            ours, theirs = spawning.Pipe(duplex=False)
            child = spawning.Process(target=_fill_as_child, args=(crew, group, theirs), daemon=True)
            child.start()
            theirs.close()
            children.append((child, ours))
        async with asyncio.TaskGroup() as tasks:
            done = [tasks.create_task(_listen(filling.view.name, pipe, told)) for _, pipe in children]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    finally:
        for child, _ in children:
            child.kill()  # nothing, once it has ended
            await asyncio.to_thread(child.join)
    return sum(task.result() for task in done)


async def _fill_group(pool: asyncpg.Pool[Any], filling: Filling, opener: Opener, told: Told) -> int:
    reader, done, after = ViewReader(filling.view, filling.schema, fresh=True), 0, 0
    wires = list(filling.view.handlers)
    async with pool.acquire() as conn:
        while events := await read(
            conn, filling.context, after=after, upto=filling.line, limit=BATCH, shards=filling.shards, types=wires
        ):
            await _handle(conn, reader, events, opener)
            after = events[-1].position
            done += len(events)
            told(len(events))
        await save_positions(
            conn, reader.consumer, filling.context, dict.fromkeys(filling.shards, filling.line)
        )  # nothing of these shards stands at or before the line that was not read
    return done


async def _handle(conn: Conn, reader: ViewReader, events: Sequence[Stored], opener: Opener) -> None:
    try:
        async with conn.transaction():
            # No wait for the disk: a crash leaves tables that the next rebuild drops, and the swap's own commit waits for all.
            await conn.execute("SET LOCAL synchronous_commit = off")
            await reader.handle(conn, await opener.open(conn, events))
    except asyncpg.DeadlockDetectedError:  # two groups that write the same rows: the other one goes on, then we do
        await _handle(conn, reader, events, opener)
    except Exception as problem:
        if is_transient(problem):
            raise
        async with conn.transaction():
            for event in events:
                if said := await attempt(conn, reader, event, opener):
                    raise stopped(reader.view.name, event.type, event.position, event.stream_id, said) from None
        raise RebuildStopped(f"{reader.view.name}: {describe(problem)}, in no event alone") from None


def stopped(view: str, wire: str, position: int, stream: object, problem: str) -> RebuildStopped:
    return RebuildStopped(f"{view}: {wire} at position {position} of stream {stream}: {problem}")


# --- between a process of the crew and us: numbers of events, and at the end a text (empty: all done) -------------------------


async def _listen(view: str, pipe: Connection, told: Told) -> int:
    done = 0
    while True:
        try:
            heard = await asyncio.to_thread(pipe.recv)
        except EOFError:
            raise RebuildStopped(f"{view}: one of the processes that filled it was ended from outside") from None
        if isinstance(heard, int):
            done += heard
            told(heard)
        elif heard:
            raise RebuildStopped(heard)
        else:
            return done


def _fill_as_child(crew: Crew, filling: Filling, pipe: Connection) -> None:
    spare_what_is_loaded()
    try:
        asyncio.run(_fill_with(crew, filling, pipe))
    except RebuildStopped as stop:
        pipe.send(f"{stop}")
    except Exception as problem:
        pipe.send(f"{filling.view.name}: {describe(problem)}")
    else:
        pipe.send("")


async def _fill_with(crew: Crew, filling: Filling, pipe: Connection) -> None:
    async with asyncpg.create_pool(crew.url, min_size=0, max_size=LANES) as pool:
        # A pipe that nobody reads any more ends us.
        await fill(pool, filling, crew.make_opener(), LANES, pipe.send)

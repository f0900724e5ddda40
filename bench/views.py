"""Part `views`: events applied to a read model, in a rebuild from the store and live from Kafka, beside COPY of the same rows.

The view has one row per event and two indexes besides its key. COPY gets the finished rows; we read, decode, handle and
keep positions in the same transaction.
"""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from bench.casework import CASEWORK, NoteRow, Notes
from bench.ground import Ground
from bench.measuring import Comparison, take_turns, until
from bench.relay import relayed, stored
from shared.eventcore.clock import system_clock
from shared.eventcore.consuming import Consuming
from shared.eventcore.filling import Crew
from shared.eventcore.kafka import consumer
from shared.eventcore.keys import Keyring
from shared.eventcore.opening import Opener
from shared.eventcore.projection import table_of
from shared.eventcore.rebuild import rebuild
from shared.eventcore.sealing import SubjectKeys
from shared.eventcore.views import ViewReader, create_tables, set_up

PART = "views"
REBUILD_TARGET, LIVE_TARGET = 0.25, 0.1
PROCESSES = 2


async def measure(ground: Ground) -> list[Comparison]:
    bootstrap = ground.broker()
    async with stored(ground, ground.sizes.events) as (url, pool):
        count = await pool.fetchval("SELECT count(*) FROM event")
        await set_up(pool, [Notes.view], system_clock)
        opener = opener_of(ground.keys("casework"))
        crew = Crew(PROCESSES, url, partial(opener_of, ground.keys("casework")))
        context = f"published{uuid4().hex[:8]}"
        await relayed(url, bootstrap, count, context)
        await rebuilt(pool, opener)  # the rows that COPY repeats
        done = await take_turns(
            ground.sizes.rounds,
            {
                "rebuild": lambda: rebuilt(pool, opener),
                "proved": lambda: rebuilt(pool, opener, proved=True),
                "processes": lambda: rebuilt(pool, opener, crew=crew),
                "live": lambda: applied(pool, bootstrap, context, count, opener),
                "COPY": lambda: copied(pool),
            },
            ground.say,
        )
    return [
        done.compare(PART, "rebuild", "events/s", "rebuild", ["COPY"], REBUILD_TARGET),
        done.compare(PART, "rebuild, compared and swapped in", "events/s", "proved", ["COPY"], None),
        done.compare(
            PART, f"rebuild by {PROCESSES} processes, without their start", "events/s", "processes", ["COPY"], None
        ),
        done.compare(PART, "live from Kafka", "events/s", "live", ["COPY"], LIVE_TARGET),
    ]


def opener_of(keys: Path) -> Opener:
    return Opener(SubjectKeys(Keyring.load(keys)), CASEWORK)


async def rebuilt(pool: asyncpg.Pool[Any], opener: Opener, *, proved: bool = False, crew: Crew | None = None) -> float:
    """Events per second until the new tables are filled and have their indexes; `proved`: until they are compared with the
    live ones and swapped in. Of a crew from the first batch on: its processes take a second to start, once."""
    told = [(0, time.perf_counter())]

    def progress(done: int, _of: int) -> None:
        told.append((done, time.perf_counter()))

    await rebuild(
        pool, "casework", Notes.view, opener, system_clock, crew=crew, progress=progress, accept_difference=True
    )
    before, started = told[1 if crew else 0]
    done, filled = told[-1]
    return (done - before or done) / ((time.perf_counter() if proved else filled) - started)


async def applied(pool: asyncpg.Pool[Any], bootstrap: str, source: str, count: int, opener: Opener) -> float:
    """Events per second from the first batch on: joining the group takes seconds and is no work."""
    schema = f"live_{uuid4().hex[:8]}"
    async with pool.acquire() as conn:
        await create_tables(conn, Notes.view, schema)
    group = f"bench.{schema}"
    reader = (ViewReader(Notes.view, schema), frozenset({source}))
    consuming = Consuming(
        "nobody", [reader], pool, lambda topics: consumer(bootstrap, group, topics), opener, system_clock
    )
    stop = asyncio.Event()
    running = asyncio.create_task(consuming.run(stop))
    await until(lambda: consuming.applied > 0)
    first, started = consuming.applied, time.perf_counter()
    await until(lambda: consuming.applied >= count)
    rate = (count - first) / (time.perf_counter() - started) if count > first else float(count)
    stop.set()
    await running
    await pool.execute(f'DROP SCHEMA "{schema}" CASCADE')
    return rate


async def copied(pool: asyncpg.Pool[Any]) -> float:
    """Rows per second of one COPY into a table of the same shape and indexes."""
    schema = f"copied_{uuid4().hex[:8]}"
    name = table_of(NoteRow).name
    async with pool.acquire() as conn:
        await create_tables(conn, Notes.view, schema)
        rows = [tuple(row) for row in await conn.fetch(f'SELECT * FROM "{Notes.view.name}"."{name}"')]
        started = time.perf_counter()
        await conn.copy_records_to_table(name, schema_name=schema, records=rows)
        took = time.perf_counter() - started
        await conn.execute(f'DROP SCHEMA "{schema}" CASCADE')
    return len(rows) / took

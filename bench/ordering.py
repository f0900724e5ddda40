"""Part `ordering`: 32 writers that dawdle and roll back, and a reader that remembers only how far it has come.

Ours appends under the writer lease and reads up to the horizon (ADR 0002). The reference is the plain sequence: the same
append function without the lease, read by `position > n`. Throughput is compared flat out, losses under fire.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from bench.commands import APPEND, bare_arguments
from bench.ground import Ground
from bench.measuring import Comparison, Contender, Spread, take_turns

PART = "ordering"
WRITERS = 32
ROLLED_BACK = 0.2
DAWDLE_SECONDS = 0.004
LEASE = "PERFORM take_lease();"


@dataclass(frozen=True, slots=True)
class Race:
    """What came of one round: events committed per second, and how many of them the reader never saw."""

    rate: float
    lost: int


async def measure(ground: Ground) -> list[Comparison]:
    seconds, lost = ground.sizes.writers_seconds, dict[str, list[int]]()
    async with ground.database() as leased, ground.database() as plain:
        await _without_lease(plain)

        def contender(name: str, url: str, safe: bool, fire: bool) -> Contender:
            async def run() -> float:
                raced = await race(url, seconds, safe=safe, fire=fire)
                lost.setdefault(name, []).append(raced.lost)
                return raced.rate

            return run

        done = await take_turns(
            ground.sizes.rounds,
            {
                name: contender(name, leased if safe else plain, safe, fire)
                for name, safe, fire in (
                    ("lease", True, False), ("plain sequence", False, False),
                    ("lease under fire", True, True), ("plain sequence under fire", False, True),
                )
            },
            ground.say,
        )  # fmt: skip
    missed = {name: sum(counts) for name, counts in lost.items()}
    told = f"lost: {missed['lease']} of ours, {missed['plain sequence']} of the plain sequence's"
    under_fire = (
        f"lost: {missed['lease under fire']} of ours, {missed['plain sequence under fire']} of the plain sequence's"
    )
    return [
        done.compare(PART, "throughput", "events/s", "lease", ["plain sequence"], 0.85, told),
        done.compare(
            PART, "throughput under fire", "events/s", "lease under fire", ["plain sequence under fire"], 0.85, under_fire
        ),
        Comparison(
            PART, "events lost to the reader", "events", Spread.of(lost["lease under fire"]),
            Spread.of(lost["plain sequence under fire"]), "plain sequence", target=0, at_most=True,
        ),
    ]  # fmt: skip


async def race(url: str, seconds: float, *, safe: bool, fire: bool) -> Race:
    kept: list[int] = []
    ended = asyncio.Event()
    reading = asyncio.create_task(_read(url, ended, safe))
    started = time.perf_counter()
    await asyncio.gather(*(_write(url, random.Random(n), started + seconds, fire, kept) for n in range(WRITERS)))
    took = time.perf_counter() - started
    ended.set()
    return Race(len(kept) / took, len(set(kept) - await reading))


async def _write(url: str, rng: random.Random, until: float, fire: bool, kept: list[int]) -> None:
    conn = await asyncpg.connect(url)
    try:
        while time.perf_counter() < until:
            arguments = bare_arguments([uuid4()])
            drawn: list[int] = []
            with suppress(_RolledBack):
                async with conn.transaction():
                    rows = await conn.fetch(APPEND, *arguments)
                    drawn = [row["last_position"] for row in rows]
                    if fire:
                        await asyncio.sleep(rng.random() * DAWDLE_SECONDS)
                        if rng.random() < ROLLED_BACK:
                            raise _RolledBack
                kept += drawn
    finally:
        await conn.close()


class _RolledBack(Exception):
    pass


async def _read(url: str, ended: asyncio.Event, safe: bool) -> set[int]:
    """Follow the store until the writers have ended and nothing more comes; answer every position seen."""
    conn = await asyncpg.connect(url)
    seen: set[int] = set()
    at = await conn.fetchval("SELECT coalesce(max(position), 0) FROM event")
    try:
        while True:
            last = ended.is_set()
            line = await conn.fetchval("SELECT event_horizon()") if safe else 2**62
            rows = await conn.fetch(
                "SELECT position FROM event WHERE position > $1 AND position <= $2 ORDER BY position LIMIT 2000",
                at,
                line,
            )
            seen.update(row["position"] for row in rows)
            if rows:
                at = rows[-1]["position"]
            elif last:
                return seen
            else:
                await asyncio.sleep(0.002)
    finally:
        await conn.close()


async def _without_lease(url: str) -> None:
    """Take the lease out of the append function: what everybody else would write."""
    conn = await asyncpg.connect(url)
    try:
        text = await conn.fetchval("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'append_events'")
        if LEASE not in text:
            raise LookupError("append_events takes its lease in another way: this comparison no longer holds")
        await conn.execute(text.replace(LEASE, ""))
    finally:
        await conn.close()

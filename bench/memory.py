"""Part `memory`: the resident set of each role of registration, at rest and under a steady load, and whether it grows."""

from __future__ import annotations

import asyncio
from statistics import median

import psutil

from bench.ground import Ground
from bench.measuring import Comparison, Spread
from bench.registration import Load, Registration, registration
from deploy.topology import LIVE, roles

PART = "memory"
RATE = 50
REST_SECONDS = 3.0
LOOK_SECONDS = 0.5
LONG_SECONDS = 1800.0
GROWTH_TARGET = 0.05
"""Growth from the second to the last quarter of a load of at least `LONG_SECONDS` that still counts as none."""


async def measure(ground: Ground) -> list[Comparison]:
    chosen = [role for role in roles("registration") if role != LIVE]
    people, seconds = max(50, ground.sizes.streams // 4), ground.sizes.load_seconds
    async with registration(ground, chosen, people) as desk:
        await asyncio.sleep(REST_SECONDS)
        rest = _resident(desk)
        samples: dict[str, list[float]] = {role: [] for role in desk.roles}
        load = asyncio.create_task(Load(desk).run(RATE, seconds))
        while not load.done():
            for role, size in _resident(desk).items():
                samples[role].append(size)
            await asyncio.sleep(LOOK_SECONDS)
        await load
    return [_comparison(role, rest[role], seen, seconds) for role, seen in samples.items()]


def _resident(desk: Registration) -> dict[str, float]:
    """MiB by role."""
    return {role: psutil.Process(run.process.pid).memory_info().rss / 2**20 for role, run in desk.roles.items()}


def _comparison(role: str, rest: float, seen: list[float], seconds: float) -> Comparison:
    quarter = max(1, len(seen) // 4)
    early, late = median(seen[quarter : 2 * quarter] or seen), median(seen[-quarter:])
    growth = late / early - 1
    note = f"at rest {rest:.0f} MiB; {growth:+.1%} from the second to the last quarter of {seconds:.0f} s at {RATE}/s"
    if seconds < LONG_SECONDS:
        return Comparison(PART, f"{role} under load", "MiB", Spread.of(seen), note=note)
    grown = Spread(growth, growth, growth)
    return Comparison(PART, f"{role}, growth", "", grown, target=GROWTH_TARGET, at_most=True, note=note)

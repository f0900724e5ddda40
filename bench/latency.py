"""Part `latency`: from the answer to a POST until its event is in the read model, through Kafka, at a steady rate."""

from __future__ import annotations

from statistics import median, quantiles

from bench.ground import Ground
from bench.measuring import Comparison, Spread
from bench.registration import Load, Registration, registration

PART = "latency"
RATES = (50, 200)
"""Commands per second."""
TARGET_MS = 250.0


async def measure(ground: Ground) -> list[Comparison]:
    people = max(50, ground.sizes.streams // 4)
    async with registration(ground, ("api", "relay", "views"), people) as desk:
        await Load(desk).run(RATES[0], 1)  # what a running system has long since compiled, cached and joined
        return [await _at(ground, desk, rate) for rate in RATES]


async def _at(ground: Ground, desk: Registration, rate: int) -> Comparison:
    late, middle, answers = [], [], []
    for number in range(ground.sizes.rounds):
        load = Load(desk)
        await load.run(rate, ground.sizes.latency_seconds)
        late.append(_p99(load.seconds_to_show) * 1000)
        middle.append(median(load.seconds_to_show) * 1000)
        answers.append(_p99(load.seconds_to_answer) * 1000)
        ground.say(
            f"round {number + 1} of {ground.sizes.rounds}: {rate}/s p50 {middle[-1]:.0f} ms p99 {late[-1]:.0f} ms"
        )
    note = f"p50 {median(middle):.0f} ms; the POST itself p99 {median(answers):.0f} ms"
    return Comparison(PART, f"p99 at {rate}/s", "ms", Spread.of(late), target=TARGET_MS, at_most=True, note=note)


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98] if len(seconds) > 1 else seconds[0]

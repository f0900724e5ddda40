"""Rounds in which ours and the references take turns, and what comes of them: spreads and in-round ratios.

Machines differ and other work disturbs, so the figure that counts is the ratio inside a round, never a single rate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Contender = Callable[[], Awaitable[float]]
"""One measurement: a rate (more is better), or for latency seconds (less is better)."""


@dataclass(frozen=True, slots=True)
class Spread:
    minimum: float
    median: float
    maximum: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        return cls(min(values), median(values), max(values))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours beside a reference. `ratio` is theirs of the same round in ours; without a reference it is ours in the target's
    unit. `met` is None where there is no target, or nothing to compare with (then `note` says why)."""

    part: str
    case: str
    unit: str
    ours: Spread | None
    reference: Spread | None = None
    reference_name: str = ""
    ratio: Spread | None = None
    target: float | None = None
    at_most: bool = False
    """The target is an upper bound on `ours` itself, not a lower bound on the ratio."""
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        if self.at_most:
            return None if self.ours is None else self.ours.median <= self.target
        return None if self.ratio is None else self.ratio.median >= self.target

    def as_data(self) -> dict[str, Any]:
        """For `--json`: medians, and the spreads beside them."""
        spreads = {"ours": self.ours, "reference": self.reference, "ratio": self.ratio}
        return {
            "part": self.part,
            "case": self.case,
            "unit": self.unit,
            **{name: spread and round(spread.median, 4) for name, spread in spreads.items()},
            "target": self.target,
            "target_is": "at most" if self.at_most else "at least",
            "met": self.met,
            "reference_name": self.reference_name,
            "spread": {
                name: spread and [round(v, 4) for v in (spread.minimum, spread.median, spread.maximum)]
                for name, spread in spreads.items()
            },
            "note": self.note,
        }


@dataclass(frozen=True)
class Rounds:
    """What each contender did in each round."""

    values: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def spread(self, name: str) -> Spread:
        return Spread.of(self.values[name])

    def best(self, names: Sequence[str]) -> str:
        """The contender with the highest median."""
        return max(names, key=lambda name: median(self.values[name]))

    def compare(
        self,
        part: str,
        case: str,
        unit: str,
        ours: str,
        references: Sequence[str],
        target: float | None,
        note: str = "",
    ) -> Comparison:
        """`ours` beside the best of `references`."""
        best = self.best(references)
        ratios = [mine / theirs for mine, theirs in zip(self.values[ours], self.values[best], strict=True)]
        return Comparison(
            part, case, unit, self.spread(ours), self.spread(best), best, Spread.of(ratios), target, note=note
        )


async def take_turns(
    count: int, contenders: Mapping[str, Contender], say: Callable[[str], None] = lambda _: None
) -> Rounds:
    """Every contender once per round, the order turned round each time. A contender warms itself up."""
    values: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(count):
        order = list(contenders) if number % 2 == 0 else list(contenders)[::-1]
        for name in order:
            values[name].append(await contenders[name]())
            say(f"round {number + 1} of {count}: {name} {values[name][-1]:,.4g}")
    return Rounds(values)


async def until(reached: Callable[[], bool], look_seconds: float = 0.001) -> None:
    """Wait for what only counts along and tells nobody."""
    while not reached():  # noqa: ASYNC110
        await asyncio.sleep(look_seconds)

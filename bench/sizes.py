"""How much work a run does. Ratios hold at every size; spreads narrow with more rounds and more work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    rounds: int
    streams: int
    """Streams of 20 events each that commands find; 20,000 of them do not fit the processor's caches."""
    commands: int
    """Commands a round carries out."""
    events: int
    """Events a round relays, or applies to a view."""
    writers_seconds: float
    """How long a round of `ordering` writes."""
    latency_seconds: float
    growth: tuple[int, ...]
    """Events stored when `growth` measures."""
    electors: int
    """On the register that is exported; eleven properties for twenty electors are imported."""
    load_seconds: float
    """How long `memory` keeps the roles busy."""


FULL = Sizes(5, 20_000, 10_000, 50_000, 10, 30, (10_000, 100_000), 200_000, 60)
QUICK = Sizes(3, 4_000, 3_000, 10_000, 3, 8, (10_000, 100_000), 10_000, 10)
MINIATURE = Sizes(1, 64, 40, 300, 0.5, 1, (1_500, 3_000), 60, 1)
"""For tests: everything runs, no figure means anything."""

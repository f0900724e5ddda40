"""The arithmetic of live statistics: events counted per window of time, each once however often it is delivered. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from pydantic import BaseModel

SIZES: Final = {"ten_minutes": 600, "hour": 3_600}
"""The windows, in seconds."""
KEPT_SECONDS: Final = 25 * 3_600
"""How long a window is kept after it closed: a day, and an hour to look at it."""
SHOWN: Final = {"ten_minutes": 36, "hour": 24}
"""How many of the latest windows are shown: six hours, and a day."""


class Key(NamedTuple):
    """What is counted apart. `shard`: positions ascend inside it, so it tells what was counted already."""

    authority: str
    what: str
    shard: int


Count = tuple[int, int]
"""How many, and the position of the last of them."""
NOTHING: Final[Count] = (0, 0)


class Cell(NamedTuple):
    """The count of one key in one window. `begins`: seconds since 1970, UTC."""

    key: Key
    begins: float
    tally: Count


def counted(so_far: Count, position: int) -> Count:
    """One more, unless the event at `position` is among them: the same record holds both, so a crash keeps them together."""
    number, last = so_far
    return (number + 1, position) if position > last else so_far


class Window(BaseModel):
    """How many events of each type were recorded from `begins`, for the length of the window."""

    begins: datetime
    counts: dict[str, int]


def windows(cells: Iterable[Cell], shown: int, authority: str) -> list[Window]:
    """The latest windows of a council in which anything happened, the newest first."""
    by_window: dict[float, Counter[str]] = {}
    for (owner, what, _), begins, (number, _) in cells:
        if owner == authority:
            by_window.setdefault(begins, Counter())[what] += number
    newest = sorted(by_window, reverse=True)[:shown]
    return [Window(begins=datetime.fromtimestamp(begins, UTC), counts=dict(by_window[begins])) for begins in newest]


def latest(cells: Iterable[Cell]) -> dict[str, int]:
    """The counts of the newest window, all councils together; a type that was quiet in it counts nothing."""
    every = list(cells)
    newest = max((cell.begins for cell in every), default=0.0)
    totals = Counter({cell.key.what: 0 for cell in every})
    for (_, what, _), begins, (number, _) in every:
        totals[what] += number if begins == newest else 0
    return dict(totals)

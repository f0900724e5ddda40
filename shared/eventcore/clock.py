"""Time is passed in. Only this module asks the operating system what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Clock = Callable[[], datetime]
"""Returns an aware UTC instant."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def wall_clock() -> datetime:
    """The real time, for "when did this worker last look": never for a fact."""
    return system_clock()


class RehearsalClock:
    """A clock that stands `offset` away from the system's, so that a canvass or an election can be rehearsed.

    Only ever moved forward: facts already recorded must stay in the past.
    """

    def __init__(self, base: Clock = system_clock, offset: timedelta = timedelta()) -> None:
        self._base = base
        self.offset = offset

    def __call__(self) -> datetime:
        return self._base() + self.offset

    def move_to(self, instant: datetime) -> None:
        if instant < self():
            raise ValueError(f"the rehearsal clock stands at {self().isoformat()} and cannot go back")
        self.offset = instant - self._base()


def london_date(instant: datetime) -> date:
    """The calendar day in London, which is the day that electoral law counts."""
    return instant.astimezone(LONDON).date()

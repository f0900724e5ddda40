"""Law as data: a value, the days for which it is the law, and where that is written.

Ages, day counts, clock times, fees and franchise rules change by statute, usually for polls after some day. Each stands
once in this package as a `Dated` table; a change of the law is a new `Provision`, never a change of code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


class NoLawOn(LookupError):
    """A table holds no value for the day asked about: the law of that day has to be added, never guessed."""

    def __init__(self, subject: str, on: date) -> None:
        super().__init__(f"No law is recorded for '{subject}' on {on:%-d %B %Y}; add a Provision with its source.")
        self.subject = subject
        self.on = on


@dataclass(frozen=True, slots=True)
class Provision(Generic[T]):
    """`value` is the law from `since` to `until`, both included (None: until changed), by authority of `source`.

    `since` is the first day this table answers for; it may be later than the day the law began.
    """

    value: T
    since: date
    source: str
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Dated(Generic[T]):
    """The values one rule has had, in order of time: `REGISTRATION_DEADLINE.on(polling_day)`."""

    __slots__ = ("_provisions", "subject")

    def __init__(self, subject: str, *provisions: Provision[T]) -> None:
        if not provisions:
            raise ValueError(f"'{subject}' needs at least one provision")
        for earlier, later in pairwise(provisions):
            if earlier.until is None or earlier.until >= later.since:
                raise ValueError(f"'{subject}': the provision since {later.since} overlaps the one before it")
        self.subject = subject
        self._provisions = provisions

    def on(self, day: date) -> T:
        """The value that is the law on `day`. Raises `NoLawOn`."""
        return self.provision(day).value

    def provision(self, day: date) -> Provision[T]:
        """As `on`, with its source. Raises `NoLawOn`."""
        for provision in reversed(self._provisions):
            if provision.covers(day):
                return provision
        raise NoLawOn(self.subject, day)

    def amended(self, value: T, since: date, source: str) -> Dated[T]:
        """This table with `value` as the law from `since` on: as a commencement order, or a rehearsal of it, does."""
        kept = [p for p in self._provisions if p.since < since]
        if kept and (kept[-1].until is None or kept[-1].until >= since):
            kept[-1] = Provision(kept[-1].value, kept[-1].since, kept[-1].source, since - timedelta(days=1))
        return Dated(self.subject, *kept, Provision(value, since, source))

    def __iter__(self) -> Iterator[Provision[T]]:
        return iter(self._provisions)

    def __repr__(self) -> str:
        return f"Dated({self.subject!r}, {len(self._provisions)} provisions)"

"""All stories in the order of their days, each carried on only as far as its next day. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from itertools import count, islice

from services.registration.demonstration.casework import Story
from services.registration.demonstration.numbering import Register
from shared.eventcore.policy import Do
from shared.law.registration import HOME

PAGE = 200
REVISED_REGISTER = (12, 1)


@dataclass(frozen=True, slots=True)
class Page:
    """Work of one day. Commands of one list go one after the other, the lists in any order or at once."""

    on: date
    work: list[list[Do]]


def pages(on: date, work: Iterator[list[Do]], size: int = PAGE) -> Iterator[Page]:
    """A day's work, taken as it comes."""
    while part := list(islice(work, size)):
        yield Page(on, part)


class Diary:
    """The days of an office. `arrivals` are stories by the day they begin on, in that order."""

    def __init__(self, arrivals: Iterator[tuple[date, Story]], register: Register) -> None:
        self._arrivals = arrivals
        self._register = register
        self._next = next(arrivals, None)
        self._waiting: list[tuple[date, int, Story]] = []
        self._order = count()
        self.begun = 0
        """Stories that have begun."""

    def pages(self, first: date, last: date) -> Iterator[Page]:
        """From working day to working day; what came in between waits for the office to open. What a story holds for
        later than the last day stays untold."""
        before, on = first, HOME.first_on_or_after(first)
        while on <= last:
            revised = date(on.year, *REVISED_REGISTER)
            if before < revised <= on:
                yield from pages(on, ([step] for step in self._register.renumbered(revised)))
            yield from pages(on, self._due(on))
            before, on = on, HOME.forward(on, 1)

    def _due(self, on: date) -> Iterator[list[Do]]:
        while self._waiting and self._waiting[0][0] <= on:
            _, order, story = heappop(self._waiting)
            yield from self._go_on(on, order, story)
        while self._next is not None and self._next[0] <= on:
            yield from self._go_on(on, next(self._order), self._next[1])
            self.begun += 1
            self._next = next(self._arrivals, None)

    def _go_on(self, on: date, order: int, story: Story) -> Iterator[list[Do]]:
        steps: list[Do] = []
        for step in story:
            if isinstance(step, Do):
                steps.append(step)
            elif step > on:
                heappush(self._waiting, (step, order, story))
                break
        if steps:
            yield steps

"""What a supply says of properties that it closes: which others took their place. Pure, for a preview and for an import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.events.registration import SuccessionKind

SUCCESSOR_RECORD = 30


@dataclass(frozen=True, slots=True)
class Closed:
    """A property that a supply makes history, or deletes (`withdrawn`), and the UPRNs that took its place."""

    uprn: int
    successors: tuple[int, ...]
    line: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """`along_with`: the other properties that became the same one."""

    closed: Closed
    how: SuccessionKind
    along_with: tuple[int, ...] = ()

    @property
    def because(self) -> str:
        """Why the predecessor is gone, for its history."""
        others = ", ".join(map(str, self.closed.successors))
        return f"{self.how} in the gazetteer: see UPRN {others}"


def successions(closed: Iterable[Closed]) -> Sequence[Succession]:
    """Several successors: a split. One that has several predecessors: a merger. Else one replaced the other."""
    listed = list(closed)
    before: defaultdict[int, list[int]] = defaultdict(list)
    for one in listed:
        for successor in one.successors:
            before[successor].append(one.uprn)
    return [_succession(one, before[one.successors[0]]) for one in listed]


def _succession(closed: Closed, predecessors: Sequence[int]) -> Succession:
    if len(closed.successors) > 1:
        return Succession(closed, "split")
    others = tuple(uprn for uprn in predecessors if uprn != closed.uprn)
    return Succession(closed, "merged", others) if others else Succession(closed, "replaced")

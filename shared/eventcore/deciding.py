"""What a decision is made of. Pure: a `decider.py` may import this module, `shared.events`, `shared.law` and the standard library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from shared.law.rules import Refused, Rule

__all__ = ["Boundary", "Claim", "Decider", "Hold", "Refused", "Release", "Rule"]

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Claim:
    """An event takes one of `limit` places under `tag`, across all streams of the authority; none left breaks `rule`.
    The tag may hold personal data: the store keeps only its keyed hash."""

    tag: str
    rule: Rule
    limit: int = 1


@dataclass(frozen=True, slots=True)
class Hold:
    """An event takes the time from `start` until `end` (aware, `end` not included) under `tag`, which may be held once at
    a time across all streams of the authority; an overlap breaks `rule`. Only for services whose migrations keep
    `boundary_time` (ADR 0005)."""

    tag: str
    rule: Rule
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """An event gives back the place, or all the time, that its stream held under `tag`."""

    tag: str


Boundary = Claim | Hold | Release


def no_boundary(_event: Any) -> Iterable[Boundary]:
    return ()


@dataclass(frozen=True, eq=False)
class Decider(Generic[C, S, E]):
    """One decision: `decide(command, state) -> events` (or `Refused`), `evolve(state, event) -> state`, from `initial`.

    `kind` names the stream kind for ever. `snapshot_every` > 0 keeps a disposable fold of long streams, whose type is `state`;
    a change of that type's fields or of `state_version` drops them, so that a deploy never reads an old shape.
    """

    kind: str
    initial: S
    decide: Callable[[C, S], Sequence[E]]
    evolve: Callable[[S, E], S]
    boundary: Callable[[E], Iterable[Boundary]] = no_boundary
    snapshot_every: int = 0
    state: Any = None
    state_version: int = 1

    @cached_property
    def events(self) -> frozenset[type]:
        """The facts that its streams are made of, as `evolve` is annotated; empty where it takes any."""
        said = [hint for name, hint in get_type_hints(self.evolve).items() if name != "return"]
        event = said[-1] if len(said) == 2 else Any
        return frozenset(each for each in get_args(event) or (event,) if isinstance(each, type) and each is not Any)

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        current = self.initial if state is None else state
        for event in events:
            current = self.evolve(current, event)
        return current

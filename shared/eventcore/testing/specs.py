"""Specs for deciders: `spec(decider).given(events).when(command).then(events)` or `.refused("rule-name")`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.eventcore.deciding import Decider, Refused


@dataclass(frozen=True)
class Spec:
    """A sentence about one decision. Needs no fixture, mock or event loop."""

    decider: Decider[Any, Any, Any]
    history: tuple[Any, ...] = ()

    def given(self, *events: Any) -> Spec:
        return Spec(self.decider, self.history + events)

    def when(self, command: Any) -> Outcome:
        state = self.decider.fold(self.history)
        try:
            return Outcome(tuple(self.decider.decide(command, state)), None)
        except Refused as refusal:
            return Outcome((), refusal)

    def state(self) -> Any:
        return self.decider.fold(self.history)


@dataclass(frozen=True)
class Outcome:
    events: tuple[Any, ...]
    refusal: Refused | None

    def then(self, *expected: Any) -> None:
        assert self.refusal is None, f"refused: {self.refusal and self.refusal.rule.name}"
        assert self.events == expected

    def nothing_happens(self) -> None:
        self.then()

    def refused(self, rule: str) -> None:
        assert self.refusal is not None, f"not refused, but: {self.events}"
        assert self.refusal.rule.name == rule, f"refused by {self.refusal.rule.name}"
        assert self.refusal.rule.source, f"{rule} cites no source"


def spec(decider: Decider[Any, Any, Any]) -> Spec:
    return Spec(decider)

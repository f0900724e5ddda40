"""Policies: what follows from an event. A decider turned round: pure `react(event) -> what to do`.

    @policy("when_application_allowed_then_add_elector", on=[ApplicationAllowed])
    def add_elector(event: Recorded[ApplicationAllowed]) -> Iterable[Do | Later | Never]:
        yield Do(electors, event.data.elector_id, AddElector(…))

Redelivery is harmless: the id of a command is the hash of policy, event and ordinal. A policy either yields or, as an
adapter at the border, calls out; never both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.eventcore.checkpoints import Conn
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.deciding import Decider, Refused
from shared.eventcore.execute import Executor
from shared.eventcore.projection import contexts_of
from shared.eventcore.recording import Recorded
from shared.eventcore.tracing import following
from shared.events.definition import REGISTRY, Registry


@dataclass(frozen=True, slots=True)
class Do:
    """Carry out a command now. With `may_refuse`, a broken rule is an answer (somebody was quicker), not a fault."""

    decider: Decider[Any, Any, Any]
    stream_id: UUID
    command: Any
    reason: str = ""
    may_refuse: bool = True


@dataclass(frozen=True, slots=True)
class Later:
    """Carry out a command when it falls due, unless `Never` comes first. `purpose` is unique within the stream."""

    due_at: datetime
    decider: Decider[Any, Any, Any]
    stream_id: UUID
    command: Any
    purpose: str


@dataclass(frozen=True, slots=True)
class Never:
    """Call off what was to happen `Later` on this stream for this purpose."""

    stream_id: UUID
    purpose: str


Reaction = Callable[[Recorded[Any]], Iterable[Do | Later | Never]]


@dataclass(frozen=True)
class Policy:
    name: str
    wires: frozenset[str]
    react: Reaction

    @property
    def sources(self) -> frozenset[str]:
        return contexts_of(self.wires)


def policy(name: str, *, on: Sequence[type], registry: Registry = REGISTRY) -> Callable[[Reaction], Policy]:
    """Declare a policy. Its name reads `when_x_then_y` and is part of its command ids: never rename a live one."""

    def declare(react: Reaction) -> Policy:
        return Policy(name, frozenset(registry.by_class[event].wire for event in on), react)

    return declare


def command_id(policy_name: str, event_id: str, ordinal: int) -> str:
    return "policy:" + hashlib.sha256(f"{policy_name}|{event_id}|{ordinal}".encode()).hexdigest()[:40]


class PolicyReader:
    """A policy as a `Reader`. Commands go through the executor; deadlines are written with the position."""

    def __init__(self, policy: Policy, execute: Executor, deadlines: Deadlines) -> None:
        self.policy, self._execute, self._deadlines = policy, execute, deadlines

    @property
    def consumer(self) -> str:
        return f"policy:{self.policy.name}"

    def wants(self, wire: str) -> bool:
        return wire in self.policy.wires

    async def handle(self, conn: Conn, events: Sequence[Recorded[Any]]) -> None:
        for event in events:
            with following(event, f"policy {self.policy.name}"):
                for ordinal, step in enumerate(self.policy.react(event)):
                    await self._take(conn, event, ordinal, step)

    async def _take(self, conn: Conn, event: Recorded[Any], ordinal: int, step: Do | Later | Never) -> None:
        by = replace(
            event.metadata,
            actor=f"policy:{self.policy.name}",
            causation_id=event.id,
            command_id=command_id(self.policy.name, event.id, ordinal),
            origin="policy",
            reason="",
        )
        match step:
            case Do(decider, stream_id, command, reason, may_refuse):
                try:
                    await self._execute(decider, stream_id, command, by=replace(by, reason=reason))
                except Refused:
                    if not may_refuse:
                        raise
            case Later(due_at, decider, stream_id, command, purpose):
                await self._deadlines.set(conn, stream_id, purpose, due_at, decider, command, by)
            case Never(stream_id, purpose):
                await self._deadlines.call_off(conn, stream_id, purpose, event.recorded_at)

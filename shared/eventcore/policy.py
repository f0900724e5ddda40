"""Policies: what follows from an event. A decider turned round: pure `react(event) -> what to do`.

    @policy("when_application_allowed_then_add_elector", on=[ApplicationAllowed])
    def add_elector(event: Recorded[ApplicationAllowed]) -> Iterable[Do | Later | Never]:
        yield Do(electors, event.data.elector_id, AddElector(…))

With `given=`, an async function gathers what the event does not say (`Lookup`: states and histories of streams) and the
policy becomes `react(known, event)`: still pure. Redelivery is harmless: the id of a command is the hash of policy, event
and ordinal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from shared.eventcore.checkpoints import Conn
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.deciding import Decider, Refused
from shared.eventcore.execute import Executor
from shared.eventcore.opening import Opener
from shared.eventcore.projection import contexts_of
from shared.eventcore.recording import Metadata, Recorded
from shared.eventcore.tracing import following
from shared.events.definition import REGISTRY, Registry

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Do:
    """Carry out a command now. With `may_refuse`, a broken rule is an answer (somebody was quicker), not a fault."""

    decider: Decider[Any, Any, Any]
    stream_id: UUID
    command: Any
    reason: str = ""
    may_refuse: bool = True
    again_on: frozenset[str] = frozenset()
    """Rules whose breach means: gather what is known again and react anew."""


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


Step = Do | Later | Never
Reaction = Callable[..., Iterable[Step]]
"""`react(event)`, or `react(known, event)` when the policy has `given`."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a policy may ask before it reacts: streams of the event's own authority, and rows of read models."""

    execute: Executor
    opener: Opener
    conn: Conn
    authority: str
    attempt: int
    """Counts up when a step's rule in `again_on` was broken: known facts were stale, ask afresh or choose another."""

    async def state(self, decider: Decider[Any, S, Any], stream_id: UUID) -> S:
        return (await self.execute.state(decider, stream_id, self.authority)).state

    async def history(self, stream_id: UUID) -> list[Recorded[Any]]:
        return await self.opener.open(self.conn, await self.execute.store.stream(stream_id, self.authority))


Given = Callable[[Lookup, Recorded[Any]], Awaitable[Any]]
ATTEMPTS = 100


@dataclass(frozen=True)
class Policy:
    name: str
    wires: frozenset[str]
    react: Reaction
    given: Given | None = None

    @property
    def consumer(self) -> str:
        """Under which its positions are kept."""
        return f"policy:{self.name}"

    @property
    def sources(self) -> frozenset[str]:
        return contexts_of(self.wires)


def policy(
    name: str, *, on: Sequence[type], given: Given | None = None, registry: Registry = REGISTRY
) -> Callable[[Reaction], Policy]:
    """Declare a policy. Its name reads `when_x_then_y` and is part of its command ids: never rename a live one."""

    def declare(react: Reaction) -> Policy:
        return Policy(name, frozenset(registry.by_class[event].wire for event in on), react, given)

    return declare


def command_id(policy_name: str, event_id: str, ordinal: int) -> str:
    return "policy:" + hashlib.sha256(f"{policy_name}|{event_id}|{ordinal}".encode()).hexdigest()[:40]


class PolicyReader:
    """A policy as a `Reader`. Commands go through the executor; deadlines are written with the position."""

    def __init__(self, policy: Policy, execute: Executor, opener: Opener, deadlines: Deadlines) -> None:
        self.policy, self._execute, self._opener, self._deadlines = policy, execute, opener, deadlines

    @property
    def consumer(self) -> str:
        return self.policy.consumer

    def wants(self, wire: str) -> bool:
        return wire in self.policy.wires

    async def handle(self, conn: Conn, events: Sequence[Recorded[Any]]) -> None:
        for event in events:
            with following(event, f"policy {self.policy.name}"):
                for attempt in range(ATTEMPTS):
                    if await self._react(conn, event, attempt):
                        break
                else:
                    raise RuntimeError(f"{self.policy.name} found no way to react in {ATTEMPTS} attempts")

    async def _react(self, conn: Conn, event: Recorded[Any], attempt: int) -> bool:
        """Take every step that follows from the event; false when the policy must react anew."""
        if self.policy.given is None:
            steps = self.policy.react(event)
        else:
            lookup = Lookup(self._execute, self._opener, conn, event.authority, attempt)
            steps = self.policy.react(await self.policy.given(lookup, event), event)
        for ordinal, step in enumerate(steps):
            by = event.metadata._replace(
                actor=f"policy:{self.policy.name}",
                causation_id=event.id,
                command_id=command_id(self.policy.name, event.id, ordinal),
                origin="policy",
                reason="",
            )
            match step:
                case Do():
                    if not await self._do(step, by._replace(reason=step.reason)):
                        return False
                case Later(due_at, decider, stream_id, command, purpose):
                    await self._deadlines.set(conn, stream_id, purpose, due_at, decider, command, by)
                case Never(stream_id, purpose):
                    await self._deadlines.call_off(conn, stream_id, purpose, event.recorded_at)
        return True

    async def _do(self, step: Do, by: Metadata) -> bool:
        try:
            # The event asks for this step, however the command that meets it comes to look.
            await self._execute(step.decider, step.stream_id, step.command, by=by, asked=f"step:{by.command_id}")
        except Refused as refusal:
            if refusal.rule.name in step.again_on:
                return False
            if not step.may_refuse:
                raise
        return True

"""Carrying out a command: load, decide, append; once per command id, re-decided when the stream moved on."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar, assert_never
from uuid import UUID

from shared.eventcore.clock import LONDON
from shared.eventcore.codec import decode, encode, subject_in, subject_of
from shared.eventcore.deciding import Boundary, Claim, Decider, Hold, Refused, Release
from shared.eventcore.errors import ForeignStream, VersionConflict
from shared.eventcore.keys import BlindIndex
from shared.eventcore.recording import Metadata, Receipt, shard_of
from shared.eventcore.sealing import CACHE_SECONDS, KeyState, SubjectKeys
from shared.eventcore.snapshots import Folded, Snapshots
from shared.eventcore.store import Appended, Change, Commit, Store, StoredEvent, act_for
from shared.events.core import LegalHoldLifted, LegalHoldPlaced, SubjectErased
from shared.events.definition import REGISTRY, Registry
from shared.events.values import PersonId

S = TypeVar("S")
ATTEMPTS = 3
"""How often a decision is made on fresh state before a clash is handed back, when the caller named no version."""


class Executor:
    """Executes the commands of one service. Share one per process: it holds the coalescing store."""

    def __init__(self, store: Store, keys: SubjectKeys, blind: BlindIndex, registry: Registry = REGISTRY) -> None:
        self.store, self.keys, self.blind, self._registry = store, keys, blind, registry
        self._snapshots = Snapshots(store.pool, keys)

    async def __call__(
        self,
        decider: Decider[Any, Any, Any],
        stream_id: UUID,
        command: Any,
        *,
        by: Metadata,
        expected: int | None = None,
        asked: str = "",
    ) -> Receipt:
        """The receipt of `command` on a stream. With `expected` (If-Match) a clash is final; without, it is decided anew.

        `asked` is what the caller sent, when `command` itself holds the time of receipt and so differs in a repeat.
        Raises `Refused`, `VersionConflict`, `ForeignStream`, `CommandReused`, `StoreUnavailable`.
        """
        fingerprint = self.fingerprint(decider, stream_id, command, by, asked)
        clashed = -1
        for attempt in range(1, ATTEMPTS + 1):
            known, repeated = await self._known(decider, stream_id, by.authority, by.command_id, fingerprint)
            if repeated is not None:
                return _first_answer(repeated, stream_id)
            if expected is not None and known.version != expected:
                raise VersionConflict(stream_id, expected, known.version)
            if known.version == clashed:  # nobody was quicker, for whoever was is seen by now: it is not ours
                raise ForeignStream(stream_id)
            events = decider.decide(command, known.state)
            if not events:
                return Receipt(stream_id, known.version, shard_of(stream_id), 0)
            try:
                return await self._append(decider, stream_id, known, events, by, fingerprint)
            except VersionConflict:
                if expected is not None or attempt == ATTEMPTS:
                    raise
                clashed = known.version
        raise AssertionError("unreachable")

    def fingerprint(
        self, decider: Decider[Any, Any, Any], stream_id: UUID, command: Any, by: Metadata, asked: str = ""
    ) -> str:
        """By which the command log tells a repeat from another command under the same id. Hashed: what was asked may hold
        personal data."""
        if not by.command_id:
            return ""
        return self.blind.of("command", asked or f"{decider.kind}:{stream_id}:{command!r}", by.authority).hex()

    async def state(
        self,
        decider: Decider[Any, S, Any],
        stream_id: UUID,
        authority: str,
        *,
        as_at: datetime | None = None,
        effective: datetime | None = None,
    ) -> Folded[S]:
        """The stream folded now; or from what was recorded by `as_at`; or from the facts that hold at `effective`."""
        if as_at is None and effective is None:
            return (await self._known(decider, stream_id, authority))[0]
        events = [
            e
            for e in await self.store.stream(stream_id, authority)
            if (as_at is None or e.recorded_at <= as_at) and (effective is None or e.occurred_at <= effective)
        ]
        opened, subject = await self._open([StoredEvent(e.version, e.type, e.payload) for e in events], stream_id)
        return Folded(events[-1].version if events else 0, _folded(decider, opened, stream_id), subject)

    # --- people's data -----------------------------------------------------------------------------------------------

    async def erase(self, subject_id: UUID, *, legal_basis: str, asked_by: str, by: Metadata) -> Receipt:
        """Destroy a person's key and record it. Raises `Refused`: `legal-hold`, `unknown-subject`."""
        async with self.store.pool.acquire() as conn, conn.transaction():
            await act_for(conn, by.authority)
            await self.keys.erase(conn, subject_id, by.authority, self.store.clock())
        # By the time the erasure is recorded, no process remembers the key: a view that lags cannot write a name after it
        # was told to forget. A crash in between leaves an erased person whose erasure is recorded by asking again.
        await asyncio.sleep(CACHE_SECONDS)
        return await self._note(subject_id, SubjectErased(PersonId(subject_id), legal_basis, asked_by, by.actor), by)

    async def hold(self, subject_id: UUID, *, reason: str, review_on: date | None, by: Metadata) -> Receipt:
        async with self.store.pool.acquire() as conn, conn.transaction():
            await act_for(conn, by.authority)
            await self.keys.place_hold(
                conn, subject_id, by.authority, reason=reason, by=by.actor, now=self.store.clock()
            )
        return await self._note(subject_id, LegalHoldPlaced(PersonId(subject_id), reason, review_on), by)

    async def lift_hold(self, subject_id: UUID, *, reason: str, by: Metadata) -> Receipt:
        async with self.store.pool.acquire() as conn, conn.transaction():
            await act_for(conn, by.authority)
            await self.keys.lift_hold(conn, subject_id, by.authority)
        return await self._note(subject_id, LegalHoldLifted(PersonId(subject_id), reason), by)

    async def _note(self, subject_id: UUID, event: object, by: Metadata) -> Receipt:
        """Append to the person's own stream, whose id is derived from the subject and holds nothing else."""
        stream_id = subject_stream(subject_id)
        return await self(_SUBJECTS, stream_id, event, by=by)

    # --- loading and appending ---------------------------------------------------------------------------------------

    async def _known(
        self,
        decider: Decider[Any, Any, Any],
        stream_id: UUID,
        authority: str,
        command_id: str = "",
        fingerprint: str = "",
    ) -> tuple[Folded[Any], Appended | None]:
        start = await self._snapshots.load(decider, stream_id, authority) if decider.snapshot_every else None
        after = start.version if start else 0
        loaded = await self.store.load(
            stream_id, authority, after=after, command_id=command_id, fingerprint=fingerprint
        )
        opened, subject = await self._open(loaded.events, stream_id)
        state = decider.fold(opened, start.state) if start else _folded(decider, opened, stream_id)
        return Folded(loaded.version(after), state, subject or (start.subject if start else None)), loaded.repeated

    async def _open(self, events: Sequence[StoredEvent], stream_id: UUID) -> tuple[list[Any], UUID | None]:
        subjects = [subject_in(e.type, e.payload, self._registry) for e in events]
        wanted = {s for s in subjects if s is not None}
        keys: dict[UUID, KeyState] = {}
        if wanted:
            async with self.store.pool.acquire() as conn:
                keys.update(await self.keys.load(conn, wanted))
        opened, stream = [], str(stream_id)
        for event, subject in zip(events, subjects, strict=True):
            data = decode(
                event.type,
                event.payload,
                keys.get(subject) if subject else None,
                self._registry,
                place=f"{stream}@{event.version}",
            )
            if data is None:
                raise LookupError(f"this build does not know the event type {event.type}")
            opened.append(data)
        return opened, next(iter(wanted), None)

    async def _append(
        self,
        decider: Decider[Any, Any, Any],
        stream_id: UUID,
        known: Folded[Any],
        events: Sequence[Any],
        by: Metadata,
        fingerprint: str,
    ) -> Receipt:
        now = self.store.clock()
        subjects = {s for e in events if (s := subject_of(e, self._registry)) is not None}
        keys: dict[UUID, KeyState] = {}
        if subjects:
            async with self.store.pool.acquire() as conn:
                keys.update(await self.keys.load_or_create(conn, subjects, by.authority, now))
        encoded = [
            encode(e, keys.get(s) if (s := subject_of(e, self._registry)) else None, self._registry) for e in events
        ]
        changes = [change for e in events for change in decider.boundary(e)]
        rules = {c.rule.name: c.rule for c in changes if isinstance(c, Claim | Hold)}
        by = self.sealed(by)
        commit = Commit(
            stream_id, decider.kind, known.version, encoded, [self.occurred(e, now) for e in events], by, fingerprint,
            [self._place(c, by.authority) for c in changes],
        )  # fmt: skip
        appended = await self.store.append(commit)
        if appended.outcome == "refused":
            raise Refused(rules[appended.rule])
        if appended.outcome == "repeated":
            return _first_answer(appended, stream_id)
        every = decider.snapshot_every
        if every and appended.version // every > known.version // every:
            folded = Folded(
                appended.version, decider.fold(events, known.state), known.subject or next(iter(subjects), None)
            )
            await self._snapshots.keep(decider, stream_id, by.authority, folded)
        return Receipt(
            stream_id, appended.version, shard_of(stream_id), appended.position,
            tuple(type(e).__name__ for e in events),
        )  # fmt: skip

    def _place(self, change: Boundary, authority: str) -> Change:
        tag = self.blind.of("boundary", change.tag, authority)
        match change:
            case Claim():
                return Change(tag, change.rule.name, change.limit)
            case Hold():
                return Change(tag, change.rule.name, held=(change.start, change.end))
            case Release():
                return Change(tag, release=True)
            case _:
                assert_never(change)

    def sealed(self, by: Metadata) -> Metadata:
        """As it is stored and published."""
        return by._replace(reason=self.keys.seal_reason(by.reason, by.authority)) if by.reason else by

    def occurred(self, event: Any, now: datetime) -> datetime:
        """When the fact holds: midnight in London of its effective date, else now."""
        name = self._registry.of(event).effective
        on: date | None = getattr(event, name) if name else None
        return now if on is None else datetime.combine(on, time(), LONDON)


def _folded(decider: Decider[Any, S, Any], events: Sequence[Any], stream_id: UUID) -> S:
    """A whole stream folded. Raises `ForeignStream` for one of another kind: its id was given for one of ours."""
    if events and decider.events and type(events[0]) not in decider.events:
        raise ForeignStream(stream_id)
    return decider.fold(events)


def _first_answer(repeated: Appended, stream_id: UUID) -> Receipt:
    """A command that came again is answered by what became of it first, perhaps on a stream of another id."""
    stream_id = repeated.stream_id or stream_id
    return Receipt(stream_id, repeated.version, shard_of(stream_id), repeated.position, repeated=True)


def subject_stream(subject_id: UUID) -> UUID:
    """Where erasure and legal holds of a person are recorded."""
    return UUID(bytes=hashlib.sha256(b"subject:" + subject_id.bytes).digest()[:16])


# A person's own stream has no rules beyond those that `SubjectKeys` enforces on the key itself: the command is the event.
_SUBJECTS: Decider[Any, tuple[()], Any] = Decider("subject", (), lambda event, _: [event], lambda state, _: state)

"""From stored, sealed events to the events that handlers see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.eventcore.checkpoints import Conn
from shared.eventcore.codec import Unreadable, decode, subject_in
from shared.eventcore.kafka import Stored
from shared.eventcore.keys import Keyring
from shared.eventcore.recording import Recorded
from shared.eventcore.sealing import KeyState, SubjectKeys, Tampered
from shared.events.definition import REGISTRY, Registry


def with_keys_in(directory: Path) -> Opener:
    """For a process that is told where its keys are. Raises `KeyFault`."""
    return Opener(SubjectKeys(Keyring.load(directory)))


class Opener:
    """Opens events with this service's keys. Without keys (`None`), personal values come out as `Sealed`."""

    def __init__(self, keys: SubjectKeys | None, registry: Registry = REGISTRY) -> None:
        self._keys, self._registry = keys, registry

    async def open(self, conn: Conn, events: Sequence[Stored]) -> list[Recorded[Any]]:
        """The events in the same order. Raises for one that this build cannot read; its reader will park it."""
        subjects = [subject_in(e.type, e.payload, self._registry) for e in events]
        keys: dict[UUID, KeyState] = {}
        if self._keys is not None and (wanted := {s for s in subjects if s is not None}):
            keys.update(await self._keys.load(conn, wanted))
        return [self._recorded(e, keys.get(s) if s else None) for e, s in zip(events, subjects, strict=True)]

    def _recorded(self, event: Stored, key: KeyState) -> Recorded[Any]:
        try:
            data = decode(event.type, event.payload, key, self._registry)
        except (Tampered, Unreadable):  # only a failure needs the event's id: spelling it costs as much as reading it
            data = decode(event.type, event.payload, key, self._registry, place=event.id)
        if data is None:
            raise LookupError(f"this build does not know the event type {event.type}")
        metadata = event.metadata
        if metadata.reason and self._keys is not None:
            metadata = metadata._replace(reason=self._keys.open_reason(metadata.reason, metadata.authority))
        return Recorded(
            data, event.type, event.stream_id, event.kind, event.version, event.shard, event.position,
            event.occurred_at, event.recorded_at, metadata,
        )  # fmt: skip

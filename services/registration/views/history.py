"""One stream read from the store, opened, with who and why: timelines and explanations start here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from shared.eventcore.execute import Executor
from shared.eventcore.opening import Opener
from shared.eventcore.recording import Recorded
from shared.service.database import Connection


class Happening(BaseModel):
    """One event of a history, in words. `occurred_at` is when the fact holds, `recorded_at` when we learnt it."""

    event_id: str
    what: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reason: str
    origin: str


async def history(request: Request, conn: Connection, authority: str, *streams: UUID) -> list[Recorded[Any]]:
    """The events of some streams of this authority, opened, in the order in which they were recorded."""
    execute: Executor = request.app.state.execute
    stored = [event for stream in streams for event in await execute.store.stream(stream, authority)]
    events = await Opener(execute.keys).open(conn, stored)
    return sorted(events, key=lambda e: (e.recorded_at, e.position))


def in_words(name: str) -> str:
    """`ElectorAdded` -> `Elector added`."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda m: " " + m[1].lower(), name)


def timeline(events: Iterable[Recorded[Any]]) -> list[Happening]:
    """A history as an officer reads it, oldest first."""
    return [
        Happening(
            event_id=e.id,
            what=in_words(type(e.data).__name__),
            occurred_at=e.occurred_at,
            recorded_at=e.recorded_at,
            actor=e.metadata.actor,
            reason=e.metadata.reason,
            origin=e.metadata.origin,
        )
        for e in events
    ]


def version_of(events: Sequence[Recorded[Any]], stream: UUID, response: Response) -> None:
    """Give the stream's version as `ETag`, for the `If-Match` of the next command."""
    response.headers["ETag"] = f'"{max((e.version for e in events if e.stream_id == stream), default=0)}"'

"""One stream read from the store, opened, with who and why: timelines and explanations start here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Request, Response
from pydantic import BaseModel

from shared.eventcore.recording import Recorded
from shared.events.values import Authority as Gss
from shared.events.values import Uprn, property_id
from shared.service.audit_trail import in_words
from shared.service.auth import Authority

ReadStream = Callable[[UUID, str], Awaitable[list[Recorded[Any]]]]
PropertyKey = UUID | Annotated[int, Path(ge=1, lt=10**12, description="UPRN; or the property's id")]


class Happening(BaseModel):
    """One event of a history, in words. `occurred_at` is when the fact holds, `recorded_at` when we learnt it."""

    event_id: str
    what: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reason: str
    origin: str


async def history(request: Request, authority: str, *streams: UUID) -> list[Recorded[Any]]:
    """The events of some streams of this authority, opened, in the order in which they were recorded.

    Takes connections of its own, so a route asks for it before it asks for `Reading`: no request waits for a second
    connection while it holds a first.
    """
    read: ReadStream = request.app.state.history
    events = [event for stream in streams for event in await read(stream, authority)]
    return sorted(events, key=lambda e: (e.recorded_at, e.position))


async def of_application(request: Request, authority: Authority, application_id: UUID) -> list[Recorded[Any]]:
    return await history(request, authority, application_id)


async def of_elector(request: Request, authority: Authority, elector_id: UUID) -> list[Recorded[Any]]:
    return await history(request, authority, elector_id)


async def of_property(request: Request, authority: Authority, key: PropertyKey) -> list[Recorded[Any]]:
    return await history(request, authority, stream_of(key, authority))


async def of_invitation(request: Request, authority: Authority, potential_elector_id: UUID) -> list[Recorded[Any]]:
    return await history(request, authority, potential_elector_id)


def stream_of(key: UUID | int, authority: str) -> UUID:
    """The property with this id or UPRN."""
    return key if isinstance(key, UUID) else property_id(Gss(authority), Uprn(key))


ApplicationHistory = Annotated[list[Recorded[Any]], Depends(of_application)]
ElectorHistory = Annotated[list[Recorded[Any]], Depends(of_elector)]
InvitationHistory = Annotated[list[Recorded[Any]], Depends(of_invitation)]
PropertyHistory = Annotated[list[Recorded[Any]], Depends(of_property)]
"""Parameters of a page's route, before its `Reading`: the history of what the path names."""


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


def version_of(events: Sequence[Recorded[Any]], response: Response) -> None:
    """Give the version of a stream read whole as `ETag`, for the `If-Match` of the next command."""
    response.headers["ETag"] = f'"{events[-1].version if events else 0}"'

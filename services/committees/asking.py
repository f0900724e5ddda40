"""What a command needs to know of another stream of this service: asked of the stream itself, never of a view."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request

from shared.eventcore.deciding import Decider
from shared.service.auth import Authority

S = TypeVar("S")


class Streams:
    """The streams of the council that a request acts for."""

    def __init__(self, request: Request, authority: str) -> None:
        self._execute, self._authority = request.app.state.execute, authority

    async def state(self, decider: Decider[Any, S, Any], stream: UUID) -> S:
        state: S = (await self._execute.state(decider, stream, self._authority)).state
        return state


def streams(request: Request, authority: Authority) -> Streams:
    return Streams(request, authority)


Ask = Annotated[Streams, Depends(streams)]
"""Parameter of a command route: `await ask.state(committees, committee_id)`."""

"""Who may read what. Routes deny by default; these are the roles that open them. What the council must publish, anybody
reads: of the council that this deployment serves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from shared.service.auth import requires
from shared.service.database import Connection, reading_on

OFFICERS = requires("dem-services")
"""Everything, exempt business included."""
INSIDE = requires("dem-services", "member", "group-support")
"""The calendar with its logistics, agendas as the public has them."""
NAME_READERS = requires(
    "dem-services", "member", "group-support", "finance-clerk", "finance-approver", "correspondence"
)
"""Who a member is and how they are reached: also for a pay line or a letter."""


async def public_reading(request: Request) -> AsyncIterator[Connection]:
    async with reading_on(request.app.state.pool, request.app.state.settings.authority) as conn:
        yield conn


PublicReading = Annotated[Connection, Depends(public_reading, scope="function")]
"""Parameter of a public GET route: as `Reading`, for somebody who has not signed in."""

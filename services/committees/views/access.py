"""Who may read what. Routes deny by default; these are the roles that open them. What the council must publish, anybody
reads: of the council that this deployment serves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.service.auth import requires
from shared.service.database import Connection, reading_on
from shared.service.problems import MEDIA_TYPE

OFFICERS = requires("dem-services")
"""Everything, exempt business included."""
INSIDE = requires("dem-services", "member", "group-support")
"""The calendar with its logistics, agendas as the public has them."""
NAME_READERS = requires(
    "dem-services", "member", "group-support", "finance-clerk", "finance-approver", "correspondence"
)
"""Who a member is and how they are reached: also for a pay line or a letter."""


def opened(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a public route that answers in these media types; the chassis describes the guarded ones."""
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refused = {404: "Not there, or not open to the public", 422: "Not an address of this kind", 503: "Come again later"}
    described: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in media_types}}}
    for status, said in refused.items():
        described[status] = {"description": said, "content": problem}
    return described


async def public_reading(request: Request) -> AsyncIterator[Connection]:
    async with reading_on(request.app.state.pool, request.app.state.settings.authority) as conn:
        yield conn


PublicReading = Annotated[Connection, Depends(public_reading, scope="function")]
"""Parameter of a public GET route: as `Reading`, for somebody who has not signed in."""

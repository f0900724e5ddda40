"""Every read of a sensitive record is written down before it is answered: who, what, why, when.

    @router.get("/electors/{elector_id}", dependencies=[requires("registration-officer"), audited("elector")])

The record is the route's first path parameter; of a list or search nothing that was typed is kept.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from shared.service.auth import Authority, Officer, requires
from shared.service.browsing import router as browsing
from shared.service.correlation import correlation_id
from shared.service.database import Reading
from shared.service.http import Reason

__all__ = ["audited", "router"]


def audited(kind: str) -> Any:
    """Dependency of a GET route that writes the read to `read_log`; without the row there is no answer."""

    async def note(request: Request, officer: Officer, authority: Authority, reason: Reason) -> None:
        record = next(iter(request.path_params.values()), "")
        await request.app.state.pool.execute(
            "INSERT INTO read_log (authority, actor, kind, record, purpose, correlation_id, at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            authority, officer.id, kind, str(record), reason, correlation_id(), request.app.state.clock(),
        )  # fmt: skip

    return Depends(note)


router = APIRouter(tags=["audit"])
router.include_router(browsing)


@router.get("/reads", dependencies=[requires("auditor", "dpo")])
async def reads(
    conn: Reading,
    record: Annotated[str | None, Query(description="id of the record that was looked at")] = None,
    actor: Annotated[str | None, Query(description="who looked")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[dict[str, Any]]:
    """Who looked at a record, or what somebody looked at; newest first."""
    rows = await conn.fetch(
        "SELECT at, actor, kind, record, purpose, correlation_id FROM read_log"
        " WHERE ($1::text IS NULL OR record = $1) AND ($2::text IS NULL OR actor = $2) ORDER BY at DESC, id DESC LIMIT $3",
        record, actor, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]

"""GET /own-acts: what the officer who asks has done, counted. For somebody who learns the work and wants to see how far they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from services.registration.views.access import OFFICERS
from shared.service.auth import Officer
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Now

_RECORDED = "SELECT type, count(*) AS times FROM audit.audited WHERE actor = $1 AND recorded_at >= $2 GROUP BY type"
_LOOKED_AT = "SELECT kind, count(DISTINCT record) AS records FROM read_log WHERE actor = $1 AND at >= $2 GROUP BY kind"
_RELEASED = (
    "SELECT count(DISTINCT made.stream_id) FROM audit.audited made JOIN audit.audited released USING (authority, stream_id)"
    " WHERE made.actor = $1 AND made.recorded_at >= $2 AND released.actor <> $1"
    " AND made.type LIKE '%.supply-file-made.v_' AND released.type LIKE '%.supply-released.v_'"
)
_EVER = datetime.min.replace(tzinfo=UTC)


class OwnActs(BaseModel):
    """`recorded`: events of this officer by type, such as `application-allowed.v1`; `looked_at`: different records by kind;
    `released_by_others`: copies of the register that this officer made and another handed over. `as_of`: the time here."""

    recorded: dict[str, int]
    looked_at: dict[str, int]
    released_by_others: int
    as_of: datetime


router = APIRouter(tags=["audit"], dependencies=[OFFICERS, caught_up("audit")])


@router.get("/own-acts")
async def own_acts(
    conn: Reading, officer: Officer, now: Now, since: Annotated[AwareDatetime | None, Query()] = None
) -> OwnActs:
    """Numbers only, and nobody else's: of whom they were is for auditors."""
    asked = (officer.id, since or _EVER)
    return OwnActs(
        recorded={row["type"].split(".", 2)[2]: row["times"] for row in await conn.fetch(_RECORDED, *asked)},
        looked_at={row["kind"]: row["records"] for row in await conn.fetch(_LOOKED_AT, *asked)},
        as_of=now,
        released_by_others=await conn.fetchval(_RELEASED, *asked),
    )

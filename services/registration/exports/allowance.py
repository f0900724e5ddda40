"""How many lines of the register one officer may take out in files on a day: whoever copies it whole again and again is stopped.

A file that another officer released is not counted: two people have answered for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import Depends, Request

from shared.eventcore.clock import LONDON, london_date
from shared.service.auth import Authority, Officer
from shared.service.database import ACQUIRE_SECONDS, read_as
from shared.service.problems import Problem

TakeOut = Callable[[int], Awaitable[None]]

_TAKE = """
INSERT INTO exported_rows (authority, actor, day, rows) SELECT $1, $2, $3::date, $4::bigint WHERE $4::bigint <= $5::bigint
ON CONFLICT (authority, actor, day) DO UPDATE SET rows = exported_rows.rows + excluded.rows
WHERE exported_rows.rows + excluded.rows <= $5::bigint
RETURNING rows
"""
_TAKEN = "SELECT rows FROM exported_rows WHERE authority = $1 AND actor = $2 AND day = $3"


async def allowance(request: Request, officer: Officer, authority: Authority) -> TakeOut:
    """`await take_out(rows)` before a file is made: raises `Problem` 429 where the day's limit would be passed."""
    limit: int = request.app.state.settings.export_rows_per_day
    now: datetime = request.app.state.clock()
    today = london_date(now)

    async def take_out(rows: int) -> None:
        async with request.app.state.pool.acquire(timeout=ACQUIRE_SECONDS) as conn, conn.transaction():
            await read_as(authority, conn)
            if await conn.fetchval(_TAKE, authority, officer.id, today, rows, limit) is not None:
                return
            taken = await conn.fetchval(_TAKEN, authority, officer.id, today) or 0
        midnight = datetime.combine(today + timedelta(days=1), time(), LONDON)
        raise Problem(
            429, "export-limit-reached",
            f"This file holds {rows:,} lines. You have taken out {taken:,} today, and one officer may take out {limit:,} a day.",
            source="Moothall limits: export rows a day; UK GDPR article 32",
            next="Take out a part, ask another officer, or come back tomorrow. A council changes it by MOOT_EXPORT_ROWS_PER_DAY.",
            headers={"Retry-After": str(int((midnight - now).total_seconds()) + 1)},
        )  # fmt: skip

    return take_out


Allowance = Annotated[TakeOut, Depends(allowance)]
"""Parameter of a route that gives lines of the register as a file."""

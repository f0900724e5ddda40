"""The rehearsal clock: a whole service lives through a canvass or an election in minutes. Never in production.

Every process of the service follows the `rehearsal` table within half a second; the one that was asked, at once.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel

from shared.eventcore.clock import RehearsalClock, system_clock
from shared.service.auth import requires
from shared.service.now import Now
from shared.service.problems import invalid

router = APIRouter(prefix="/rehearsal", tags=["rehearsal"], dependencies=[requires("ero-deputy", "operator")])


class Clock(BaseModel):
    now: AwareDatetime


@router.get("/clock")
async def read(now: Now) -> Clock:
    """What time the service thinks it is."""
    return Clock(now=now)


@router.put("/clock")
async def move(body: Clock, request: Request) -> Clock:
    """Move the service's clock forward to this instant; it runs on from there."""
    clock: RehearsalClock = request.app.state.clock
    ahead = body.now - system_clock()
    if not await request.app.state.pool.fetchval("SELECT move_rehearsal_clock($1)", ahead):
        raise invalid("now", "forward-only", f"The clock stands at {_minute(clock())} and cannot go back.")
    clock.offset = ahead
    return Clock(now=clock())


def _minute(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes")

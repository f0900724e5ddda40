"""The injected clock as parameters of a route: the instant of receipt and the day in London that the law counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request

from shared.eventcore.clock import london_date


async def instant(request: Request) -> datetime:
    now: datetime = request.app.state.clock()
    return now


async def day(request: Request) -> date:
    return london_date(request.app.state.clock())


Now = Annotated[datetime, Depends(instant)]
"""Parameter of a route: when the request came in, aware, UTC."""
Today = Annotated[date, Depends(day)]
"""Parameter of a route: that day in London."""

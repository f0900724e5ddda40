"""Routes of hearings: arranged where case, room, officer and law allow it, and cancelled."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field

from services.registration.applications.commands import CallHearing
from services.registration.applications.decider import applications
from services.registration.electors.commands import CallReviewHearing
from services.registration.electors.decider import electors
from services.registration.exchange.hearing_calendar import MEDIA_TYPE, calendar
from services.registration.hearings.decider import ArrangeHearing, CancelHearing, hearings
from services.registration.views.access import OFFICERS
from services.registration.views.hearings import every_hearing
from shared.eventcore.recording import Receipt
from shared.events.registration import HearingAbout
from shared.events.values import HearingId
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(prefix="/hearings", tags=["hearings"], dependencies=[OFFICERS])


class Arrangement(BaseModel):
    """`officer`: the username of who holds it. `minutes`: quarters of an hour."""

    about: HearingAbout
    case_id: UUID
    day: date
    starts: time
    minutes: int = Field(45, ge=15, le=480)
    room: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
    officer: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=refusals("hearing-room-taken", "hearing-officer-engaged", "hearing-out-of-time", "no-such-objection"),
)
async def arrange(
    body: Arrangement, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """Arrange a hearing and tell the parties: on the third to seventh working day after today (RPR r.30)."""
    await check_case(body, request, authority, today)
    hearing = HearingId(uuid4())
    command = ArrangeHearing(
        hearing, body.about, body.case_id, today, body.day, body.starts, body.minutes, body.room, body.officer
    )
    return await execute(hearings, hearing, command, by=officer)


async def check_case(body: Arrangement, request: Request, authority: str, today: date) -> None:
    """Raises `Refused` unless the case itself would call a hearing for that day."""
    call: Any = (CallHearing if body.about == "application" else CallReviewHearing)(today, body.day)
    case: Any = applications if body.about == "application" else electors
    case.decide(call, (await request.app.state.execute.state(case, body.case_id, authority)).state)


class Cancellation(BaseModel):
    because: str = Field(min_length=1, max_length=40, pattern=r"^[a-z-]+$", examples=["objection-withdrawn"])


@router.post("/{hearing}/cancellation", responses=refusals("no-such-hearing"))
async def cancel(hearing: UUID, body: Cancellation, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """It does not take place then; room and officer are free again. Another may be arranged."""
    return await execute(hearings, hearing, CancelHearing(today, body.because), by=officer)


feed = APIRouter(tags=["hearings"], dependencies=[OFFICERS, caught_up("hearings")])


@feed.get("/hearings.ics", response_class=Response, responses={200: {"content": {"text/calendar": {}}}})
async def calendar_of_hearings(conn: Reading, officer: str | None = None) -> Response:
    """Hearings as a calendar (RFC 5545), all of them or one officer's, without anybody's name."""
    return Response(calendar(await fetch(conn, every_hearing(officer))), media_type=MEDIA_TYPE)

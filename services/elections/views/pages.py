"""GET routes of polls: lists, one poll with its timetable, its electorate, its checklist, its notices."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel
from sqlalchemy import Select, select, tuple_

from services.elections.polls.electorates import contests_of, electorates
from services.elections.views.access import READERS
from services.elections.views.checklist import Item, Situation, checklist
from services.elections.views.electorate import ContestElectorate
from services.elections.views.polls import Count, Done, Election, Notice, Recomputation, Step
from shared.events.elections import NoticeKind
from shared.law.polling_days import polling_window
from shared.law.voting_systems import PollKind
from shared.law.working_days import HolidaysUnknown, calendar
from shared.service.auth import Authority
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Now
from shared.service.paging import Page, Paged
from shared.service.problems import invalid, not_found

# The electorate follows another service's positions, which no answer of ours can name: no route waits for it.
router = APIRouter(tags=["elections"], dependencies=[READERS, caught_up("polls")])

THURSDAY = 3


class ElectionLine(BaseModel):
    """One poll in a list. `cancelled`: why, or empty."""

    election_id: UUID
    kind: str
    title: str
    polling_day: date
    organisation: str
    by_election: bool
    group_ids: list[str]
    cancelled: str


class PollingDays(BaseModel):
    """The days on which a poll may be held, and the Thursdays among them. `last` absent: no limit in days."""

    first: date
    last: date | None
    thursdays: list[date]
    rule: str
    source: str


class ContestPage(BaseModel):
    contest_id: UUID
    ballot_id: str
    area_kind: str
    area_name: str
    area_code: str
    districts: list[str]
    seats: int
    voting_system: str
    system_source: str
    question: str
    register_used: str


class SkippedDay(BaseModel):
    day: date
    reason: str


class StepLine(BaseModel):
    """One step. `closes`: London time of day, absent for the midnight that ends the day. `rule` reads on from the date."""

    key: str
    title: str
    owner: str
    day: date
    closes: time | None
    closes_at: datetime
    opens_at: datetime | None
    rule: str
    source: str
    skipped: list[SkippedDay]
    note: str


class Moved(BaseModel):
    key: str
    title: str
    was: date
    becomes: date
    overtaken: bool


class Recomputed(BaseModel):
    """One time that the timetable moved."""

    because: str
    recomputed_on: date
    changes: list[Moved]
    notices_kept: list[str]


class ContestCounted(BaseModel):
    contest_id: UUID
    electors: int
    postal_voters: int
    not_counted_yet: int


class Counted(BaseModel):
    """The electorate as a published notice left it, for planning."""

    counted_on: date
    because: str
    contests: list[ContestCounted]


class PublishedNotice(BaseModel):
    notice: str
    version: int
    published_at: datetime
    content_sha256: str


class ElectionPage(ElectionLine):
    officer: str
    reason: str | None
    id_scheme: str
    contests: list[ContestPage]
    timetable: list[StepLine]
    recomputed: list[Recomputed]
    counts: list[Counted]
    notices: list[PublishedNotice]


@router.get("/elections")
async def list_elections(
    conn: Reading,
    paged: Paged,
    since: Annotated[date | None, Query(description="polling days from this one on")] = None,
) -> Page[ElectionLine]:
    """Polls by polling day."""
    query = select(*Election.__table__.columns).order_by(Election.polling_day, Election.election_id)
    if since is not None:
        query = query.where(Election.polling_day >= since)
    if paged.after is not None:
        day, last = paged.after
        query = query.where(
            tuple_(Election.polling_day, Election.election_id) > tuple_(date.fromisoformat(day), UUID(last))
        )
    page = paged.page(
        await fetch(conn, query.limit(paged.limit + 1)),
        lambda row: (row["polling_day"].isoformat(), str(row["election_id"])),
    )
    return Page(items=[ElectionLine(**row) for row in page.items], next=page.next)


@router.get("/polling-days", dependencies=[READERS])
async def polling_days(
    kind: PollKind,
    cause_on: Annotated[
        date,
        Query(ge=date(2012, 1, 1), le=date(2099, 12, 31), description="of the vacancy, demand or decision"),
    ],
    by_election: bool = False,
    business: bool = False,
) -> PollingDays:
    """On which days the law allows a poll after what brought it about. Not found where it sets no such limit."""
    try:
        window = polling_window(kind, cause_on, by_election=by_election, business=business)
    except HolidaysUnknown as unknown:
        raise invalid("cause_on", "holidays-unknown", f"The bank holidays of {unknown.year} are not known.") from None
    if window is None:
        raise not_found()
    span = range((window.last - window.first).days + 1 if window.last else 0)
    days = [window.first + timedelta(days=n) for n in span]
    thursdays = [day for day in days if day.weekday() == THURSDAY]
    return PollingDays(
        first=window.first, last=window.last, thursdays=thursdays, rule=window.rule, source=window.source
    )


@router.get("/elections/{election_id}")
async def election_page(election_id: UUID, conn: Reading) -> ElectionPage:
    """One poll with its contests, its timetable as it stands, and how that came to be."""
    election = await _election(conn, election_id)
    return ElectionPage(
        **election,
        contests=[ContestPage(**row) for row in await contests_of(conn, election_id)],
        timetable=[StepLine(**row) for row in await fetch(conn, _steps(election_id))],
        recomputed=[
            Recomputed(**row)
            for row in await fetch(conn, _of(Recomputation, election_id).order_by(Recomputation.version))
        ],
        counts=[Counted(**row) for row in await fetch(conn, _of(Count, election_id).order_by(Count.version))],
        notices=[
            PublishedNotice(**row) for row in await fetch(conn, _of(Notice, election_id).order_by(Notice.version))
        ],
    )


@router.get("/elections/{election_id}/electorate")
async def electorate(election_id: UUID, conn: Reading, authority: Authority) -> list[ContestElectorate]:
    """Electors and postal voters of each contest by polling district, as they will stand on polling day."""
    await _election(conn, election_id)
    return await electorates(conn, authority, election_id)


@router.get("/elections/{election_id}/checklist")
async def checklist_page(election_id: UUID, conn: Reading, authority: Authority, now: Now) -> list[Item]:
    """What has to be done, by whom, by when, and what stands in the way."""
    election = await _election(conn, election_id)
    same_day = select(Election.election_id, Election.title).where(
        Election.polling_day == election["polling_day"], Election.election_id != election_id, Election.cancelled == ""
    )
    notices = select(Step.election_id).where(Step.key == "notice-of-election")
    hanging = select(Done.election_id).where(Done.step == "notice-of-election")
    waiting = same_day.where(Election.election_id.in_(notices), Election.election_id.not_in(hanging))
    situation = Situation(
        steps=await fetch(conn, _steps(election_id)),
        done={row["step"]: row["completed_on"] for row in await fetch(conn, _of(Done, election_id))},
        electorates=await electorates(conn, authority, election_id),
        nominations_arranged=bool(election["nominations_at"]),
        others_without_notice=[row["title"] for row in await fetch(conn, waiting.order_by(Election.title))],
    )
    return checklist(situation, now, calendar())


@router.get("/elections/{election_id}/notices/{notice}.html", response_class=HTMLResponse)
async def published_notice(election_id: UUID, notice: NoticeKind, conn: Reading) -> HTMLResponse:
    """The notice that hangs, word for word; of several timetables the latest."""
    query = _of(Notice, election_id).where(Notice.notice == notice).order_by(Notice.version.desc()).limit(1)
    rows = await fetch(conn, query)
    if not rows:
        raise not_found()
    return HTMLResponse(rows[0]["content"])


async def _election(conn: Connection, election_id: UUID) -> dict[str, Any]:
    rows = await fetch(conn, _of(Election, election_id))
    if not rows:
        raise not_found()
    return rows[0]


def _of(model: Any, election_id: UUID) -> Select[Any]:
    return select(*model.__table__.columns).where(model.election_id == election_id)


def _steps(election_id: UUID) -> Select[Any]:
    return _of(Step, election_id).order_by(Step.closes_at, Step.key)

"""Routes of a canvass year: start it, send electors for matching, take results in, draw up the routes, close it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Request, Response, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.registration.canvass.matching import Taken, file_for_match, take_in
from services.registration.canvass.routing import Routing
from services.registration.canvass.years.decider import (
    Canvassing,
    CloseCanvass,
    ReceiveMatchResult,
    SendElectors,
    StartCanvass,
    canvasses,
    expect,
    open_canvass,
)
from services.registration.imports.api import Jobs
from services.registration.imports.runs import Run, RunReport
from services.registration.imports.upload import received
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.events.registration import CanvassId, canvass_id
from shared.events.values import Authority as Council
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited

Year = Annotated[int, Path(ge=2020, le=2100)]
RESULT_LIMIT = 64 * 2**20
"""Bytes of a match result: half a million electors fit."""
CHUNK = 2**18
MANAGERS = requires("ero-deputy")
OFFICERS = requires("registration-officer", "ero-deputy")
router = APIRouter(prefix="/canvasses", tags=["canvass"])


async def under_way(request: Request, authority: str, year: int) -> Canvassing:
    """The open canvass of a year. Raises `Refused`: `no-canvass`, `canvass-closed`."""
    execute: Executor = request.app.state.execute
    return open_canvass((await execute.state(canvasses, of_year(authority, year), authority)).state)


def of_year(authority: str, year: int) -> CanvassId:
    return canvass_id(Council(authority), year)


class Start(BaseModel):
    """`recent_days`: for how many days after being added electors match by themselves, 0 to 90."""

    year: int = Field(ge=2020, le=2100)
    recent_days: int = Field(90, ge=0, le=90)


@router.post(
    "", dependencies=[MANAGERS], responses=refusals("canvass-started", invalid=("not-the-year-of-the-canvass",))
)
async def start(body: Start, execute: Execute, officer: Officer, authority: Authority, today: Today) -> Receipt:
    """Start the canvass of this year."""
    canvass = of_year(authority, body.year)
    return await execute(canvasses, canvass, StartCanvass(canvass, body.year, today, body.recent_days), by=officer)


@router.post(
    "/{year}/match-file", response_class=StreamingResponse,
    dependencies=[MANAGERS, caught_up("electors", "properties", "register"), audited("electors for match")],
    responses=refusals("no-canvass", "canvass-closed"),
)  # fmt: skip
async def match_file(
    year: Year, request: Request, conn: Reading, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> StreamingResponse:
    """The file of all ordinary electors for the national match, as CSV; that it was made is recorded."""
    await under_way(request, authority, year)
    made = await file_for_match(conn, authority, today)
    try:
        command = SendElectors(made.electors, made.sha256, today)
        await execute(canvasses, of_year(authority, year), command, by=officer)
    except BaseException:
        made.file.close()
        raise

    def chunks() -> Iterator[bytes]:
        with made.file:
            while chunk := made.file.read(CHUNK):
                yield chunk

    headers = {"Content-Disposition": f'attachment; filename="canvass-{year}-electors.csv"'}
    return StreamingResponse(chunks(), media_type="text/csv; charset=utf-8", headers=headers)


class BadLine(BaseModel):
    line: int
    column: str
    reason: str


class MatchTaken(BaseModel):
    """How a result was taken in. `unknown`: rows about nobody who was sent; `refusals`: the first of the bad rows."""

    matched: int
    unmatched: int
    unknown: int
    refused: int
    refusals: list[BadLine]

    @classmethod
    def of(cls, taken: Taken) -> MatchTaken:
        bad = [BadLine(line=row.line, column=row.column, reason=row.reason) for row in taken.refusals]
        return cls(
            matched=taken.matched, unmatched=taken.unmatched, unknown=taken.unknown, refused=taken.refused, refusals=bad
        )


@router.post(
    "/{year}/match-results/{source}", dependencies=[OFFICERS],
    responses=refusals("no-canvass", "canvass-closed", "nothing-sent-for-match", invalid=("not-a-match-result",)),
    openapi_extra={"requestBody": {"required": True, "content": {"text/csv": {}}}},
)  # fmt: skip
@accepts_up_to(RESULT_LIMIT)
async def match_result(
    year: Year,
    source: Literal["national", "local"],
    request: Request,
    officer: Officer,
    authority: Authority,
    execute: Execute,
    today: Today,
) -> MatchTaken:
    """Take in what a match answered: CSV with `elector_id` and `result`. Draw up the routes afterwards."""
    expect(await under_way(request, authority, year), source)
    canvass = of_year(authority, year)
    with closing(await received(request)) as upload:
        taken = await take_in(request.app.state.pool, authority, canvass, source, upload.files[0])
        command = ReceiveMatchResult(source, upload.sha256, taken.matched, taken.unmatched, taken.unknown, today)
        await execute(canvasses, canvass, command, by=officer)
    return MatchTaken.of(taken)


@router.post(
    "/{year}/routes", status_code=status.HTTP_202_ACCEPTED, dependencies=[OFFICERS],
    responses=refusals("no-canvass", "canvass-closed", "import-under-way"),
)  # fmt: skip
async def draw_up_routes(
    year: Year, request: Request, response: Response, jobs: Jobs, officer: Officer, authority: Authority
) -> RunReport:
    """Match every property and give it its route, in the background. Again, it goes on with what has changed since."""
    canvassing = await under_way(request, authority, year)
    run = Run(routes_run(authority, year), authority, "canvass-routes", officer.id)
    response.headers["Location"] = f"/canvasses/{year}/routes"
    await jobs.start(run, Routing(jobs.execute, run, canvassing.started))
    return await _report(jobs, authority, run.id)


@router.get("/{year}/routes", dependencies=[OFFICERS])
async def routes_report(year: Year, jobs: Jobs, authority: Authority) -> RunReport:
    """How the latest drawing up of routes stands: properties done of all, and counts."""
    return await _report(jobs, authority, routes_run(authority, year))


@router.post("/{year}/close", dependencies=[MANAGERS], responses=refusals("no-canvass", "canvass-closed"))
async def close(year: Year, execute: Execute, officer: Officer, authority: Authority, today: Today) -> Receipt:
    """Close the canvass: the revised register follows."""
    return await execute(canvasses, of_year(authority, year), CloseCanvass(today), by=officer)


def routes_run(authority: str, year: int) -> UUID:
    return uuid5(of_year(authority, year), "routes")


async def _report(jobs: Jobs, authority: str, id: UUID) -> RunReport:
    report = await jobs.runs.find(authority, id)
    if report is None:
        raise not_found()
    return report

"""Routes of imports: a gazetteer file, boundaries, allocation; how each run went.

A file's identity is its content, so these POSTs need no `Idempotency-Key`: the same file again is the same run. The body is
the file itself, or `multipart/form-data` with one part for each volume of a supply. Runs go on in the background of this
process; their reports are in the database, so that any replica answers for them.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import ExitStack, closing
from functools import partial
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request, Response, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.registration.exchange.gazetteer.opening import LIMITS
from services.registration.imports import boundaries
from services.registration.imports.decider import supply_id
from services.registration.imports.gazetteer import GazetteerImport
from services.registration.imports.jobs import ImportJobs, Work
from services.registration.imports.runs import Refusal, Run, RunReport
from services.registration.imports.upload import Upload, received
from shared.eventcore.checkpoints import Conn
from shared.events.registration import BoundaryKind
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer, requires
from shared.service.problems import not_found, refusals
from shared.service.spreadsheet import inert

BOUNDARY_LIMIT = 64 * 2**20
"""Bytes of GeoJSON: read whole, it takes about ten times as much memory."""
SHOWN_REFUSALS = 100

router = APIRouter(tags=["imports"], dependencies=[requires("registration-officer", "ero-deputy")])


def jobs_of(request: Request) -> ImportJobs:
    jobs: ImportJobs = request.app.state.imports
    return jobs


Jobs = Annotated[ImportJobs, Depends(jobs_of)]


@router.post(
    "/gazetteer/imports", status_code=status.HTTP_202_ACCEPTED, responses=refusals("import-under-way"),
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {}, "multipart/form-data": {}}}},
)  # fmt: skip
@accepts_up_to(LIMITS.upload)
async def import_gazetteer(
    request: Request,
    response: Response,
    jobs: Jobs,
    officer: Officer,
    authority: Authority,
    encoding: Annotated[Literal["utf-8", "cp1252"], Query(description="of CSV; XML declares its own")] = "utf-8",
    extract: Annotated[
        bool, Query(description="the file was cut from a larger one; its trailer need not agree")
    ] = False,
) -> RunReport:
    """AddressBase Premium (CSV 1 or 2, GML) or LLPG DTF 7.3, plain, gzip or zip, recognised by content.

    202 and a report to follow; 200 with the first result when this file has been loaded before.
    """
    upload = await received(request)
    with ExitStack() as until_taken:
        until_taken.callback(upload.close)
        run, earlier = await run_of(jobs, officer.id, authority, upload.sha256)
        response.headers["Location"] = f"/gazetteer/imports/{run.id}"
        if earlier is not None:
            response.status_code = status.HTTP_200_OK if earlier.state == "done" else status.HTTP_202_ACCEPTED
            return earlier
        await jobs.start(run, loading(jobs, run, upload, encoding, extract))
        until_taken.pop_all()
    return await report_of(jobs, authority, run.id)


async def run_of(jobs: ImportJobs, officer: str, authority: str, sha256: str) -> tuple[Run, RunReport | None]:
    """The run that loads a file, and its report where it goes on or is done."""
    again = await jobs.runs.taken_back(authority, sha256)
    run = Run(supply_id(authority, sha256, again), authority, "gazetteer", officer, sha256)
    earlier = await jobs.runs.find(authority, run.id, SHOWN_REFUSALS)
    return run, earlier if earlier is not None and earlier.state in ("running", "applied", "done") else None


@router.get("/gazetteer/imports")
async def list_imports(
    jobs: Jobs, authority: Authority, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[RunReport]:
    """Gazetteer and allocation runs, newest first, without their refused rows."""
    return [await report_of(jobs, authority, id, 0) for id in await jobs.runs.latest(authority, limit)]


@router.get("/gazetteer/imports/{run}")
async def import_report(run: UUID, jobs: Jobs, authority: Authority) -> RunReport:
    """How a gazetteer or allocation run stands, with the first refused rows."""
    return await report_of(jobs, authority, run)


@router.get("/gazetteer/imports/{run}/refusals.csv", response_class=StreamingResponse)
async def refused_rows(run: UUID, jobs: Jobs, authority: Authority) -> StreamingResponse:
    """Every refused row (the first 10,000): where it is, what is wrong with it, by which rule."""
    await report_of(jobs, authority, run, 0)
    lines = _csv(jobs.runs.refusals(authority, run))
    disposition = {"Content-Disposition": 'attachment; filename="refusals.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=disposition)


@router.post("/gazetteer/allocations", status_code=status.HTTP_202_ACCEPTED, responses=refusals("import-under-way"))
async def allocate_again(jobs: Jobs, officer: Officer, authority: Authority, response: Response) -> RunReport:
    """Allocate every property of the gazetteer by the boundaries in use. What was allocated by hand stays."""
    run = Run(uuid4(), authority, "allocation", officer.id)
    response.headers["Location"] = f"/gazetteer/imports/{run.id}"
    await jobs.start(run, partial(jobs.allocate_all, run))
    return await report_of(jobs, authority, run.id)


class BoundariesInUse(BaseModel):
    kind: BoundaryKind
    version: str
    areas: int
    repaired: tuple[str, ...]
    """Codes of areas whose outline crossed itself; look at them."""
    allocation: RunReport


@router.post(
    "/boundaries/{kind}", status_code=status.HTTP_202_ACCEPTED,
    responses=refusals("import-under-way", invalid=("not-geojson", "no-area-code", "outside-great-britain")),
    openapi_extra={"requestBody": {"required": True, "content": {"application/geo+json": {}}}},
)  # fmt: skip
@accepts_up_to(BOUNDARY_LIMIT)
async def load_boundaries(
    kind: BoundaryKind,
    request: Request,
    jobs: Jobs,
    officer: Officer,
    authority: Authority,
    code_property: Annotated[
        str | None, Query(description="which property holds the code, when it is not found")
    ] = None,
    name_property: str | None = None,
) -> BoundariesInUse:
    """Put the boundaries of a GeoJSON file into use for one kind of area, and allocate every property by them."""
    with closing(await received(request)) as upload:
        given = await asyncio.to_thread(boundaries.read, upload, kind, code_property, name_property)
    run = Run(uuid4(), authority, "allocation", officer.id)
    await jobs.start(run, partial(jobs.allocate_all, run, instead=given))
    return BoundariesInUse(
        kind=kind,
        version=given.version,
        areas=len(given.areas),
        repaired=given.repaired,
        allocation=await report_of(jobs, authority, run.id),
    )


def loading(
    jobs: ImportJobs,
    run: Run,
    upload: Upload,
    encoding: str,
    extract: bool,
    then: Callable[[], Awaitable[None]] | None = None,
) -> Work:
    """The work of loading a file, which closes the upload; `then` is done once all is recorded."""

    async def load(conn: Conn) -> None:
        with closing(upload):
            await GazetteerImport(jobs.execute, jobs.runs, run, upload.files, encoding=encoding, extract=extract)(conn)
        if then is not None:
            await then()

    return load


async def report_of(jobs: ImportJobs, authority: str, id: UUID, refused: int = SHOWN_REFUSALS) -> RunReport:
    report = await jobs.runs.find(authority, id, refused)
    if report is None:
        raise not_found()
    return report


async def _csv(rows: AsyncIterator[Refusal]) -> AsyncIterator[str]:
    yield _line(("volume", "line", "record", "field", "value", "rule", "reason", "first line"))
    async for row in rows:
        record, first = row.record or "", row.first_line or ""
        yield _line((row.volume, row.line, record, row.field, inert(row.value), row.rule, row.reason, first))


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()

"""Routes of a gazetteer file that is looked at first: what it would change, its commit, and taking an import back."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import date
from functools import partial
from typing import Annotated, Any, Final, Literal
from uuid import UUID, uuid4

import orjson
from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, Field

from services.registration.imports import kept_files
from services.registration.imports.api import SHOWN_REFUSALS, Jobs, loading, report_of, run_of
from services.registration.imports.decider import undo_id
from services.registration.imports.jobs import ImportJobs, Work
from services.registration.imports.preview import Change, GazetteerPreview
from services.registration.imports.runs import Run, RunReport
from services.registration.imports.undo import GazetteerUndo
from services.registration.imports.upload import Upload, received
from shared.eventcore.checkpoints import Conn
from shared.eventcore.deciding import Refused, Rule
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer, requires
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found, refusals

PREVIEW_LIMIT: Final = 256 * 2**20
"""Bytes of a file that is kept until it is committed. A larger one is loaded without a preview."""
_WHY: Final = "Moothall: what is carried out is what was looked at"
OUTDATED = Rule(
    "preview-outdated",
    "The gazetteer was loaded or taken back after this file was looked at.",
    _WHY,
    "Send the file for another preview.",
)
GONE = Rule(
    "preview-gone",
    "This file is not kept any more: it was committed, or another preview took its place.",
    _WHY,
    "Send the file for another preview.",
)
NOT_READY = Rule(
    "preview-not-ready",
    "This preview did not get to its end.",
    _WHY,
    "Wait until it is done; if it was refused or interrupted, send the file again.",
)
LOADED_BEFORE = Rule(
    "loaded-before",
    "This file was loaded before, so an older supply would undo what later ones said.",
    "OS AddressBase Premium technical specification: supplies are applied in their order",
    "Ask for a fresh supply; or take the later ones back, and this one.",
)
LATER_STANDS = Rule(
    "later-import-stands",
    "Another file was loaded after this one, on top of it.",
    "Moothall: imports are taken back in the reverse order of their loading",
    "Take the later one back first.",
)
NOT_UNDOABLE = Rule(
    "not-undoable",
    "Only a gazetteer file that was loaded to its end can be taken back.",
    "Moothall: imports are taken back as a whole",
    "If it was interrupted, send the file again, so that it gets to its end.",
)
router = APIRouter(tags=["imports"], dependencies=[requires("registration-officer", "ero-deputy")])


@router.post(
    "/gazetteer/previews", status_code=status.HTTP_202_ACCEPTED, responses=refusals("import-under-way"),
    dependencies=[caught_up("properties", "electors")],
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {}, "multipart/form-data": {}}}},
)  # fmt: skip
@accepts_up_to(PREVIEW_LIMIT)
async def preview(
    request: Request,
    response: Response,
    jobs: Jobs,
    officer: Officer,
    authority: Authority,
    today: Today,
    encoding: Annotated[Literal["utf-8", "cp1252"], Query(description="of CSV; XML declares its own")] = "utf-8",
    extract: Annotated[
        bool, Query(description="the file was cut from a larger one; its trailer need not agree")
    ] = False,
) -> RunReport:
    """What a gazetteer file would change. Changes nothing; the file is kept until it is committed, or another is looked at."""
    upload = await received(request)
    with ExitStack() as until_taken:
        until_taken.callback(upload.close)
        run = Run(uuid4(), authority, "gazetteer-preview", officer.id, upload.sha256)
        response.headers["Location"] = f"/gazetteer/imports/{run.id}"
        await jobs.start(run, _looking(jobs, run, upload, today, encoding, extract))
        until_taken.pop_all()
    return await report_of(jobs, authority, run.id)


class Facts(BaseModel):
    """A property in a preview. `because`: why people may be registered there, or not."""

    line: str
    class_code: str
    electoral: bool
    because: str


class Successor(BaseModel):
    """A property that the file names as taking the place; `line` is absent where nobody knows it."""

    uprn: int
    line: str | None


class ChangeLine(BaseModel):
    """What the file would do to one property. `electors`: entries that stand there. `note`: what cannot be carried out as the
    file says, and why."""

    uprn: int
    property_id: UUID
    change: Change
    before: Facts | None
    after: Facts | None
    electors: int
    successors: list[Successor]
    note: str


@router.get("/gazetteer/previews/{run}/changes")
async def changes(
    run: UUID, jobs: Jobs, conn: Reading, paged: Paged, authority: Authority, change: Change | None = None
) -> Page[ChangeLine]:
    """The changes of a preview in the order of the file, all or of one kind."""
    await _of_kind(jobs, authority, run, "gazetteer-preview")
    after = paged.after[0] if paged.after is not None else 0
    rows = await conn.fetch(
        "SELECT * FROM import_change WHERE authority = $1 AND run_id = $2 AND ordinal > $3"
        " AND ($4::text IS NULL OR change = $4) ORDER BY ordinal LIMIT $5",
        authority, run, after, change, paged.limit + 1,
    )  # fmt: skip
    page = paged.page(rows, lambda row: [row["ordinal"]])
    return Page(items=[_line(row) for row in page.items], next=page.next)


@router.post(
    "/gazetteer/previews/{run}/commit", status_code=status.HTTP_202_ACCEPTED,
    responses=refusals(
        "preview-outdated", "preview-gone", "preview-not-ready", "loaded-before", "import-under-way"
    ),
)  # fmt: skip
async def commit(run: UUID, response: Response, jobs: Jobs, officer: Officer, authority: Authority) -> RunReport:
    """Load the file that was looked at. The report is that of the import."""
    seen = await _of_kind(jobs, authority, run, "gazetteer-preview")
    if seen.state != "done" or seen.supply is None:
        raise Refused(NOT_READY)
    loaded, earlier = await run_of(jobs, officer.id, authority, seen.file_sha256)
    response.headers["Location"] = f"/gazetteer/imports/{loaded.id}"
    if earlier is not None:
        if earlier.started_at < seen.started_at:
            raise Refused(LOADED_BEFORE)
        return earlier  # committed already
    if await jobs.runs.later(authority, seen.started_at, "gazetteer", "gazetteer-undo"):
        raise Refused(OUTDATED)
    pool = jobs.execute.store.pool
    upload = await kept_files.kept(pool, authority, run, seen.file_sha256)
    if upload is None:
        raise Refused(GONE)
    with ExitStack() as until_taken:
        until_taken.callback(upload.close)
        encoding, extract = seen.supply["encoding"], seen.supply["extract"]
        done = partial(kept_files.drop, pool, authority)
        await jobs.start(loaded, loading(jobs, loaded, upload, encoding, extract, done))
        until_taken.pop_all()
    return await report_of(jobs, authority, loaded.id)


class Undoing(BaseModel):
    because: str = Field(min_length=1, max_length=500)


@router.post(
    "/gazetteer/imports/{run}/undo", status_code=status.HTTP_202_ACCEPTED,
    responses=refusals("later-import-stands", "not-undoable", "import-under-way"),
)  # fmt: skip
async def undo(
    run: UUID, body: Undoing, response: Response, jobs: Jobs, officer: Officer, authority: Authority
) -> RunReport:
    """Take back what an import said of each property. What others have changed since stays, and is counted."""
    report = await jobs.runs.find(authority, run)
    if report is None:
        raise not_found()
    undoing = Run(undo_id(run), authority, "gazetteer-undo", officer.id, report.file_sha256)
    earlier = await jobs.runs.find(authority, undoing.id, SHOWN_REFUSALS)
    if earlier is not None and earlier.state in ("running", "done"):
        return earlier
    if report.kind != "gazetteer" or report.state not in ("done", "undone"):
        raise Refused(NOT_UNDOABLE)
    if await jobs.runs.later(authority, report.started_at, "gazetteer"):
        raise Refused(LATER_STANDS)
    response.headers["Location"] = f"/gazetteer/imports/{undoing.id}"
    await jobs.start(undoing, GazetteerUndo(jobs.execute, undoing, run, body.because))
    return await report_of(jobs, authority, undoing.id)


def _looking(jobs: ImportJobs, run: Run, upload: Upload, today: date, encoding: str, extract: bool) -> Work:
    async def look(conn: Conn) -> None:
        with closing(upload):
            await kept_files.keep(jobs.execute.store.pool, run.authority, run.id, upload)
            await GazetteerPreview(
                jobs.execute, jobs.runs, run, upload.files, today, encoding=encoding, extract=extract
            )(conn)

    return look


async def _of_kind(jobs: ImportJobs, authority: str, run: UUID, kind: str) -> RunReport:
    report = await jobs.runs.find(authority, run)
    if report is None or report.kind != kind:
        raise not_found()
    return report


def _line(row: Any) -> ChangeLine:
    read = {name: orjson.loads(row[name]) if row[name] else None for name in ("before", "after", "successors")}
    return ChangeLine(
        uprn=row["uprn"], property_id=row["property_id"], change=row["change"], before=read["before"],
        after=read["after"], electors=row["electors"], successors=read["successors"] or [], note=row["note"],
    )  # fmt: skip

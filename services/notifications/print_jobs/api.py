"""Routes of print jobs: what the print house says became of the letters, and a job made again."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.notifications.exchange.print_house import Unreadable, read_report
from services.notifications.print_jobs.decider import AskReprint, Release, Report, print_jobs
from services.notifications.views.access import CORRESPONDENCE
from services.notifications.views.print_batches import Batch, held
from shared.eventcore.recording import Metadata, Receipt
from shared.events.values_notifications import PrintJobId
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer
from shared.service.commands import ORIGIN, Execute
from shared.service.correlation import correlation_id
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Now
from shared.service.problems import FieldError, Problem, invalid_fields, refusals

REPORT_LIMIT = 10 * 1024 * 1024
MOST_ERRORS = 100
CSV_BODY = {
    "requestBody": {
        "required": True,
        "description": "CSV, UTF-8, with the columns job, seq, outcome (posted, spoiled, returned)",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}

router = APIRouter(prefix="/print-jobs/{job}", tags=["print jobs"], dependencies=[CORRESPONDENCE])


@router.post(
    "/reports", openapi_extra=CSV_BODY,
    responses=refusals(
        "unknown-print-job", "print-job-not-handed-over", "no-such-letter-in-job", "letter-reported-otherwise",
        invalid=["invalid-request"],
    ),
)  # fmt: skip
@accepts_up_to(REPORT_LIMIT)
async def report(job: UUID, request: Request, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """The file that the print house sends back. Reports add up; a spoiled letter goes again, a returned one has failed."""
    data = await request.body()
    outcomes, wrong = read_report(PrintJobId(job), data)
    if wrong:
        raise unreadable(wrong)
    return await execute(print_jobs, job, Report(outcomes, sha256(data).hexdigest(), now), by=officer)


@router.post("/reprints", responses=refusals("unknown-print-job", "print-job-not-handed-over"))
async def reprint(job: UUID, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """Have the job made again. It is handed over if it comes out the same; else its page names the letters that changed."""
    return await execute(print_jobs, job, AskReprint(now), by=officer)


@router.post("/release", responses=refusals("unknown-print-job", "print-release-needs-two"))
async def release(job: UUID, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """Let a job of a batch go to the print house: by another officer than the one who asked for the batch."""
    return await execute(print_jobs, job, Release(officer.id, now), by=officer)


batches = APIRouter(prefix="/print-batches/{batch}", tags=["print jobs"], dependencies=[CORRESPONDENCE])


class Released(BaseModel):
    """How many jobs of the batch this released; what is written later waits for another release."""

    jobs: int


@batches.post("/release", dependencies=[caught_up("print_jobs")], responses=refusals("print-release-needs-two"))
async def release_batch(
    batch: Batch, conn: Reading, request: Request, officer: Officer, authority: Authority, now: Now
) -> Released:
    """Let every job of a batch that is written go to the print house: by another officer than who asked for it."""
    jobs = await held(conn, authority, batch)
    for job in jobs:  # each under an id of its own: asked again, it goes on where it broke off
        by = Metadata(officer.id, authority, correlation_id(), command_id=f"release:{job}:{officer.id}", origin=ORIGIN)
        await request.app.state.execute(print_jobs, job, Release(officer.id, now), by=by)
    return Released(jobs=len(jobs))


def unreadable(wrong: list[Unreadable]) -> Problem:
    """Every row that cannot be read, by its line; nothing of the file was taken."""
    return invalid_fields(
        [FieldError(f"line {each.line}", each.column or "file", each.reason) for each in wrong[:MOST_ERRORS]]
    )

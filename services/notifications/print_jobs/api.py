"""Routes of print jobs: what the print house says became of the letters, and a job made again."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from fastapi import APIRouter, Request

from services.notifications.exchange.print_house import Unreadable, read_report
from services.notifications.print_jobs.decider import AskReprint, Report, print_jobs
from services.notifications.views.access import CORRESPONDENCE
from shared.eventcore.recording import Receipt
from shared.events.values_notifications import PrintJobId
from shared.service.app import accepts_up_to
from shared.service.auth import Officer
from shared.service.commands import Execute
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


def unreadable(wrong: list[Unreadable]) -> Problem:
    """Every row that cannot be read, by its line; nothing of the file was taken."""
    return invalid_fields(
        [FieldError(f"line {each.line}", each.column or "file", each.reason) for each in wrong[:MOST_ERRORS]]
    )

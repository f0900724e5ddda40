"""Print jobs: what was made, what the print house has, and what it still has to account for. No row names a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Index, Text, func, select, tuple_
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.views.access import CORRESPONDENCE, OUTCOMES
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.notifications import (
    PrintJobFrozen,
    PrintJobHandedOver,
    PrintJobReleased,
    PrintJobReported,
    PrintJobReprintAsked,
    PrintJobReprinted,
    PrintJobWithdrawn,
)
from shared.events.values_notifications import PrintOutcome
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found

JobStatus = Literal["frozen", "handed-over", "withdrawn"]
INSTANT = TIMESTAMP(timezone=True)


class PrintJob(ViewTable):
    """One job. `reprints`: how many were asked for; `reprinted`: how many of them are done."""

    __tablename__ = "job"
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    frozen_at: Mapped[datetime] = mapped_column(INSTANT)
    handed_over_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    status: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    letters: Mapped[int]
    reported_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    reprints: Mapped[int] = mapped_column(default=0)
    reprinted: Mapped[int] = mapped_column(default=0)
    batch: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(Text, default="")
    released_by: Mapped[str] = mapped_column(Text, default="")
    released_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)


class Letter(ViewTable):
    """One letter of a job. `changed_at_reprint`: the last reprint that it stood in the way of."""

    __tablename__ = "letter"
    __table_args__ = (Index("letter_by_message", "message_id"), {"schema": "print_jobs"})
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    attempt: Mapped[int]
    template: Mapped[str] = mapped_column(Text)
    template_version: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text, default="")
    changed_at_reprint: Mapped[int | None] = mapped_column(default=None)


@projection("print_jobs", version=2, tables=[PrintJob, Letter])
class PrintJobs:
    view: View

    @on(PrintJobFrozen)
    def frozen(self, tx: ViewTransaction, e: Recorded[PrintJobFrozen]) -> None:
        job = e.data
        tx.put(
            PrintJob, authority=e.authority, job_id=job.job_id, frozen_at=job.frozen_at, status="frozen",
            sha256=job.sha256, letters=len(job.letters), batch=job.batch, asked_by=job.asked_by,
        )  # fmt: skip
        for letter in job.letters:
            tx.put(
                Letter, authority=e.authority, job_id=job.job_id, seq=letter.seq, message_id=letter.message_id,
                attempt=letter.attempt, template=letter.template, template_version=letter.template_version,
                content_sha256=letter.content_sha256,
            )  # fmt: skip

    @on(PrintJobReleased)
    def released(self, tx: ViewTransaction, e: Recorded[PrintJobReleased]) -> None:
        tx.change(PrintJob, job_id=e.data.job_id, released_by=e.data.released_by, released_at=e.data.released_at)

    @on(PrintJobHandedOver)
    def handed_over(self, tx: ViewTransaction, e: Recorded[PrintJobHandedOver]) -> None:
        tx.change(PrintJob, job_id=e.data.job_id, status="handed-over", handed_over_at=e.data.handed_over_at)

    @on(PrintJobWithdrawn)
    def withdrawn(self, tx: ViewTransaction, e: Recorded[PrintJobWithdrawn]) -> None:
        tx.change(PrintJob, job_id=e.data.job_id, status="withdrawn")

    @on(PrintJobReported)
    def reported(self, tx: ViewTransaction, e: Recorded[PrintJobReported]) -> None:
        tx.change(PrintJob, job_id=e.data.job_id, reported_at=e.data.reported_at)
        for line in e.data.lines:
            tx.change(Letter, job_id=e.data.job_id, seq=line.seq, outcome=line.outcome)

    @on(PrintJobReprintAsked)
    def reprint_asked(self, tx: ViewTransaction, e: Recorded[PrintJobReprintAsked]) -> None:
        tx.change(PrintJob, job_id=e.data.job_id, reprints=e.data.number)

    @on(PrintJobReprinted)
    def reprinted(self, tx: ViewTransaction, e: Recorded[PrintJobReprinted]) -> None:
        tx.change(PrintJob, job_id=e.data.job_id, reprinted=e.data.number)
        for seq in e.data.changed:
            tx.change(Letter, job_id=e.data.job_id, seq=seq, changed_at_reprint=e.data.number)


class PrintJobLine(BaseModel):
    """One job. `letters` were made; `posted` (of which `returned`) and `spoiled` were reported; `unaccounted` is the rest, and
    the job reconciles when there is none. A job of a `batch` waits for its release."""

    job_id: UUID
    status: JobStatus
    frozen_at: datetime
    handed_over_at: datetime | None
    reported_at: datetime | None
    letters: int
    posted: int
    returned: int
    spoiled: int
    unaccounted: int
    reconciled: bool
    reprints: int
    reprinted: int
    batch: str
    released_at: datetime | None


class PrintedLine(BaseModel):
    seq: int
    message_id: UUID
    attempt: int
    template: str
    template_version: int
    content_sha256: str
    outcome: PrintOutcome | Literal[""]
    changed_at_reprint: int | None


class PrintJobPage(PrintJobLine):
    """One job with its letters, in order."""

    sha256: str
    lines: list[PrintedLine]


router = APIRouter(prefix="/print-jobs", tags=["print jobs"], dependencies=[caught_up("print_jobs")])


async def outcomes_of(conn: Connection, jobs: list[UUID]) -> dict[UUID, dict[str, int]]:
    """How many letters of each job came to which outcome."""
    query = (
        select(Letter.job_id, Letter.outcome, func.count().label("letters"))
        .where(Letter.job_id.in_(jobs))
        .group_by(Letter.job_id, Letter.outcome)
    )
    found: dict[UUID, dict[str, int]] = {}
    for row in await fetch(conn, query):
        found.setdefault(row["job_id"], {})[row["outcome"]] = row["letters"]
    return found


def accounted(row: dict[str, Any], counts: dict[str, int]) -> dict[str, Any]:
    """Made = sent = returned: every letter that was made has an outcome."""
    returned, unaccounted = counts.get("returned", 0), counts.get("", 0)
    return {
        "posted": counts.get("posted", 0) + returned,
        "returned": returned,
        "spoiled": counts.get("spoiled", 0),
        "unaccounted": unaccounted,
        "reconciled": row["status"] == "handed-over" and unaccounted == 0,
    }


@router.get("", dependencies=[OUTCOMES])
async def list_print_jobs(conn: Reading, paged: Paged) -> Page[PrintJobLine]:
    """Print jobs, the newest first."""
    query = select(*PrintJob.__table__.columns).order_by(PrintJob.frozen_at.desc(), PrintJob.job_id.desc())
    if paged.after is not None:
        after = (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1]))
        query = query.where(tuple_(PrintJob.frozen_at, PrintJob.job_id) < after)
    rows = await fetch(conn, query.limit(paged.limit + 1))
    counts = await outcomes_of(conn, [row["job_id"] for row in rows])
    page = paged.page(rows, lambda row: [row["frozen_at"].isoformat(), str(row["job_id"])])
    items = [PrintJobLine(**row, **accounted(row, counts.get(row["job_id"], {}))) for row in page.items]
    return Page(items=items, next=page.next)


@router.get("/{job_id}", dependencies=[CORRESPONDENCE])
async def print_job_page(job_id: UUID, conn: Reading) -> PrintJobPage:
    """One job with every letter in it, and what became of each."""
    found = await fetch(conn, select(*PrintJob.__table__.columns).where(PrintJob.job_id == job_id))
    if not found:
        raise not_found()
    counts = await outcomes_of(conn, [job_id])
    query = select(*Letter.__table__.columns).where(Letter.job_id == job_id).order_by(Letter.seq)
    lines = [PrintedLine(**row) for row in await fetch(conn, query)]
    return PrintJobPage(**found[0], **accounted(found[0], counts.get(job_id, {})), lines=lines)

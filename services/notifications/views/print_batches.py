"""Batches of letters, such as a round of the canvass: how many are written, released, handed over, returned."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel

from services.notifications.views.access import OUTCOMES
from shared.service.auth import Authority
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.problems import not_found

Batch = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", examples=["canvass-2026-CCA-1"])]

_LETTERS = """
    SELECT batch, count(*) AS letters, count(*) FILTER (WHERE status = 'waiting') AS waiting,
           count(*) FILTER (WHERE status = 'failed') AS failed
    FROM messages.message WHERE authority = $1 AND batch <> '' AND ($2::text IS NULL OR batch = $2)
    GROUP BY batch ORDER BY batch
"""
_PRINTED = """
    SELECT j.batch, count(*) FILTER (WHERE j.status = 'frozen') AS in_jobs,
           count(*) FILTER (WHERE j.status <> 'withdrawn') AS written,
           count(*) FILTER (WHERE j.status <> 'withdrawn' AND j.released_at IS NOT NULL) AS released,
           count(*) FILTER (WHERE j.status = 'handed-over') AS handed_over,
           count(*) FILTER (WHERE l.outcome IN ('posted', 'returned')) AS posted,
           count(*) FILTER (WHERE l.outcome = 'returned') AS returned,
           count(*) FILTER (WHERE l.outcome = 'spoiled') AS spoiled
    FROM print_jobs.job j JOIN print_jobs.letter l ON l.job_id = j.job_id
    WHERE j.authority = $1 AND j.batch <> '' AND ($2::text IS NULL OR j.batch = $2) GROUP BY j.batch
"""
HELD = """
    SELECT job_id FROM print_jobs.job
    WHERE authority = $1 AND batch = $2 AND status = 'frozen' AND released_at IS NULL ORDER BY frozen_at, job_id
"""
"""The jobs of a batch that wait for a second officer."""


class PrintBatch(BaseModel):
    """`letters` were asked for, of which so many are `to_write`, and `failed` for good. Of the `written` ones so many were
    `released`, `handed_over` to the print house, `posted` by its report (of which `returned`) or `spoiled`: those are written
    again, and count each time."""

    batch: str
    letters: int
    to_write: int
    failed: int
    written: int = 0
    released: int = 0
    handed_over: int = 0
    posted: int = 0
    returned: int = 0
    spoiled: int = 0


router = APIRouter(
    prefix="/print-batches", tags=["print jobs"], dependencies=[OUTCOMES, caught_up("messages", "print_jobs")]
)


@router.get("")
async def list_batches(conn: Reading, authority: Authority) -> list[PrintBatch]:
    """Every batch of letters, by name."""
    return await _batches(conn, authority, None)


@router.get("/{batch}")
async def print_batch(batch: Batch, conn: Reading, authority: Authority) -> PrintBatch:
    """How one batch stands."""
    found = await _batches(conn, authority, batch)
    if not found:
        raise not_found()
    return found[0]


async def held(conn: Any, authority: str, batch: str) -> list[UUID]:
    return [row["job_id"] for row in await conn.fetch(HELD, authority, batch)]


async def _batches(conn: Any, authority: str, batch: str | None) -> list[PrintBatch]:
    printed = {row["batch"]: dict(row) for row in await conn.fetch(_PRINTED, authority, batch)}
    made: list[PrintBatch] = []
    for row in await conn.fetch(_LETTERS, authority, batch):
        counts = printed.get(row["batch"], {})
        to_write = max(0, row["waiting"] - counts.pop("in_jobs", 0))
        made.append(PrintBatch(**{**row, **counts, "to_write": to_write}))
    return made

"""Letters that go to the print house in one job: how many are accounted for, what it reports, and a job made again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from desk.asking import Asking, Refusal
from desk.forms import Form, Sent
from desk.showing import moment, see_other, words
from desk.visiting import Ask, Show

COLOURS = {"frozen": "yellow", "handed-over": "blue", "withdrawn": "grey"}
LONGEST = 10 * 1024 * 1024
"""Bytes of a report, as notifications take it."""
router = APIRouter(prefix="/print-jobs")


@router.get("")
async def jobs(
    ask: Ask,
    show: Show,
    cursor: Annotated[str, Query(max_length=2000)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Response:
    """Print jobs, the newest first."""
    page = await ask.get("notifications", "/print-jobs", cursor=cursor, limit=limit)
    return show(
        "post_room/jobs.html", title="Print jobs", jobs=page["items"], next=page["next"], limit=limit, link=show.link,
        colours=COLOURS, standing=standing,
    )  # fmt: skip


@router.get("/{job}")
async def job(job: UUID, ask: Ask, show: Show) -> Response:
    """One job: its letters by what they are and what became of them."""
    return await _job(job, ask, show, Form())


@router.post("/{job}/reports")
async def report(job: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """The file that the print house sent back. Letters that it spoiled go again; one that came back has failed."""
    file = form.file("report", "Choose the file that the print house sent")
    if file is None:
        return await _job(job, ask, show, form)
    content = await file.read(LONGEST + 1)
    try:
        await ask.upload("notifications", f"/print-jobs/{job}/reports", content, key=form.key, media="text/csv")
    except Refusal as refusal:
        form.refused(refusal)
        form.errors["report"] = (
            "; ".join(f"{where}: {why}" for where, why in refusal.errors.items()) or refusal.sentence
        )
        return await _job(job, ask, show, form)
    return see_other(f"/print-jobs/{job}")


@router.post("/{job}/reprint")
async def reprint(job: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Have the job made again: it is handed over if every letter comes out the same."""
    try:
        await ask.command("notifications", f"/print-jobs/{job}/reprints", key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _job(job, ask, show, form)
    return see_other(f"/print-jobs/{job}")


async def _job(job: UUID, ask: Asking, show: Show, form: Form) -> Response:
    found = await ask.get("notifications", f"/print-jobs/{job}")
    return show(
        "post_room/job.html", title=f"Print job of {moment(found['frozen_at'])}", form=form, job=found, colours=COLOURS,
        counts=by_template(found["lines"]), changed=[line for line in found["lines"] if line["changed_at_reprint"]],
        standing=standing,
    )  # fmt: skip


def standing(job: dict[str, Any]) -> str:
    """Where a job stands in the print house's own words."""
    if job["reconciled"]:
        return "Every letter is accounted for"
    return {"frozen": "Being made", "withdrawn": "Withdrawn"}.get(job["status"], "With the print house")


def by_template(lines: Iterable[dict[str, Any]]) -> list[tuple[str, int, int, int, int]]:
    """Of each kind of letter: made, posted (those too that came back), spoiled, not accounted for."""
    counts: dict[str, Counter[str]] = {}
    for line in lines:
        counts.setdefault(words(line["template"]), Counter())[line["outcome"]] += 1
    return [
        (kind, of.total(), of["posted"] + of["returned"], of["spoiled"], of[""]) for kind, of in sorted(counts.items())
    ]

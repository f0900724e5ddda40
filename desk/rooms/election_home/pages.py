"""Screen 15. The polls, and the home of each: what is to be done by when, the timetable with its law, the electorate, the notices."""

from __future__ import annotations

import asyncio
from datetime import date, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from desk.asking import Asking, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.room import Link, Room, Task
from desk.showing import day, moment_of, see_other
from desk.visiting import Ask, Show
from shared.eventcore.clock import london_date, system_clock

READERS = frozenset({"elections-officer", "ro-deputy", "ero-deputy", "registration-officer", "postal-team", "auditor"})
OFFICERS = frozenset({"elections-officer", "ro-deputy"})
"""Who may tick a step off; others read."""
COLOURS = {"done": "green", "overdue": "red", "blocked": "orange", "due": "yellow", "passed": "grey", "coming": "blue"}
SOON = 5
"""Working days before its last moment in which what stands in the way of a step is somebody's to clear today."""
Step = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$")]

router = APIRouter(prefix="/elections")


@router.get("")
async def polls(
    ask: Ask,
    show: Show,
    past: Annotated[str, Query(max_length=3)] = "",
    cursor: Annotated[str, Query(max_length=2000)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Response:
    """Polls from today on, or all of them."""
    page = await ask.get("elections", "/elections", since=None if past else show.today, cursor=cursor, limit=limit)
    return show(
        "election_home/polls.html", title="Elections", polls=page["items"], next=page["next"], limit=limit, past=past, link=show.link,
    )  # fmt: skip


@router.get("/{election}")
async def home(election: UUID, ask: Ask, show: Show) -> Response:
    """One poll."""
    return await _home(election, ask, show, Form())


@router.post("/{election}/steps/{step}")
async def complete(election: UUID, step: Step, ask: Ask, show: Show, form: Sent) -> Response:
    """Tick a step off. A note may say where the proof of it lies; it names nobody."""
    body = {"note": form.text("note", longest=500)}
    try:
        await ask.command("elections", f"/elections/{election}/steps/{step}/completion", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _home(election, ask, show, form)
    return see_other(f"/elections/{election}#{step}")


@router.get("/{election}/notices/{notice}.pdf")
async def notice(election: UUID, notice: Step, ask: Ask) -> Response:
    """A notice that hangs, as tagged PDF."""
    return await file_of(ask, "elections", f"/elections/{election}/notices/{notice}.pdf", f"{notice}.pdf", show=True)


@router.get("/{election}/poll-card-proof.pdf")
async def poll_card_proof(
    election: UUID, ask: Ask, contest: UUID | None = None, station: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """A poll card for nobody as tagged PDF, to be looked at before any is printed."""
    path = f"/elections/{election}/poll-card-proof.pdf"
    return await file_of(ask, "elections", path, "poll-card-proof.pdf", show=True, contest=contest, station=station)


async def _home(election: UUID, ask: Asking, show: Show, form: Form) -> Response:
    poll, checklist, electorate = await asyncio.gather(
        ask.get("elections", f"/elections/{election}"),
        ask.get("elections", f"/elections/{election}/checklist"),
        ask.get("elections", f"/elections/{election}/electorate"),
    )
    return show(
        "election_home/home.html", title=f"{poll['title']}, {day(poll['polling_day'])}", form=form, poll=poll, colours=COLOURS,
        urgent=[item for item in checklist if urgent(item)], checklist=checklist, electorate=electorate,
        coming=coming(checklist), last_moment=last_moment, officers=OFFICERS,
        contests=[(each["contest_id"], each["area_name"]) for each in poll["contests"]],
    )  # fmt: skip


def urgent(item: dict[str, Any]) -> bool:
    """Whether a line of the checklist is somebody's work now: late, due, or soon due and held up."""
    soon = item["clock"] is not None and item["clock"]["working_days"] <= SOON
    return item["state"] in {"overdue", "due"} or (item["state"] == "blocked" and soon)


def last_day(closes_at: str) -> date:
    """The day on which a step closes: a midnight ends the day before it."""
    return (moment_of(closes_at) - timedelta(microseconds=1)).date()


def last_moment(closes_at: str) -> str:
    """`27 November 2026, 16:00`; `27 November 2026, midnight` at the end of that day."""
    at = moment_of(closes_at)
    return f"{day(last_day(closes_at))}, {'midnight' if at.time() == time() else f'{at:%H:%M}'}"


def coming(checklist: list[dict[str, Any]], most: int = 3) -> list[dict[str, Any]]:
    """The steps that close next, by the elections service's own clock."""
    ahead = [item for item in checklist if item["state"] in {"due", "coming", "blocked"} and item["clock"]]
    return sorted(ahead, key=lambda item: str(item["clock"]["closes_at"]))[:most]


async def tasks(ask: Asking) -> list[Task]:
    """What the checklists of coming polls say is due."""
    polls = (await ask.get("elections", "/elections", since=london_date(system_clock())))["items"]
    found = []
    for poll in [poll for poll in polls if not poll["cancelled"]][:10]:
        for item in await ask.get("elections", f"/elections/{poll['election_id']}/checklist"):
            if item["task"] and urgent(item):
                due = last_day(item["clock"]["closes_at"]) if item["clock"] else None
                subject = f"{item['title']}: {poll['title']}, {day(poll['polling_day'])}"
                where = f"/elections/{poll['election_id']}#{item['step']}"
                found.append(Task(due, "Election step", subject, where, why=item["source"]))
    return found


election_home = Room("election_home", "Elections", router, READERS, (Link("Elections", "/elections", "g e"),), tasks)

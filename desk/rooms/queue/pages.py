"""Screen 4. The application queue with its filters in the address, and the backlog against the statutory deadlines."""

from __future__ import annotations

from datetime import date
from itertools import chain, repeat
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from desk.areas import council_areas
from desk.forms import Form
from desk.pictures.backlog import backlog
from desk.pictures.picture import Picture
from desk.room import REGISTRATION, Link, Room
from desk.showing import words
from desk.visiting import Ask, Show

OPEN, ALL = "open", "all"
STAGES = (
    "incomplete", "listed", "verified", "held", "objected", "hearing", "objection-upheld", "allowed", "rejected", "withdrawn",
    "duplicate", "forwarded",
)  # fmt: skip
CHANNELS = (("gov.uk", "GOV.UK"), ("paper", "Paper"), ("phone", "Telephone"), ("in-person", "In person"))

router = APIRouter(prefix="/applications")
Filter = Annotated[str, Query(max_length=40)]


@router.get("")
async def queue(
    ask: Ask,
    show: Show,
    stage: Filter = OPEN,
    ward: Filter = "",
    channel: Filter = "",
    due_before: Filter = "",
    sort: Filter = "deadline",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """The queue, the next deadline first."""
    form = Form({"stage": stage, "ward": ward, "channel": channel, "due_before": due_before, "sort": sort})
    before = form.day("due_before")
    found: dict[str, Any] = {"items": [], "next": None}
    if form.well:
        found = await ask.get(
            "registration", "/applications", stage=None if stage == ALL else stage, ward=ward, channel=channel,
            due_before=before, sort=sort, limit=limit, cursor=cursor,
        )  # fmt: skip
    areas = await council_areas(ask)
    return show(
        "queue/list.html", title="Applications", form=form, found=found, limit=limit, link=show.link, picture=await _picture(ask, show),
        stages=[(OPEN, "Open"), (ALL, "All"), *((each, words(each)) for each in STAGES)], channels=[("", "All"), *CHANNELS],
        areas=areas,
        sorts=[("deadline", "Next deadline"), ("received", "Day of receipt")],
    )  # fmt: skip


@router.get("/backlog.csv")
async def backlog_csv(ask: Ask, show: Show) -> Response:
    """The backlog as a file."""
    return show.csv(await _picture(ask, show))


async def _picture(ask: Ask, show: Show) -> Picture:
    counted = await ask.get("registration", "/applications/backlog")
    due = (repeat(date.fromisoformat(row["on"]), row["applications"]) for row in counted if row["on"])
    return backlog(chain.from_iterable(due), show.today)


application_queue = Room("queue", "Register", router, REGISTRATION, (Link("Applications", "/applications", "g q"),))

"""A new officer's first day. Progress is nothing that the desk keeps: it is read from what the services recorded of this officer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from desk.asking import NotThere
from desk.forms import Sent
from desk.room import REGISTRATION, Room
from desk.rooms.practice.lessons import LESSONS
from desk.showing import Pages, see_other
from desk.visiting import Ask, Show
from shared.service.settings import Environment

router = APIRouter(prefix="/practice")


@router.get("")
async def first_day(
    request: Request, ask: Ask, show: Show, since: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """The tasks, and which of them are done since a moment, or ever."""
    _practised(request)
    acts = await ask.get("registration", "/own-acts", since=_moment(since))
    lessons = [(lesson, lesson.done(acts)) for lesson in LESSONS]
    done = sum(1 for _, each in lessons if each)
    return show(
        "practice/tasks.html", title="Your first day", lessons=lessons, done=done, since=_moment(since),
        whole=done == len(LESSONS),
    )  # fmt: skip


@router.post("/again")
async def again(request: Request, form: Sent, ask: Ask) -> Response:
    """Start again: what was done so far counts no more. The record of it stays, as every record does."""
    _practised(request)
    acts = await ask.get("registration", "/own-acts")  # by the clock that acts are recorded by: a rehearsal moves it on
    return see_other(f"/practice?since={quote(acts['as_of'], safe='')}")


def _practised(request: Request) -> None:
    """Raises `NotThere` on a real register: it is nothing to practise on."""
    pages: Pages = request.app.state.pages
    if pages.settings.env is Environment.PRODUCTION:
        raise NotThere


def _moment(text: str) -> str:
    """The moment in an address, where it is one."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return read.isoformat() if read.tzinfo else ""


practice = Room("practice", "Work", router, REGISTRATION)

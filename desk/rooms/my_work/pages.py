"""Screen 1. The tasks of every room that this officer may open, the next due first."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from desk.asking import Away, NotThere
from desk.room import Link, Room, Task
from desk.showing import Pages
from desk.visiting import Ask, Show, Visit
from shared.service.auth import ROLES

router = APIRouter()


@router.get("/")
async def work(
    request: Request, session: Visit, ask: Ask, show: Show, kind: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """What is due, with the rule that says so."""
    pages: Pages = request.app.state.pages
    asked = [room for room in pages.rooms if room.tasks is not None and room.open_to(session.roles)]
    found = await asyncio.gather(*(_tasks(room, ask) for room in asked))
    missing = [room.name for room, tasks in zip(asked, found, strict=True) if tasks is None]
    tasks = sorted(
        (task for some in found for task in some or ()),
        key=lambda task: (task.due or date.max, task.kind, task.subject),
    )
    kinds = sorted({task.kind for task in tasks})
    shown = [task for task in tasks if not kind or task.kind == kind]
    return show("my_work/work.html", title="My work", tasks=shown, kinds=kinds, kind=kind, missing=missing)


async def _tasks(room: Room, ask: Ask) -> list[Task] | None:
    """What a room asks for; nothing where its service is away, which must not hide the work of others."""
    assert room.tasks is not None
    try:
        return list(await room.tasks(ask))
    except Away:
        return None
    except NotThere:
        return []


my_work = Room("my_work", "Work", router, ROLES, (Link("My work", "/", "g w"),))

"""Screen 30, for auditors. Who looked at a record, what somebody looked at, and who read unusually much."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from desk.forms import Form
from desk.room import Link, Room
from desk.rooms.audit.pages import CHOICES, CONTEXTS
from desk.visiting import Ask, Show

READERS = frozenset({"auditor", "dpo"})
Filter = Annotated[str, Query(max_length=100)]

router = APIRouter(prefix="/reads")


@router.get("")
async def reads(
    ask: Ask, show: Show, record: Filter = "", actor: Filter = "", context: Filter = "registration"
) -> Response:
    """Who looked at a record, or what somebody looked at; and without either, who read unusually much."""
    form = Form({"context": context, "record": record, "actor": actor})
    chosen = context if context in CONTEXTS else CONTEXTS[0]
    if record or actor:
        found = await ask.get(chosen, "/reads", record=record, actor=actor)
        alerts = []
    else:
        found, alerts = [], await ask.get(chosen, "/reads/alerts")
    return show(
        "reads/reads.html", title="Who looked at a record", form=form, choices=CHOICES, context=chosen, found=found,
        alerts=alerts, asked_for=bool(record or actor), link=show.link,
    )  # fmt: skip


reads_room = Room("reads", "Oversight", router, READERS, (Link("Who looked", "/reads"),))

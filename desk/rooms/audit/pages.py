"""Screen 30, for auditors. The trail of each service, and the tree of what followed from one event across all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from desk.asking import PAGE, Asking, Away, NotThere
from desk.forms import Form
from desk.room import Link, Room
from desk.visiting import Ask, Show

AUDITORS = frozenset({"auditor", "dpo", "ero-deputy"})
CONTEXTS = ("registration", "elections", "committees", "finance", "notifications")
CHOICES = [(context, context.capitalize()) for context in CONTEXTS]
Context = Annotated[str, Path(pattern=f"^({'|'.join(CONTEXTS)})$")]
EventId = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@\d{1,9}$")]
Filter = Annotated[str, Query(max_length=100)]

router = APIRouter(prefix="/audit")


@dataclass
class Happened:
    """One event of a tree: `line` as its service tells it, and what followed from it, oldest first."""

    context: str
    line: dict[str, Any]
    follows: list[Happened] = field(default_factory=list)


@router.get("")
async def trail(
    ask: Ask,
    show: Show,
    context: Filter = "registration",
    stream: Filter = "",
    actor: Filter = "",
    type: Filter = "",
    day: Filter = "",
    cursor: Annotated[str, Query(max_length=2000)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response:
    """The trail of one service, newest first."""
    form = Form({"context": context, "stream": stream, "actor": actor, "type": type, "day": day})
    chosen = context if context in CONTEXTS else CONTEXTS[0]
    record = form.id("stream", "Enter the whole id of a record") if stream else None
    on = form.day("day")
    page: dict[str, Any] = {"items": [], "next": None}
    if form.well:
        page = await ask.get(
            chosen, "/audit", stream=record, actor=actor, type=type, day=on, cursor=cursor, limit=limit
        )
    return show(
        "audit/trail.html", title="Audit trail", form=form, context=chosen, choices=CHOICES, lines=page["items"],
        next=page["next"], limit=limit, link=show.link,
    )  # fmt: skip


@router.get("/reads")
async def reads(
    ask: Ask, show: Show, record: Filter = "", actor: Filter = "", context: Filter = "registration"
) -> Response:
    """Who looked at a record, or what somebody looked at."""
    form = Form({"context": context, "record": record, "actor": actor})
    chosen = context if context in CONTEXTS else CONTEXTS[0]
    found = await ask.get(chosen, "/reads", record=record, actor=actor) if record or actor else []
    return show(
        "audit/reads.html", title="Who looked at a record", form=form, choices=CHOICES, found=found,
        asked_for=bool(record or actor),
    )  # fmt: skip


@router.get("/{context}/{event}")
async def event(context: Context, event: EventId, ask: Ask, show: Show) -> Response:
    """One event in the tree of everything that was done in one go with it, whichever service recorded it."""
    stream = event.partition("@")[0]
    lines = (await ask.get(context, "/audit", stream=stream, limit=PAGE))["items"]
    line = next((each for each in lines if each["event_id"] == event), None)
    if line is None:
        raise NotThere
    found = await asyncio.gather(*(_correlated(ask, each, line["correlation_id"]) for each in CONTEXTS))
    missing = [each for each, some in zip(CONTEXTS, found, strict=True) if some is None]
    known = [Happened(each, one) for each, some in zip(CONTEXTS, found, strict=True) for one in some or ()]
    return show(
        "audit/event.html", title=f"{line['what']}: what led to it and what followed", line=line, context=context,
        roots=trees(known), missing=missing, count=len(known),
    )  # fmt: skip


async def _correlated(ask: Asking, context: str, correlation: str) -> list[dict[str, Any]] | None:
    """What a service recorded in that go; none where it is not for this officer, `None` where it does not answer."""
    try:
        items: list[dict[str, Any]] = (await ask.get(context, "/audit", correlation=correlation, limit=PAGE))["items"]
    except NotThere:
        return []
    except Away:
        return None
    return items


def trees(events: Iterable[Happened]) -> list[Happened]:
    """Each event under the one that it followed from, in order of time. What followed from none of them is a root."""
    known = {event.line["event_id"]: event for event in events}
    roots: list[Happened] = []
    for event in sorted(known.values(), key=lambda event: (event.line["recorded_at"], event.line["position"])):
        cause = known.get(event.line["causation_id"])
        (cause.follows if cause is not None and cause is not event else roots).append(event)
    return roots


audit = Room(
    "audit", "Oversight", router, AUDITORS, (Link("Audit trail", "/audit", "g a"), Link("Who looked", "/audit/reads"))
)

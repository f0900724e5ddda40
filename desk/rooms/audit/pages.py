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
FOLLOWERS = 10
"""Of those that followed from one event that are drawn; an import has thousands."""

router = APIRouter(prefix="/audit")


@dataclass
class Happened:
    """One event of a tree: `line` as its service tells it, what followed from it, oldest first, and how many more did."""

    context: str
    line: dict[str, Any]
    follows: list[Happened] = field(default_factory=list)
    more: int = 0


@router.get("")
async def trail(
    ask: Ask,
    show: Show,
    context: Filter = "registration",
    stream: Filter = "",
    actor: Filter = "",
    correlation: Filter = "",
    cause: Filter = "",
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
            chosen,
            "/audit",
            stream=record,
            actor=actor,
            correlation=correlation,
            cause=cause,
            type=type,
            day=on,
            cursor=cursor,
            limit=limit,
        )
    return show(
        "audit/trail.html", title="Audit trail", form=form, context=chosen, choices=CHOICES, lines=page["items"],
        next=page["next"], limit=limit, link=show.link,
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
    own = [Happened(context, each) for each in lines if each["correlation_id"] == line["correlation_id"]]
    roots, others = shortened(trees([*known, *own]), event)
    return show(
        "audit/event.html", title=f"{line['what']}: what led to it and what followed", line=line, context=context,
        roots=roots, others=others, missing=missing, count=len({each.line["event_id"] for each in (*known, *own)}),
        most=any(len(some) == PAGE for some in found if some),
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


def shortened(happened: list[Happened], event: str) -> tuple[list[Happened], int]:
    """The first few of what followed from one event, each shortened in the same way, and whichever leads to `event`; and how
    many are left out."""
    kept = [each for n, each in enumerate(happened) if n < FOLLOWERS or _leads(each, event)]
    for each in kept:
        each.follows, each.more = shortened(each.follows, event)
    return kept, len(happened) - len(kept)


def _leads(happened: Happened, event: str) -> bool:
    return happened.line["event_id"] == event or any(_leads(each, event) for each in happened.follows)


audit = Room("audit", "Oversight", router, AUDITORS, (Link("Audit trail", "/audit", "g a"),))

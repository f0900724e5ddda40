"""Screen 5. An elector: identity, the entry as it is, why it is so, what happened, and the same as at any day and as known then."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from desk.areas import council_areas
from desk.forms import Form
from desk.pictures.timeline import timeline
from desk.room import REGISTRATION, Room
from desk.showing import moment_of
from desk.visiting import Ask, Show
from shared.eventcore.clock import LONDON

router = APIRouter(prefix="/electors/{elector}")
END_OF_DAY = time(23, 59, 59)


@router.get("")
async def page(
    elector: UUID,
    ask: Ask,
    show: Show,
    as_at: Annotated[str, Query(max_length=30)] = "",
    known_at: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """The entry; with `as_at` or `known_at` also as it stood on that day, or as it was known at its end."""
    form = Form({"as_at": as_at, "known_at": known_at})
    effective, known = form.day("as_at"), form.day("known_at")
    instant = _end_of(known) if known else None

    async def line_then() -> Any:
        if not (effective or known) or not form.well:
            return None
        at = effective or show.today
        return await ask.get("registration", f"/electors/{elector}/line", effective=at, known=instant)

    entry, happenings, why, votes, pairs, then, areas = await asyncio.gather(
        ask.get("registration", f"/electors/{elector}"),
        ask.get("registration", f"/electors/{elector}/timeline"),
        ask.get("registration", f"/electors/{elector}/why", as_at=instant),
        ask.get("registration", f"/electors/{elector}/absent-votes"),
        ask.get("registration", "/duplicates", record=elector),
        line_then(),
        council_areas(ask),
    )
    picture = timeline([(moment_of(h["occurred_at"]).date(), h["what"]) for h in happenings], show.today)
    numbers = [(each["number"], date.fromisoformat(each["effective_on"])) for each in entry["numbers"]]
    return show(
        "elector/page.html", title=f"Elector {entry['number']}", form=form, entry=entry, happenings=happenings, why=why,
        then=then, effective=effective or show.today, known=known, picture=picture,
        votes=[each for each in votes["arrangements"] if each["stands"]], pairs=pairs["items"], areas=areas,
        coming=[f"{number} from {since:%-d %B %Y}" for number, since in numbers if since > show.today and number != entry["number"]],
        former=[number for number, since in numbers if since <= show.today and number != entry["number"]],
    )  # fmt: skip


@router.get("/timeline.csv")
async def timeline_csv(elector: UUID, ask: Ask, show: Show) -> Response:
    """The timeline as a file."""
    happenings = await ask.get("registration", f"/electors/{elector}/timeline")
    return show.csv(timeline([(moment_of(h["occurred_at"]).date(), h["what"]) for h in happenings], show.today))


def _end_of(day: date) -> str:
    return datetime.combine(day, END_OF_DAY, LONDON).isoformat()


elector = Room("elector", "Register", router, REGISTRATION)

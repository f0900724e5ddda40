"""Screen 9. The canvass: sent, replied and outstanding by ward, district or route; the curve of replies; and the lists behind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from desk.asking import Asking, NotThere
from desk.forms import Form
from desk.passing import file_of
from desk.pictures.curve import curve
from desk.pictures.picture import Picture
from desk.room import REGISTRATION, Link, Room
from desk.showing import PER_PAGE
from desk.visiting import Ask, Show

By = Literal["ward", "district", "route"]
NAMES = {"ward": "Ward", "district": "Polling district", "route": "Route"}
FIGURES = ("properties", "sent", "replied", "visited", "outstanding", "due", "conflicts")
STATES = {
    "sent": "Contacted", "not-sent": "Not contacted yet", "replied": "Replied", "outstanding": "A reply is outstanding",
    "due": "The next contact is due", "programme-done": "All contacts made, no reply", "visited": "Visited",
    "undelivered": "A contact was not delivered", "conflict": "A conflict to settle", "enquiry": "Under enquiry",
    "refused": "Refused at the door", "matched-nationally": "Matched nationally", "matched-locally": "Matched locally",
}  # fmt: skip
Year = Annotated[int, Path(ge=2020, le=2100)]

router = APIRouter(prefix="/canvass")


@router.get("")
async def latest(ask: Ask, show: Show, by: By = "ward") -> Response:
    """The latest canvass."""
    years = await ask.get("registration", "/canvasses")
    if not years:
        return show("canvass_board/none.html", title="Canvass")
    return await _board(years[0]["year"], by, ask, show)


@router.get("/{year}")
async def board(year: Year, ask: Ask, show: Show, by: By = "ward") -> Response:
    """One canvass by ward, polling district or route, with the curve of its replies."""
    return await _board(year, by, ask, show)


@router.get("/{year}/board.csv")
async def board_csv(year: Year, ask: Ask, by: By = "ward") -> StreamingResponse:
    """The board as a file."""
    name = f"canvass-{year}-by-{by}.csv"
    return await file_of(ask, "registration", f"/canvasses/{year}/board.csv", name, by=by)


@router.get("/{year}/replies.csv")
async def replies_csv(year: Year, ask: Ask, show: Show) -> Response:
    """The curve's figures as a file."""
    lines = await ask.get("registration", f"/canvasses/{year}/board", by="route")
    return show.csv(await _curve(ask, year, sum(line["sent"]["count"] for line in lines)))


@router.get("/{year}/properties")
async def properties(
    year: Year, ask: Ask, show: Show,
    ward: Annotated[str, Query(max_length=20)] = "",
    district: Annotated[str, Query(max_length=6)] = "",
    route: Annotated[str, Query(max_length=1)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = PER_PAGE[0],
    cursor: Annotated[str, Query(max_length=600)] = "",
) -> Response:  # fmt: skip
    """The properties behind a figure, in the order in which one walks past them."""
    form = Form({"route": route, "state": state})
    found = await ask.get(
        "registration", f"/canvasses/{year}/properties", ward=ward, district=district,
        route=route if route in {"1", "2", "3"} else None, state=state if state in STATES else None, limit=limit, cursor=cursor,
    )  # fmt: skip
    return show(
        "canvass_board/properties.html", title=f"Properties in the canvass of {year}", form=form, year=year, lines=found["items"],
        next=found["next"], limit=limit, link=show.link, states=STATES, ward=ward, district=district,
    )  # fmt: skip


async def _board(year: int, by: By, ask: Asking, show: Show) -> Response:
    lines, years = await asyncio.gather(
        ask.get("registration", f"/canvasses/{year}/board", by=by), ask.get("registration", "/canvasses")
    )
    [about] = [each for each in years if each["year"] == year]
    total = {figure: sum(line[figure]["count"] for line in lines) for figure in FIGURES}
    return show(
        "canvass_board/board.html", title=f"Canvass of {year}", year=year, by=by, ways=[(way, NAMES[way]) for way in get_args(By)],
        lines=lines, total=total, share=share(total["replied"], total["properties"]), figures=FIGURES, about=about, years=years,
        picture=await _curve(ask, year, total["sent"]), query=query_of,
    )  # fmt: skip


async def _curve(ask: Asking, year: int, asked: int) -> Picture:
    now = await ask.get("registration", f"/canvasses/{year}/responses")
    try:
        before = await ask.get("registration", f"/canvasses/{year - 1}/responses")
    except NotThere:
        before = []
    return curve(running_total(now), asked, running_total(before), year=year)


def running_total(days: Iterable[dict[str, Any]]) -> list[tuple[date, int]]:
    """First replies by the day, added up, of all channels; a later reply of the same household is noted and not counted."""
    found, total = [], 0
    for day, channels in groupby(sorted(days, key=lambda each: each["received_on"]), lambda each: each["received_on"]):
        total += sum(each["replies"] - each["noted"] for each in channels)
        found.append((date.fromisoformat(day), total))
    return found


def share(part: int, whole: int) -> float:
    """Per cent to one decimal; none of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def query_of(figure: dict[str, Any]) -> str:
    """The filters of the list that a figure counts."""
    return str(figure["list"]).partition("?")[2]


canvass_board = Room(
    "canvass_board", "Canvass", router, REGISTRATION, (Link("Canvass board", "/canvass", "g c"),)
)  # fmt: skip

"""Screen 9. The canvass: sent, replied and outstanding by ward, district or route; the curve of replies; and the lists behind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from desk.areas import council_areas
from desk.asking import Asking, NotThere
from desk.forms import Form
from desk.passing import file_of
from desk.pictures.curve import curve
from desk.pictures.picture import Picture
from desk.pictures.response_map import response_map
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
    now, before = await asyncio.gather(_replies(ask, year), _replies(ask, year - 1))
    return show.csv(curve(now, sum(line["sent"]["count"] for line in lines), before, year=year))


@router.get("/{year}/districts.csv")
async def districts_csv(year: Year, ask: Ask, show: Show) -> Response:
    """The response map's figures as a file."""
    return show.csv(_map(await ask.get("registration", f"/canvasses/{year}/board", by="district"), year))


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
    areas = await council_areas(ask)
    return show(
        "canvass_board/properties.html", title=f"Properties in the canvass of {year}", form=form, year=year, lines=found["items"],
        next=found["next"], limit=limit, link=show.link, states=STATES, ward=ward, district=district, areas=areas,
    )  # fmt: skip


async def _board(year: int, by: By, ask: Asking, show: Show) -> Response:
    lines, districts, years, now, before, areas = await asyncio.gather(
        ask.get("registration", f"/canvasses/{year}/board", by=by),
        ask.get("registration", f"/canvasses/{year}/board", by="district"),
        ask.get("registration", "/canvasses"),
        _replies(ask, year),
        _replies(ask, year - 1),
        council_areas(ask),
    )
    about = next((each for each in years if each["year"] == year), None)
    if about is None:
        raise NotThere
    total = {figure: sum(line[figure]["count"] for line in lines) for figure in FIGURES}
    return show(
        "canvass_board/board.html", title=f"Canvass of {year}", year=year, by=by, ways=[(way, NAMES[way]) for way in get_args(By)],
        lines=lines, total=total, share=share(total["replied"], total["properties"]), figures=FIGURES, about=about, years=years,
        areas=areas,
        picture=curve(now, total["sent"], before, year=year), map=_map(districts, year), query=query_of,
    )  # fmt: skip


async def _replies(ask: Asking, year: int) -> list[tuple[date, int]]:
    """The running total of a year's replies; none where there was no canvass."""
    try:
        return running_total(await ask.get("registration", f"/canvasses/{year}/responses"))
    except NotThere:
        return []


def _map(districts: Iterable[dict[str, Any]], year: int) -> Picture:
    return response_map(
        [(line["name"], line["properties"]["count"], line["replied"]["count"]) for line in districts], year
    )


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

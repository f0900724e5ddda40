"""Screen 22. The council's rooms: a week of their bookings as a picture, a table and a file; and what a room is like."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.asking import Asking, Refusal
from desk.forms import Form, Sent, typed_date
from desk.passing import file_of
from desk.pictures.picture import Picture
from desk.pictures.week import Booking, week
from desk.room import Link, Room
from desk.rooms.calendar.pages import OFFICERS, READERS
from desk.rooms.calendar.sittings import LAYOUTS
from desk.showing import day as in_words
from desk.showing import moment_of, see_other
from desk.visiting import Ask, Show
from shared.eventcore.clock import LONDON

router = APIRouter(prefix="/rooms")
On = Annotated[str, Query(max_length=20)]


@router.get("")
async def shown(ask: Ask, show: Show, on: On = "") -> Response:
    """The week of a day, this week's where none is asked for."""
    form = Form({"on": in_words(typed_date(on)) or on})
    monday = monday_of(form.day("on") or show.today)
    picture, rooms, _ = await _week(ask, monday)
    return show(
        "room_week/week.html", title="Rooms", form=form, monday=monday, picture=picture, rooms=rooms, layouts=LAYOUTS,
        before=monday - timedelta(days=7), after=monday + timedelta(days=7), officers=OFFICERS, link=show.link,
    )  # fmt: skip


@router.get("/week.csv")
async def as_csv(ask: Ask, show: Show, on: On = "") -> Response:
    """The week's bookings as a file."""
    picture, _, _ = await _week(ask, monday_of(typed_date(on) or show.today))
    return show.csv(picture)


@router.get("/new")
async def describing(ask: Ask, show: Show) -> Response:
    """A room that meetings may book."""
    return _description(show, Form())


@router.post("/new")
async def describe(ask: Ask, show: Show, form: Sent) -> Response:
    """Describe it: what it seats, and how long it takes to set up and to clear."""
    seats = {layout: form.number(layout) for layout in LAYOUTS}
    capacities = {layout: many for layout, many in seats.items() if many}
    if not capacities and form.well:
        form.errors[next(iter(LAYOUTS))] = "Enter how many it seats in at least one layout"
    body = {
        "name": form.text("name", "Enter what the room is called", 200),
        "venue": form.text("venue", "Enter the building that it is in", 200),
        "capacities": capacities,
        "setup_minutes": form.number("setup_minutes") or 0,
        "teardown_minutes": form.number("teardown_minutes") or 0,
        "access": form.text("access", longest=1000),
    }
    if not form.well:
        return _description(show, form)
    try:
        await ask.command("committees", "/rooms", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return _description(show, form)
    return see_other("/rooms")


@router.get("/{room}.ics")
async def feed(room: UUID, ask: Ask) -> StreamingResponse:
    """A room's meetings for somebody's own calendar."""
    return await file_of(ask, "committees", f"/feeds/rooms/{room}.ics", "room.ics")


def _description(show: Show, form: Form) -> Response:
    return show("room_week/describe.html", title="Describe a room", form=form, layouts=LAYOUTS)


async def _week(ask: Asking, monday: date) -> tuple[Picture, list[dict[str, Any]], list[Booking]]:
    start, until = (
        datetime.combine(day, datetime.min.time(), LONDON).isoformat() for day in (monday, monday + timedelta(days=7))
    )
    rooms, booked = await asyncio.gather(
        ask.get("committees", "/rooms"), ask.get("committees", "/rooms/bookings", until=until, **{"from": start})
    )
    bookings = [booking_of(line) for line in booked]
    names = dict.fromkeys([*(room["name"] for room in rooms), *(booking.room for booking in bookings)])
    return week(monday, list(names), bookings), rooms, bookings


def booking_of(line: dict[str, Any]) -> Booking:
    """A line of the service as it is drawn. An ending before its start is on the next day."""
    day = date.fromisoformat(line["day"])
    starts, ends = (datetime.fromisoformat(f"{day}T{line[name]}").replace(tzinfo=LONDON) for name in ("starts", "ends"))
    return Booking(
        line["room"], line["committee"], starts, ends if ends > starts else ends + timedelta(days=1),
        moment_of(line["setup_from"]), moment_of(line["clear_to"]),
    )  # fmt: skip


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


room_week = Room("room_week", "Committees", router, READERS, (Link("Rooms", "/rooms", "g r"),))

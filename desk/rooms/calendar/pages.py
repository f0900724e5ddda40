"""Screen 22. The calendar of meetings: by month or as a list; a meeting is called, moved, given a room, cancelled."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.asking import Asking, NotThere, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.room import Link, Room, Task
from desk.rooms.calendar.sittings import LAYOUTS, beside, instants, month_of, room, sitting, weeks_of
from desk.showing import day, see_other
from desk.visiting import Ask, Show

READERS = frozenset({"dem-services", "member", "group-support"})
OFFICERS = frozenset({"dem-services"})
"""Who calls meetings and books rooms; others read."""
STATES = {"confirmed": ("Called", "blue"), "cancelled": ("Cancelled", "red"), "held": ("Held", "green")}
CLASHES = frozenset({"room-taken", "member-engaged"})
VIEWS = {"month": "Month", "list": "List"}

router = APIRouter(prefix="/calendar")


@router.get("")
async def shown(
    ask: Ask, show: Show,
    month: Annotated[str, Query(max_length=7)] = "",
    view: Annotated[str, Query(max_length=5)] = "month",
    committee: Annotated[str, Query(max_length=40)] = "",
) -> Response:  # fmt: skip
    """The meetings of a month; with a committee, its alone."""
    first = month_of(month, show.today)
    weeks = weeks_of(first)
    until = weeks[-1][-1] if view != "list" else first + timedelta(days=92)
    since = weeks[0][0] if view != "list" else first
    meetings, bodies = await asyncio.gather(
        ask.get("committees", "/meetings", until=until, committee_id=committee, **{"from": str(since)}),
        ask.get("committees", "/committees"),
    )
    before, after = beside(first)
    by_day: dict[str, list[dict[str, Any]]] = {}
    for meeting in meetings:
        by_day.setdefault(meeting["day"], []).append(meeting)
    return show(
        "calendar/month.html", title="Calendar", form=Form({"committee": committee, "month": f"{first:%Y-%m}", "view": view}),
        first=first, weeks=weeks, by_day=by_day, meetings=meetings, bodies=bodies, view=view, before=before, after=after,
        committee=committee, link=show.link, states=STATES, officers=OFFICERS, until=until,
    )  # fmt: skip


@router.get("/committees/{committee}.ics")
async def feed(committee: UUID, ask: Ask) -> StreamingResponse:
    """A body's meetings for somebody's own calendar."""
    return await file_of(ask, "committees", f"/feeds/committees/{committee}.ics", "meetings.ics")


@router.get("/new")
async def calling(ask: Ask, show: Show, on: Annotated[str, Query(max_length=10)] = "") -> Response:
    """A meeting to be called."""
    return await _new(ask, show, Form({"day": day(on) if _is_day(on) else ""}))


@router.post("/new")
async def call(ask: Ask, show: Show, form: Sent) -> Response:
    """Look at a meeting with what stands in its way, then call it."""
    committee = form.text("committee", "Choose the body that meets", 40)
    body = {
        "committee_id": committee, **sitting(form), "room": room(form), "venue": form.text("venue", longest=200),
        **_reasons(form), "webcast": "webcast" in form.several("webcast"),
    }  # fmt: skip
    if not form.well or form.typed("step") == "change":
        return await _new(ask, show, form)
    if form.typed("step") != "call":
        return await _check(ask, show, form, body, committee, None)
    try:
        made = await ask.command("committees", "/meetings", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _new(ask, show, form, await _in_the_way(ask, refusal, body, committee))
    return see_other(f"/calendar/{made['stream_id']}")


@router.get("/{meeting}")
async def page(meeting: UUID, ask: Ask, show: Show) -> Response:
    """One meeting: when and where, who is called, its agenda."""
    found = await ask.get("committees", f"/meetings/{meeting}")
    return show(
        "calendar/meeting.html", title=found["committee"], meeting=found, state=STATES[found["status"]], layouts=LAYOUTS,
        open=found["status"] == "confirmed", officers=OFFICERS,
    )  # fmt: skip


@router.get("/{meeting}/move")
async def moving(meeting: UUID, ask: Ask, show: Show) -> Response:
    """Another time for a meeting."""
    found = await ask.get("committees", f"/meetings/{meeting}")
    typed = {"day": day(found["day"]), "starts": found["starts"][:5], "ends": found["ends"][:5]}
    return await _move(meeting, ask, show, Form(typed))


@router.post("/{meeting}/move")
async def move(meeting: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Look at the new time with what stands in its way, then move the meeting."""
    found = await ask.get("committees", f"/meetings/{meeting}")
    body = {**sitting(form), "reason": form.text("reason", "Say why it is moved", 500), **_reasons(form)}
    if not form.well or form.typed("step") == "change":
        return await _move(meeting, ask, show, form)
    if form.typed("step") != "call":
        return await _check(ask, show, form, body, found["committee_id"], meeting)
    try:
        await ask.command("committees", f"/meetings/{meeting}/move", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        clashes = await _in_the_way(ask, refusal, body, found["committee_id"], meeting)
        return await _move(meeting, ask, show, form, clashes)
    return see_other(f"/calendar/{meeting}")


@router.get("/{meeting}/room")
async def booking(meeting: UUID, ask: Ask, show: Show) -> Response:
    """A room for a meeting: which are free at its time."""
    return await _booking(meeting, ask, show, Form())


@router.post("/{meeting}/room")
async def book(meeting: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Book the room; one that the meeting had is given back."""
    form.text("room", "Choose a room", 40)
    wanted = room(form)
    if not form.well:
        return await _booking(meeting, ask, show, form)
    try:
        await ask.command("committees", f"/meetings/{meeting}/room", wanted, key=form.key, method="PUT")
    except Refusal as refusal:
        form.refused(refusal)
        found = await ask.get("committees", f"/meetings/{meeting}")
        clashes = await _in_the_way(ask, refusal, {**_time_of(found), "room": wanted}, "", meeting)
        return await _booking(meeting, ask, show, form, clashes)
    return see_other(f"/calendar/{meeting}")


@router.get("/{meeting}/cancel")
async def cancelling(meeting: UUID, ask: Ask, show: Show) -> Response:
    """Before a meeting is cancelled: what follows, and why."""
    return await _cancelling(meeting, ask, show, Form())


@router.post("/{meeting}/cancel")
async def cancel(meeting: UUID, ask: Ask, show: Show, form: Sent) -> Response:
    """Cancel it: its room and everybody's time are given back."""
    reason = form.text("reason", "Say why it is cancelled", 500)
    if not form.well:
        return await _cancelling(meeting, ask, show, form)
    try:
        await ask.command("committees", f"/meetings/{meeting}/cancellation", {"reason": reason}, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _cancelling(meeting, ask, show, form)
    return see_other(f"/calendar/{meeting}")


async def _new(ask: Asking, show: Show, form: Form, clashes: list[dict[str, Any]] | None = None) -> Response:
    bodies, rooms = await asyncio.gather(ask.get("committees", "/committees"), ask.get("committees", "/rooms"))
    return show(
        "calendar/new.html", title="Call a meeting", form=form, clashes=clashes, layouts=LAYOUTS.items(),
        bodies=[(body["committee_id"], body["title"]) for body in bodies], rooms=[(each["room_id"], named(each)) for each in rooms],
    )  # fmt: skip


async def _check(
    ask: Asking, show: Show, form: Form, body: dict[str, Any], committee: str, meeting: UUID | None
) -> Response:
    clashes, about, rooms = await asyncio.gather(
        _clashes(ask, body, committee, meeting),
        ask.get("committees", f"/committees/{committee}"),
        ask.get("committees", "/rooms"),
    )
    wanted = body.get("room") or {}
    typed = (
        "committee",
        "day",
        "starts",
        "ends",
        "room",
        "layout",
        "needed",
        "venue",
        "reason",
        "short_notice",
        "despite_clash",
    )
    hidden = [(name, form.typed(name)) for name in typed if form.typed(name)]
    title = f"Check before {about['title']} is {'moved' if meeting else 'called'}"
    return show(
        "calendar/check.html", title=title, form=form, body=body, about=about, clashes=clashes, meeting=meeting,
        room=next((named(each) for each in rooms if each["room_id"] == wanted.get("room_id")), ""), layouts=LAYOUTS,
        hidden=[*hidden, *(("webcast", each) for each in form.several("webcast"))],
    )  # fmt: skip


async def _move(
    meeting: UUID, ask: Asking, show: Show, form: Form, clashes: list[dict[str, Any]] | None = None
) -> Response:
    found = await ask.get("committees", f"/meetings/{meeting}")
    return show(
        "calendar/move.html",
        title=f"Move the meeting of {found['committee']}",
        form=form,
        meeting=found,
        clashes=clashes,
    )


async def _booking(
    meeting: UUID, ask: Asking, show: Show, form: Form, clashes: list[dict[str, Any]] | None = None
) -> Response:
    found = await ask.get("committees", f"/meetings/{meeting}")
    start, until = instants(_time_of(found))
    rooms = await ask.get("committees", "/rooms", until=until, **{"from": start})
    return show(
        "calendar/room.html", title=f"A room for {found['committee']}", form=form, meeting=found, rooms=rooms, clashes=clashes,
        layouts=LAYOUTS.items(), choices=[(each["room_id"], named(each)) for each in rooms],
    )  # fmt: skip


async def _cancelling(meeting: UUID, ask: Asking, show: Show, form: Form) -> Response:
    found = await ask.get("committees", f"/meetings/{meeting}")
    return show("calendar/cancel.html", title=f"Cancel the meeting of {found['committee']}?", form=form, meeting=found)


async def _in_the_way(
    ask: Asking, refusal: Refusal, body: dict[str, Any], committee: str, meeting: UUID | None = None
) -> list[dict[str, Any]] | None:
    """What a refused meeting clashes with, where a clash is why."""
    return await _clashes(ask, body, committee, meeting) if refusal.rule in CLASHES else None


async def _clashes(ask: Asking, body: dict[str, Any], committee: str, meeting: UUID | None) -> list[dict[str, Any]]:
    """Meetings that have the room or a member of the body at that time, but for the meeting itself."""
    start, until = instants(body)
    wanted = body.get("room") or {}
    found = await ask.get(
        "committees", "/clashes", until=until, committee_id=committee, room_id=wanted.get("room_id"), **{"from": start}
    )
    return [clash for clash in found if clash["meeting_id"] != str(meeting)]


def _reasons(form: Form) -> dict[str, str]:
    return {name: form.text(name, longest=500) for name in ("short_notice", "despite_clash")}


def _time_of(meeting: dict[str, Any]) -> dict[str, Any]:
    return {"day": meeting["day"], "starts": meeting["starts"], "ends": meeting["ends"]}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def named(room: dict[str, Any]) -> str:
    """A room as one chooses it: `Committee Room 1, Town Hall (40 seats)`."""
    seats = max(room["capacities"].values(), default=0)
    return f"{room['name']}, {room['venue']} ({seats} seats)"


async def tasks(ask: Asking) -> list[Task]:
    """Agendas that are to be published, by their last day."""
    try:
        due = await ask.get("committees", "/agendas/due")
    except NotThere:
        return []
    return [
        Task(
            due=date.fromisoformat(meeting["publish_by"]),
            kind="Agenda",
            subject=f"{meeting['committee']}, {day(meeting['day'])}",
            url=f"/calendar/{meeting['meeting_id']}",
            why="The agenda is open to the public for the clear days before the meeting. LGA 1972 s.100B",
        )
        for meeting in due
    ]


meetings = Room("calendar", "Committees", router, READERS, (Link("Calendar", "/calendar", "g m"),), tasks=tasks)

"""Calendar feeds that anybody may subscribe to: of a body, a member, a room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import Select, select

from services.committees.exchange.icalendar_feed import MEDIA_TYPE, Entry, feed
from services.committees.views.access import PublicReading, opened
from services.committees.views.bodies import Body
from services.committees.views.calendar import Called, Meeting, Room, RoomUse
from services.committees.views.calendar_pages import meetings_listed
from services.committees.views.members import Member
from shared.events.values_committees import Sitting
from shared.service.auth import public
from shared.service.database import Connection, fetch
from shared.service.problems import not_found

router = APIRouter(prefix="/feeds", tags=["feeds"])
CALENDAR = opened("text/calendar")


@router.get("/committees/{committee_id}.ics", response_class=Response, responses=CALENDAR)
@public
async def of_committee(committee_id: UUID, conn: PublicReading) -> Response:
    """Every meeting of a body."""
    title = await one(conn, select(Body.title).where(Body.committee_id == committee_id))
    return answer(title, await fetch(conn, meetings_listed().where(Meeting.committee_id == committee_id)))


@router.get("/members/{member_id}.ics", response_class=Response, responses=CALENDAR)
@public
async def of_member(member_id: UUID, conn: PublicReading) -> Response:
    """Every meeting that a member is called to; one they no longer sit at is struck out."""
    name = await one(conn, select(Member.name).where(Member.member_id == member_id))
    called = meetings_listed(Called.standing).join(Called, Called.meeting_id == Meeting.meeting_id)
    return answer(name or "Meetings", await fetch(conn, called.where(Called.member_id == member_id)))


@router.get("/rooms/{room_id}.ics", response_class=Response, responses=CALENDAR)
@public
async def of_room(room_id: UUID, conn: PublicReading) -> Response:
    """Every meeting in a room, or in a hall that it is a part of; one that moved away is struck out."""
    name = await one(conn, select(Room.name).where(Room.room_id == room_id))
    used = meetings_listed(RoomUse.standing).join(RoomUse, RoomUse.meeting_id == Meeting.meeting_id)
    return answer(name, await fetch(conn, used.where(RoomUse.room_id == room_id)))


async def one(conn: Connection, query: Select[Any]) -> Any:
    """The one value of a query. Raises not-found."""
    rows = await fetch(conn, query)
    if not rows:
        raise not_found()
    return next(iter(rows[0].values()))


def answer(name: str, rows: list[dict[str, Any]]) -> Response:
    return Response(feed(name, map(entry_of, rows)), media_type=MEDIA_TYPE)


def entry_of(row: dict[str, Any]) -> Entry:
    cancelled = row["status"] == "cancelled" or not row.get("standing", True)
    return Entry(
        meeting_id=row["meeting_id"],
        title=row["committee"],
        sitting=Sitting(row["day"], row["starts"], row["ends"], row["zone"]),
        place=", ".join(part for part in (row["room"], row["venue"]) if part),
        sequence=row["sequence"],
        changed_at=row["changed_at"],
        cancelled=cancelled,
        reason=row["reason"],
    )

"""What Modern.Gov's read service tells, read from our views: only what is open to the public."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from services.committees.exchange.moderngov import (
    AgendaItem,
    Attendee,
    Committee,
    Councillor,
    MeetingDetail,
    MeetingLine,
)
from services.committees.views.bodies import Body, Seat
from services.committees.views.business import Item
from services.committees.views.calendar import Meeting
from services.committees.views.calendar_pages import meetings_listed, presence
from services.committees.views.member_pages import in_office, members_with_groups
from services.committees.views.members import Member, Term
from shared.events.values_committees import public_number
from shared.service.database import Connection, fetch

MOST = 5000
"""Meetings in one answer."""
KEY_POSTS = {
    "chair": "Chair of {}", "vice-chair": "Vice-Chair of {}", "leader": "Leader of the Council",
    "deputy-leader": "Deputy Leader of the Council", "cabinet-member": "Cabinet Member",
}  # fmt: skip
ATTENDANCE = {
    "present": "Present", "apologies": "Apologies", "absent": "Absent", "substitute": "Present, as substitute",
    "in-attendance": "In attendance", "online": "In attendance", None: "Expected",
}  # fmt: skip


async def committees(conn: Connection) -> list[Committee]:
    rows = await fetch(conn, select(*Body.__table__.columns).order_by(Body.title, Body.committee_id))
    return [Committee(row["number"], row["title"], row["category"], row["dissolved_on"] is not None) for row in rows]


async def councillors(conn: Connection, today: date) -> list[Councillor]:
    """Members in office who represent a ward, by ward and surname."""
    query = members_with_groups().where(in_office(today), Member.ward_title != "", Member.name.is_not(None))
    rows = await fetch(conn, query.order_by(Member.ward_title, Member.surname, Member.member_id))
    terms: dict[UUID, list[tuple[date, date | None]]] = {}
    for term in await fetch(conn, select(*Term.__table__.columns).order_by(Term.from_on)):
        terms.setdefault(term["member_id"], []).append((term["from_on"], term["left_on"]))
    posts = await key_posts(conn, today)
    return [
        Councillor(
            number=row["number"], full_name=f"{row['title']} {row['name']}".strip(), party=row["party"] or "",
            group=row["group"] or "", ward=row["ward_title"], key_posts=tuple(posts.get(row["member_id"], ())),
            contact_lines=tuple(row["lines"]), postcode=row["postcode"], phone=row["phone"], email=row["email"],
            terms=tuple(terms.get(row["member_id"], ())),
        )
        for row in rows
    ]  # fmt: skip


async def key_posts(conn: Connection, today: date) -> dict[UUID, list[str]]:
    standing = or_(Seat.left_on.is_(None), Seat.left_on >= today)
    query = (
        select(Seat.member_id, Seat.role, Body.title)
        .join_from(Seat, Body, Body.committee_id == Seat.committee_id)
        .where(Seat.role.in_(list(KEY_POSTS)), Seat.from_on <= today, standing)
        .order_by(Body.title)
    )
    posts: dict[UUID, list[str]] = {}
    for row in await fetch(conn, query):
        posts.setdefault(row["member_id"], []).append(KEY_POSTS[row["role"]].format(row["title"]))
    return posts


async def meetings(
    conn: Connection, first: date, last: date, committee: int | None = None, *, ascending: bool = True
) -> list[MeetingLine]:
    """Meetings of some days, of the body with this number or of all."""
    query = meetings_listed(Body.number.label("committee_number")).where(Meeting.day >= first, Meeting.day <= last)
    if committee is not None:
        query = query.where(Body.number == committee)
    if not ascending:
        query = query.order_by(None).order_by(Meeting.starts_at.desc(), Meeting.meeting_id)
    return [line_of(row) for row in await fetch(conn, query.limit(MOST))]


async def meeting(conn: Connection, number: int) -> MeetingDetail | None:
    """One meeting with its agenda as it is published and everybody called to it."""
    found = await fetch(conn, meetings_listed(Body.number.label("committee_number")).where(Meeting.number == number))
    if not found:
        return None
    row = found[0]
    roles = select(Seat.member_id, Seat.role).where(Seat.committee_id == row["committee_id"], Seat.left_on.is_(None))
    role_of = {seat["member_id"]: seat["role"] for seat in await fetch(conn, roles)}
    return MeetingDetail(
        line=line_of(row),
        location=", ".join(part for part in (row["room"], row["venue"]) if part),
        ends=row["ends"],
        agenda_published=row["packs"] > 0,
        started=local(row["started_at"], row["zone"]),
        finished=local(row["finished_at"], row["zone"]),
        items=await agenda(conn, row["meeting_id"]),
        attendees=[
            Attendee(
                who["number"], f"{who['title']} {who['name']}".strip(), role_of.get(who["member_id"], "").replace("-", " "),
                ATTENDANCE[who["attendance"]], who["party"] or "", who["ward_title"],
            )
            for who in await fetch(conn, presence(row["meeting_id"]))
            if who["name"] is not None
        ],
    )  # fmt: skip


async def agenda(conn: Connection, meeting_id: UUID) -> list[AgendaItem]:
    """The published items, numbered without the headings. Of an exempt one the public title and nothing else."""
    query = select(*Item.__table__.columns).where(Item.meeting_id == meeting_id, Item.pack > 0, Item.withdrawn == "")
    listed, place = [], 0
    for row in await fetch(conn, query.order_by(Item.position)):
        place += not row["heading"]
        listed.append(
            AgendaItem(
                public_number(row["item_id"]), row["title"], 0 if row["heading"] else place, row["part"] == 2,
                row["for_decision"],
            )
        )  # fmt: skip
    return listed


def line_of(row: dict[str, Any]) -> MeetingLine:
    return MeetingLine(
        row["number"], row["day"], row["starts"], row["status"] == "cancelled", row["webcast"], row["committee_number"],
        row["committee"],
    )  # fmt: skip


def local(instant: datetime | None, zone: str) -> Any:
    """The time on the wall, or nothing."""
    return instant and instant.astimezone(ZoneInfo(zone)).time()

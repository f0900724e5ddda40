"""Asking about bodies and groups: what there is, who sits where in which role."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import or_, select

from services.committees.inputs import Day
from services.committees.views.access import NAME_READERS
from services.committees.views.bodies import Body, Group, GroupMember, Seat
from services.committees.views.members import Member
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found


class CommitteeLine(BaseModel):
    committee_id: UUID
    number: int
    title: str
    kind: str
    category: str
    seats: int
    quorum: int
    created_on: date
    dissolved_on: date | None


class SitsLine(BaseModel):
    member_id: UUID
    name: str | None
    role: str
    from_on: date
    left_on: date | None


class CommitteePage(CommitteeLine):
    """`notice` says how it counts clear days; `sitting` who sits on it on the day asked about."""

    notice: dict[str, Any]
    parent: UUID | None
    vacancies: int
    sitting: list[SitsLine]


class GroupLine(BaseModel):
    group_id: UUID
    name: str
    leader: UUID | None
    formed_on: date
    ended_on: date | None
    members: list[UUID]


SEATED = ("member", "chair", "vice-chair", "leader", "deputy-leader", "cabinet-member")
"""Roles that fill one of the body's seats."""

router = APIRouter(tags=["committees"], dependencies=[NAME_READERS, caught_up("bodies", "members")])


@router.get("/committees")
async def list_committees(conn: Reading, dissolved: bool = False) -> list[CommitteeLine]:
    """Bodies by title; with `dissolved`, those too that are no more."""
    query = select(*Body.__table__.columns).order_by(Body.title, Body.committee_id)
    if not dissolved:
        query = query.where(Body.dissolved_on.is_(None))
    return [CommitteeLine(**row) for row in await fetch(conn, query)]


@router.get("/committees/{committee_id}")
async def committee_page(committee_id: UUID, conn: Reading, today: Today, on: Day | None = None) -> CommitteePage:
    """One body with who sits on it, today or on another day."""
    found = await fetch(conn, select(*Body.__table__.columns).where(Body.committee_id == committee_id))
    if not found:
        raise not_found()
    day = on or today
    seats = (
        select(Seat.member_id, Member.name, Seat.role, Seat.from_on, Seat.left_on)
        .outerjoin_from(Seat, Member, Member.member_id == Seat.member_id)
        .where(Seat.committee_id == committee_id, Seat.from_on <= day, or_(Seat.left_on.is_(None), Seat.left_on >= day))
        .order_by(Member.surname, Seat.member_id)
    )
    sitting = [SitsLine(**row) for row in await fetch(conn, seats)]
    vacancies = found[0]["seats"] - len({line.member_id for line in sitting if line.role in SEATED})
    return CommitteePage(**found[0], sitting=sitting, vacancies=vacancies)


@router.get("/groups")
async def list_groups(conn: Reading) -> list[GroupLine]:
    """Political groups that stand, with their members."""
    members: dict[UUID, list[UUID]] = {}
    joined = select(GroupMember.group_id, GroupMember.member_id).order_by(GroupMember.joined_on, GroupMember.member_id)
    for row in await fetch(conn, joined):
        members.setdefault(row["group_id"], []).append(row["member_id"])
    query = select(*Group.__table__.columns).where(Group.ended_on.is_(None)).order_by(Group.name, Group.group_id)
    return [GroupLine(**row, members=members.get(row["group_id"], [])) for row in await fetch(conn, query)]

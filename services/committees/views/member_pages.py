"""Asking about members: who holds office, one member with their seats, and who has not come for months."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Select, func, or_, select, tuple_

from services.committees.inputs import Day, Text
from services.committees.views.access import NAME_READERS, OFFICERS
from services.committees.views.bodies import Body, Group, GroupMember, Seat
from services.committees.views.members import Member, Term
from shared.law.meetings import absence
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found


class MemberLine(BaseModel):
    """One member. `name` and `party` are absent once the person's data is erased."""

    member_id: UUID
    number: int
    title: str
    name: str | None
    party: str | None
    group: str | None
    ward: str | None
    ward_title: str
    from_on: date
    left_on: date | None


class SeatLine(BaseModel):
    committee_id: UUID
    committee: str
    role: str
    from_on: date
    left_on: date | None


class TermLine(BaseModel):
    from_on: date
    left_on: date | None


class MemberPage(MemberLine):
    person_id: UUID
    term_ends_on: date | None
    because: str
    email: str
    phone: str
    lines: list[str]
    postcode: str
    last_attended: date | None
    terms: list[TermLine]
    seats: list[SeatLine]


class AbsenceLine(BaseModel):
    """A member whom the law's six months may cost the office. `lapses_after` is the last day of office."""

    member_id: UUID
    name: str | None
    last_attended: date | None
    stage: str
    lapses_after: date
    approved_until: date | None


def in_office(on: date) -> Any:
    return (Member.from_on <= on) & or_(Member.left_on.is_(None), Member.left_on >= on)


def members_with_groups() -> Select[Any]:
    """Members with the name of the group they are in."""
    return (
        select(*Member.__table__.columns, Group.name.label("group"))
        .outerjoin_from(Member, GroupMember, GroupMember.member_id == Member.member_id)
        .outerjoin(Group, Group.group_id == GroupMember.group_id)
    )


def seats_of(member: UUID) -> Select[Any]:
    columns: list[Any] = [Seat.committee_id, Body.title.label("committee"), Seat.role, Seat.from_on, Seat.left_on]
    return (
        select(*columns)
        .join_from(Seat, Body, Body.committee_id == Seat.committee_id)
        .where(Seat.member_id == member)
        .order_by(Seat.from_on.desc(), Body.title)
    )


router = APIRouter(tags=["members"])
_SURNAME = func.coalesce(Member.surname, "").collate("C")
"""An erased name sorts first: a cursor needs a value."""


@router.get("/members", dependencies=[NAME_READERS, caught_up("members", "bodies")])
async def list_members(
    conn: Reading, paged: Paged, today: Today, ward: Text | None = None, on: Day | None = None
) -> Page[MemberLine]:
    """Who holds office today, or on another day, by surname."""
    query = members_with_groups().where(in_office(on or today))
    if ward is not None:
        query = query.where(Member.ward == ward)
    order = (_SURNAME, Member.member_id)
    if paged.after is not None:
        query = query.where(tuple_(*order) > tuple_(paged.after[0], UUID(paged.after[1])))
    rows = await fetch(conn, query.order_by(*order).limit(paged.limit + 1))
    page = paged.page(rows, lambda row: (row["surname"] or "", str(row["member_id"])))
    return Page(items=[MemberLine(**row) for row in page.items], next=page.next)


@router.get("/absences", dependencies=[OFFICERS, caught_up("members")])
async def absences(conn: Reading) -> list[AbsenceLine]:
    """Members warned of, the most pressing first. [LGA 1972 s.85]"""
    query = select(*Member.__table__.columns).where(Member.absence_stage != "", Member.left_on.is_(None))
    return [
        AbsenceLine(
            member_id=row["member_id"], name=row["name"], last_attended=row["last_attended"], stage=row["absence_stage"],
            lapses_after=row["lapses_after"] or absence(row["from_on"]).lapses_after,
            approved_until=row["absence_approved_until"],
        )
        for row in await fetch(conn, query.order_by(Member.lapses_after, Member.member_id))
    ]  # fmt: skip


@router.get("/members/{member_id}", dependencies=[NAME_READERS, caught_up("members", "bodies")])
async def member_page(member_id: UUID, conn: Reading) -> MemberPage:
    """One member: contact, terms of office, seats."""
    found = await fetch(conn, members_with_groups().where(Member.member_id == member_id))
    if not found:
        raise not_found()
    terms = select(Term.from_on, Term.left_on).where(Term.member_id == member_id).order_by(Term.from_on)
    return MemberPage(**found[0], terms=await fetch(conn, terms), seats=await fetch(conn, seats_of(member_id)))

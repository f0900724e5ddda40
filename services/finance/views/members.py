"""Members that finance knows of: who they are to payroll. Bank details and National Insurance numbers are not copied here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Boolean, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from services.finance.views.access import FINANCE
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.finance import EntitlementStarted, PayeeConfirmed, PayeeProposed
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.read_audit import audited


class Member(ViewTable):
    """One member, as their entitlements say."""

    __tablename__ = "member"
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None]


class Payee(ViewTable):
    """How a member is called by bank and payroll, once confirmed; absent before, and once erased. A table apart: it is told
    by another stream, and no order holds between the two."""

    __tablename__ = "payee"
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    name: Mapped[str | None] = mapped_column(Text, default=None)
    pay_reference: Mapped[str | None] = mapped_column(Text, default=None)
    waiting: Mapped[bool] = mapped_column(Boolean)
    """New bank details wait for another officer."""


@projection("members", version=1, tables=[Member, Payee])
class Members:
    view: View

    @on(EntitlementStarted)
    async def entitled(self, tx: ViewTransaction, e: Recorded[EntitlementStarted]) -> None:
        # Only an entitlement that comes with office itself names the person; one for a seat says nothing new of a member.
        if e.data.person_id is not None or await tx.get(Member, member_id=e.data.member_id) is None:
            tx.put(Member, authority=e.authority, member_id=e.data.member_id, person_id=e.data.person_id)

    @on(PayeeProposed)
    async def proposed(self, tx: ViewTransaction, e: Recorded[PayeeProposed]) -> None:
        before = await tx.get(Payee, member_id=e.data.member_id) or {}
        tx.put(
            Payee, authority=e.authority, member_id=e.data.member_id, person_id=e.data.person_id,
            name=before.get("name"), pay_reference=before.get("pay_reference"), waiting=True,
        )  # fmt: skip

    @on(PayeeConfirmed)
    def confirmed(self, tx: ViewTransaction, e: Recorded[PayeeConfirmed]) -> None:
        details = known(e.data.details)
        tx.put(
            Payee, authority=e.authority, member_id=e.data.member_id, person_id=e.data.person_id,
            name=details.name if details else None, pay_reference=details.pay_reference if details else None,
            waiting=False,
        )  # fmt: skip

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Payee, {"person_id": e.data.subject_id}, name=None, pay_reference=None)


class MemberLine(BaseModel):
    """One member in the list. `waiting`: bank details to confirm; without a `name` nothing can be paid yet."""

    member_id: UUID
    person_id: UUID | None
    name: str | None
    pay_reference: str | None
    waiting: bool


MEMBERS = select(
    Member.member_id,
    Member.person_id,
    Payee.name,
    Payee.pay_reference,
    func.coalesce(Payee.waiting, False).label("waiting"),
).outerjoin_from(Member, Payee, Payee.member_id == Member.member_id)


async def every_member(conn: Connection, authority: str) -> list[dict[str, Any]]:
    """All members of a council that finance knows of."""
    return await fetch(conn, MEMBERS.where(Member.authority == authority))


router = APIRouter(tags=["members"], dependencies=[FINANCE, caught_up("members")])


@router.get("/members", dependencies=[audited("members")])
async def list_members(conn: Reading, paged: Paged) -> Page[MemberLine]:
    """Members with what payroll calls them."""
    query = MEMBERS.order_by(Member.member_id).limit(paged.limit + 1)
    if paged.after is not None:
        query = query.where(Member.member_id > UUID(paged.after[0]))
    page = paged.page(await fetch(conn, query), lambda row: [str(row["member_id"])])
    return Page(items=[MemberLine(**row) for row in page.items], next=page.next)

"""Members that finance knows of: who they are to payroll. Bank details and National Insurance numbers are not copied here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Boolean, Text, select
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
    """One member. `name` and `pay_reference` are those of the confirmed payee; absent before, and once erased."""

    __tablename__ = "member"
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    name: Mapped[str | None] = mapped_column(Text, default=None)
    pay_reference: Mapped[str | None] = mapped_column(Text, default=None)
    waiting: Mapped[bool] = mapped_column(Boolean, default=False)
    """New bank details wait for another officer."""


@projection("members", version=1, tables=[Member])
class Members:
    view: View

    @on(EntitlementStarted)
    async def entitled(self, tx: ViewTransaction, e: Recorded[EntitlementStarted]) -> None:
        before = await self._row(tx, e, e.data.member_id)
        tx.put(Member, **before | {"person_id": e.data.person_id or before.get("person_id")})

    @on(PayeeProposed)
    async def proposed(self, tx: ViewTransaction, e: Recorded[PayeeProposed]) -> None:
        before = await self._row(tx, e, e.data.member_id)
        tx.put(Member, **before | {"person_id": e.data.person_id, "waiting": True})

    @on(PayeeConfirmed)
    async def confirmed(self, tx: ViewTransaction, e: Recorded[PayeeConfirmed]) -> None:
        before, details = await self._row(tx, e, e.data.member_id), known(e.data.details)
        named = {"name": details.name, "pay_reference": details.pay_reference} if details else {}
        tx.put(Member, **before | named | {"person_id": e.data.person_id, "waiting": False})

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Member, {"person_id": e.data.subject_id}, name=None, pay_reference=None, waiting=False)

    @staticmethod
    async def _row(tx: ViewTransaction, e: Recorded[Any], member: UUID) -> dict[str, Any]:
        """News of offices and of payment come from different streams, in either order: the row as it stands, or a new one."""
        return await tx.get(Member, member_id=member) or {"authority": e.authority, "member_id": member}


class MemberLine(BaseModel):
    """One member in the list. `waiting`: bank details to confirm; without a `name` nothing can be paid yet."""

    member_id: UUID
    person_id: UUID | None
    name: str | None
    pay_reference: str | None
    waiting: bool


async def every_member(conn: Connection, authority: str) -> list[dict[str, Any]]:
    """All members of a council that finance knows of."""
    return await fetch(conn, select(*Member.__table__.columns).where(Member.authority == authority))


router = APIRouter(tags=["members"], dependencies=[FINANCE, caught_up("members")])


@router.get("/members", dependencies=[audited("members")])
async def list_members(conn: Reading, paged: Paged) -> Page[MemberLine]:
    """Members with what payroll calls them."""
    query = select(*Member.__table__.columns).order_by(Member.member_id).limit(paged.limit + 1)
    if paged.after is not None:
        query = query.where(Member.member_id > UUID(paged.after[0]))
    page = paged.page(await fetch(conn, query), lambda row: [str(row["member_id"])])
    return Page(items=[MemberLine(**row) for row in page.items], next=page.next)

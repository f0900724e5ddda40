"""Declarations that end: how many in which month, by category, how far their makers were reminded, and who they are."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Index, Integer, Text, func, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.access import OFFICERS
from services.registration.views.electors import Elector, number_on
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.registration import DeclarationCategory
from shared.law.declarations import season
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.read_audit import audited

# -------------------------------------------------------------------- tables


class Declaration(ViewTable):
    """The declaration of one elector as it stands. `reminders`: given in this term; `ended_on`: in force no longer."""

    __tablename__ = "declaration"
    __table_args__ = (Index("declaration_by_end", "authority", "until"), {"schema": "declarations"})
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    made_on: Mapped[date | None]
    effective_on: Mapped[date]
    until: Mapped[date]
    renewals: Mapped[int] = mapped_column(Integer, default=0)
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    reminded_on: Mapped[date | None] = mapped_column(default=None)
    service_ends: Mapped[date | None] = mapped_column(default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)


# ------------------------------------------------------------------ handlers


@projection("declarations", version=1, tables=[Declaration])
class Declarations:
    view: View

    @on(r.DeclarationTookEffect)
    def begin(self, tx: ViewTransaction, e: Recorded[r.DeclarationTookEffect]) -> None:
        d = e.data
        tx.put(
            Declaration, authority=e.authority, elector_id=d.elector_id, category=d.category, made_on=d.made_on,
            effective_on=d.effective_on, until=d.until,
        )  # fmt: skip

    @on(r.DeclarationRenewed)
    async def renew(self, tx: ViewTransaction, e: Recorded[r.DeclarationRenewed]) -> None:
        d = e.data
        before = await tx.get(Declaration, elector_id=d.elector_id)
        tx.change(
            Declaration, elector_id=d.elector_id, made_on=d.made_on, effective_on=d.effective_on, until=d.until,
            reminders=0, reminded_on=None, service_ends=None, renewals=(before["renewals"] if before else 0) + 1,
        )  # fmt: skip

    @on(r.ServiceEndLearnt)
    def leave(self, tx: ViewTransaction, e: Recorded[r.ServiceEndLearnt]) -> None:
        tx.change(Declaration, elector_id=e.data.elector_id, service_ends=e.data.ends_on)

    @on(r.DeclarationReminderGiven)
    def remind(self, tx: ViewTransaction, e: Recorded[r.DeclarationReminderGiven]) -> None:
        d = e.data
        tx.change(Declaration, elector_id=d.elector_id, reminders=d.reminder, reminded_on=d.given_on)

    @on(r.DeclarationCancelled)
    def cancel(self, tx: ViewTransaction, e: Recorded[r.DeclarationCancelled]) -> None:
        tx.change(Declaration, elector_id=e.data.elector_id, ended_on=e.data.cancelled_on)

    @on(r.DeclarationEnded)
    def end(self, tx: ViewTransaction, e: Recorded[r.DeclarationEnded]) -> None:
        tx.change(Declaration, elector_id=e.data.elector_id, ended_on=e.data.ended_on)


# -------------------------------------------------------------------- routes


class EndingDeclarations(BaseModel):
    """Declarations of one category that end in one month (its first day), and what their makers were told."""

    month: date
    category: DeclarationCategory
    ending: int
    reminded_once: int
    reminded_twice: int
    service_end_known: int


class DeclarationDue(BaseModel):
    """One of them. `name` is None when the person was erased."""

    elector_id: UUID
    number: str
    name: str | None
    category: DeclarationCategory
    made_on: date | None
    effective_on: date
    until: date
    renewals: int
    reminders: int
    reminded_on: date | None
    service_ends: date | None


IN_FORCE: ColumnElement[bool] = Declaration.ended_on.is_(None)
MONTH = func.date_trunc("month", Declaration.until)
router = APIRouter(tags=["declarations"], dependencies=[OFFICERS, caught_up("declarations", "electors")])


@router.get("/declarations/ending")
async def ending(conn: Reading, today: Today, until: date | None = None) -> list[EndingDeclarations]:
    """How many declarations end, by month and category, from this month to the day given (else the season after next)."""
    last = until or season(date(today.year + 1, 12, 1)).last
    counted = (
        select(
            MONTH.label("month"),
            Declaration.category,
            func.count().label("ending"),
            func.count().filter(Declaration.reminders >= 1).label("reminded_once"),
            func.count().filter(Declaration.reminders >= 2).label("reminded_twice"),
            func.count().filter(Declaration.service_ends.is_not(None)).label("service_end_known"),
        )
        .where(IN_FORCE, Declaration.until >= today.replace(day=1), Declaration.until <= last)
        .group_by(MONTH, Declaration.category)
        .order_by(MONTH, Declaration.category)
    )
    return [EndingDeclarations(**row | {"month": row["month"].date()}) for row in await fetch(conn, counted)]


@router.get("/declarations", dependencies=[audited("declarations")])
async def declarations_of(
    conn: Reading,
    today: Today,
    month: Annotated[date, Query(description="any day of the month in which they end")],
    category: DeclarationCategory | None = None,
) -> list[DeclarationDue]:
    """The list behind a figure of `/declarations/ending`, by their last day."""
    wanted = (
        select(*Declaration.__table__.columns, number_on(today).label("number"), Elector.name)
        .join_from(Declaration, Elector, Elector.elector_id == Declaration.elector_id)
        .where(IN_FORCE, func.date_trunc("month", Declaration.until) == month.replace(day=1))
        .order_by(Declaration.until, literal_column("number").collate("C"))
    )
    if category is not None:
        wanted = wanted.where(Declaration.category == category)
    return [DeclarationDue(**row) for row in await fetch(conn, wanted)]

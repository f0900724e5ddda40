"""What is to be heard, where, when and by whom; and the appeals that wait for the county court."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Boolean, DateTime, Index, SmallInteger, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.access import OFFICERS
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today


class Hearing(ViewTable):
    """One hearing. A cancelled one stays, so that calendars strike it out."""

    __tablename__ = "hearing"
    __table_args__ = (Index("hearing_by_day", "day"), {"schema": "hearings"})
    hearing_id: Mapped[UUID] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID]
    day: Mapped[date]
    starts: Mapped[time]
    minutes: Mapped[int] = mapped_column(SmallInteger)
    room: Mapped[str] = mapped_column(Text)
    officer: Mapped[str] = mapped_column(Text)
    cancelled: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Appeal(ViewTable):
    """One appeal. `outcome`: allowed, dismissed or withdrawn; empty while the court has not decided."""

    __tablename__ = "appeal"
    __table_args__ = {"schema": "hearings"}  # noqa: RUF012
    appeal_id: Mapped[UUID] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID]
    decided_on: Mapped[date]
    received_on: Mapped[date]
    reference: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text, default="")
    ended_on: Mapped[date | None] = mapped_column(default=None)


# ------------------------------------------------------------------ handlers


@projection("hearings", version=1, tables=[Hearing, Appeal])
class Hearings:
    view: View

    @on(r.HearingArranged)
    def arrange(self, tx: ViewTransaction, e: Recorded[r.HearingArranged]) -> None:
        hearing = e.data
        tx.put(
            Hearing,
            authority=e.authority,
            hearing_id=e.stream_id,
            about=hearing.about,
            case_id=hearing.case_id,
            day=hearing.day,
            starts=hearing.starts,
            minutes=hearing.minutes,
            room=hearing.room,
            officer=hearing.officer,
            changed_at=e.recorded_at,
        )

    @on(r.HearingCancelled)
    def cancel(self, tx: ViewTransaction, e: Recorded[r.HearingCancelled]) -> None:
        tx.change(Hearing, hearing_id=e.stream_id, cancelled=True, changed_at=e.recorded_at)

    @on(r.AppealReceived)
    def receive(self, tx: ViewTransaction, e: Recorded[r.AppealReceived]) -> None:
        appeal = e.data
        tx.put(
            Appeal, authority=e.authority, appeal_id=e.stream_id, about=appeal.about, case_id=appeal.case_id,
            decided_on=appeal.decided_on, received_on=appeal.received_on, reference=appeal.reference,
        )  # fmt: skip

    @on(r.AppealDecided)
    def decide(self, tx: ViewTransaction, e: Recorded[r.AppealDecided]) -> None:
        outcome = "allowed" if e.data.allowed else "dismissed"
        tx.change(Appeal, appeal_id=e.stream_id, outcome=outcome, ended_on=e.data.decided_on)

    @on(r.AppealWithdrawn)
    def withdraw(self, tx: ViewTransaction, e: Recorded[r.AppealWithdrawn]) -> None:
        tx.change(Appeal, appeal_id=e.stream_id, outcome="withdrawn", ended_on=e.data.withdrawn_on)


# -------------------------------------------------------------------- routes


class HearingRow(BaseModel):
    """One hearing; the case is looked up by its id."""

    hearing_id: UUID
    about: str
    case_id: UUID
    day: date
    starts: time
    minutes: int
    room: str
    officer: str


class AppealRow(BaseModel):
    """One appeal to the county court."""

    appeal_id: UUID
    about: str
    case_id: UUID
    decided_on: date
    received_on: date
    reference: str
    outcome: str
    ended_on: date | None


def every_hearing(officer: str | None = None) -> Any:
    """All hearings, the cancelled ones too, in order of time; or one officer's."""
    query: Any = select(*Hearing.__table__.columns).order_by(Hearing.day, Hearing.starts, Hearing.hearing_id)
    return query if officer is None else query.where(Hearing.officer == officer)


router = APIRouter(tags=["hearings"], dependencies=[OFFICERS, caught_up("hearings")])


@router.get("/hearings")
async def list_hearings(
    conn: Reading, today: Today, since: date | None = None, room: str | None = None, officer: str | None = None
) -> list[HearingRow]:
    """Hearings from today on, or since another day, in order of time."""
    query = every_hearing(officer).where(~Hearing.cancelled, Hearing.day >= (since or today))
    rows = await fetch(conn, query if room is None else query.where(Hearing.room == room))
    return [HearingRow(**row) for row in rows]


@router.get("/appeals")
async def list_appeals(conn: Reading, ended: bool = False) -> list[AppealRow]:
    """Appeals that wait for the court; with `ended`, the others."""
    waits = Appeal.outcome == ""
    query: Any = select(*Appeal.__table__.columns).where(~waits if ended else waits)
    return [AppealRow(**row) for row in await fetch(conn, query.order_by(Appeal.received_on, Appeal.appeal_id))]

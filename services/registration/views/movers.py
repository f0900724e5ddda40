"""Home movers: whose old entry waits for another council, and which councils wait for us."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Boolean, Index, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.access import OFFICERS
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.read_audit import audited


class Leaving(ViewTable):
    """A notice of somebody who left. `outcome`: what the other council decided; empty while it has not."""

    __tablename__ = "leaving"
    __table_args__ = (Index("leaving_by_person", "person_id"), {"schema": "movers"})
    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    of: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    elector_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None] = mapped_column(default=None)
    # What follows is the person's own, and goes when their data is erased.
    name: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text, default=None)
    date_of_birth: Mapped[date | None]


class Arrived(ViewTable):
    """An application that we allowed, of somebody who left another council's area."""

    __tablename__ = "arrived"
    __table_args__ = {"schema": "movers"}  # noqa: RUF012
    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID]
    to_council: Mapped[str] = mapped_column(Text)
    allowed_on: Mapped[date]
    sent: Mapped[bool] = mapped_column(Boolean, default=False)
    sent_on: Mapped[date | None] = mapped_column(default=None)


# ------------------------------------------------------------------ handlers


@projection("movers", version=1, tables=[Leaving, Arrived])
class Movers:
    view: View

    @on(r.MoverNoticeReceived)
    def receive(self, tx: ViewTransaction, e: Recorded[r.MoverNoticeReceived]) -> None:
        notice, name, address = e.data, known(e.data.name), known(e.data.left)
        tx.put(
            Leaving,
            authority=e.authority,
            notice_id=e.stream_id,
            person_id=notice.person_id,
            of=notice.of,
            reference=notice.reference,
            received_on=notice.received_on,
            elector_id=notice.elector_id,
            name=str(name) if name else None,
            address=str(address) if address else None,
            date_of_birth=known(notice.date_of_birth),
        )

    @on(r.MoverMatched)
    def match(self, tx: ViewTransaction, e: Recorded[r.MoverMatched]) -> None:
        tx.change(Leaving, notice_id=e.stream_id, elector_id=e.data.elector_id)

    @on(r.MoverAllowedElsewhere)
    def allow(self, tx: ViewTransaction, e: Recorded[r.MoverAllowedElsewhere]) -> None:
        tx.change(Leaving, notice_id=e.stream_id, outcome="allowed", decided_on=e.data.allowed_on)

    @on(r.MoverRejectedElsewhere)
    def reject(self, tx: ViewTransaction, e: Recorded[r.MoverRejectedElsewhere]) -> None:
        tx.change(Leaving, notice_id=e.stream_id, outcome="rejected", decided_on=e.data.told_on)

    @on(r.MoverConfirmedToOtherCouncil)
    def confirm(self, tx: ViewTransaction, e: Recorded[r.MoverConfirmedToOtherCouncil]) -> None:
        tx.put(
            Arrived, authority=e.authority, notice_id=e.stream_id, application_id=e.data.application_id,
            to_council=e.data.to, allowed_on=e.data.allowed_on,
        )  # fmt: skip

    @on(r.MoverConfirmationSent)
    def send(self, tx: ViewTransaction, e: Recorded[r.MoverConfirmationSent]) -> None:
        tx.change(Arrived, notice_id=e.stream_id, sent=True, sent_on=e.data.sent_on)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Leaving, {"person_id": e.data.subject_id}, name=None, address=None, date_of_birth=None)


# -------------------------------------------------------------------- routes


class LeavingRow(BaseModel):
    """Somebody of ours who applied elsewhere."""

    notice_id: UUID
    of: str
    reference: str
    received_on: date
    elector_id: UUID | None
    outcome: str
    decided_on: date | None
    name: str | None
    address: str | None
    date_of_birth: date | None


class ArrivedRow(BaseModel):
    """Somebody whom we allowed, and whose former council has to be told."""

    notice_id: UUID
    application_id: UUID
    to_council: str
    allowed_on: date
    sent_on: date | None


router = APIRouter(tags=["home movers"], dependencies=[OFFICERS, audited("home movers"), caught_up("movers")])


@router.get("/movers")
async def list_leaving(
    conn: Reading, outcome: Literal["waiting", "allowed", "rejected"] = "waiting"
) -> list[LeavingRow]:
    """Notices of other councils, the oldest first."""
    wanted = "" if outcome == "waiting" else outcome
    query: Any = select(*Leaving.__table__.columns).where(Leaving.outcome == wanted)
    return [LeavingRow(**row) for row in await fetch(conn, query.order_by(Leaving.received_on, Leaving.notice_id))]


@router.get("/movers/arrived")
async def list_arrived(conn: Reading, sent: bool = False) -> list[ArrivedRow]:
    """Councils to tell of applications that we allowed; with `sent`, those that were told."""
    query: Any = select(*Arrived.__table__.columns).where(Arrived.sent.is_(sent))
    return [ArrivedRow(**row) for row in await fetch(conn, query.order_by(Arrived.allowed_on, Arrived.notice_id))]

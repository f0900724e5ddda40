"""What came from the ERO Portal: carried out, failed and to be put right, or not yet acknowledged."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy import Boolean, ColumnElement, DateTime, Index, Text, and_, select, true, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.definition import known
from shared.events.registration import (
    PortalDecisionAcknowledged,
    PortalDecisionApplied,
    PortalDecisionFailed,
    PortalDecisionPutRight,
    PortalDecisionReceived,
)
from shared.service.auth import Authority, requires
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited

INSTANT = DateTime(timezone=True)
POSTAL_TEAM = requires("registration-officer", "ero-deputy", "postal-team")


class Decision(ViewTable):
    """One item of the portal's queues. `status` is empty until it was tried."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("decision_to_acknowledge", "received_at", postgresql_where="acknowledged_at IS NULL"),
        Index("decision_failed", "received_at", postgresql_where="status = 'failure'"),
        {"schema": "portal_decisions"},
    )
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(Text)
    queue: Mapped[str] = mapped_column(Text)
    approved: Mapped[bool] = mapped_column(Boolean)
    elector_id: Mapped[UUID | None]
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    authorised_at: Mapped[datetime | None] = mapped_column(INSTANT)
    status: Mapped[str] = mapped_column(Text, default="")
    rule: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    acknowledged_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    put_right_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)


@projection("portal_decisions", version=1, tables=[Decision])
class PortalDecisions:
    """Holds nothing personal: the record itself is in the decision's history, sealed."""

    view: View

    @on(PortalDecisionReceived)
    def receive(self, tx: ViewTransaction, e: Recorded[PortalDecisionReceived]) -> None:
        came = e.data
        tx.put(
            Decision,
            authority=e.authority,
            decision_id=e.stream_id,
            item=came.item,
            queue=came.queue,
            approved=came.approved,
            elector_id=came.elector_id,
            received_at=came.received_at,
            authorised_at=came.authorised_at,
        )

    @on(PortalDecisionApplied)
    def apply(self, tx: ViewTransaction, e: Recorded[PortalDecisionApplied]) -> None:
        tx.change(Decision, decision_id=e.stream_id, status="success")

    @on(PortalDecisionFailed)
    def fail(self, tx: ViewTransaction, e: Recorded[PortalDecisionFailed]) -> None:
        tx.change(Decision, decision_id=e.stream_id, status="failure", rule=e.data.rule, message=e.data.message)

    @on(PortalDecisionAcknowledged)
    def acknowledge(self, tx: ViewTransaction, e: Recorded[PortalDecisionAcknowledged]) -> None:
        tx.change(Decision, decision_id=e.stream_id, acknowledged_at=e.data.acknowledged_at)

    @on(PortalDecisionPutRight)
    def put_right(self, tx: ViewTransaction, e: Recorded[PortalDecisionPutRight]) -> None:
        tx.change(Decision, decision_id=e.stream_id, put_right_at=e.data.put_right_at)


# ------------------------------------------------------------------- queries


class DecisionLine(BaseModel):
    """One item. `message` is what the officer in the portal was told."""

    decision_id: UUID
    item: str
    queue: str
    approved: bool
    elector_id: UUID | None
    received_at: datetime
    authorised_at: datetime | None
    status: str
    rule: str
    message: str
    acknowledged_at: datetime | None
    put_right_at: datetime | None


class DecisionPage(DecisionLine):
    record: dict[str, Any] | None
    """As it came; None once the person was erased."""


Which = Literal["all", "to-put-right", "unacknowledged"]
_SELECTED: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "to-put-right": and_(Decision.status == "failure", Decision.put_right_at.is_(None)),
    "unacknowledged": Decision.acknowledged_at.is_(None),
}

router = APIRouter(
    prefix="/portal/decisions", tags=["ERO Portal"], dependencies=[POSTAL_TEAM, caught_up("portal_decisions")]
)


@router.get("")
async def taken_over(conn: Reading, paged: Paged, which: Annotated[Which, Query()] = "all") -> Page[DecisionLine]:
    """What was taken over from the portal, newest first."""
    query = select(*Decision.__table__.columns).where(_SELECTED[which])
    if after := paged.after:
        query = query.where(
            tuple_(Decision.received_at, Decision.decision_id) < (datetime.fromisoformat(after[0]), UUID(after[1]))
        )
    ordered = query.order_by(Decision.received_at.desc(), Decision.decision_id.desc()).limit(paged.limit + 1)
    rows = [DecisionLine(**row) for row in await fetch(conn, ordered)]
    return paged.page(rows, lambda row: (row.received_at.isoformat(), str(row.decision_id)))


@router.get("/{decision}", dependencies=[audited("portal decision")])
async def one(decision: UUID, conn: Reading, request: Request, authority: Authority) -> DecisionPage:
    """One item with the record as it came, to be put right by hand."""
    found = await fetch(conn, select(*Decision.__table__.columns).where(Decision.decision_id == decision))
    if not found:
        raise not_found()
    history = await request.app.state.history(decision, authority)
    record = next((known(e.data.record) for e in history if isinstance(e.data, PortalDecisionReceived)), None)
    return DecisionPage(**found[0], record=orjson.loads(record) if record else None)

"""The audit trail of a service: who did what, when, why and from where. One row per event, without personal data.

service = Service(…, views=(*VIEWS, audit_trail("elections")), routers=(…, trail, reads))
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import BigInteger, DateTime, Index, Integer, SmallInteger, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.clock import LONDON
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.definition import REGISTRY
from shared.service.auth import requires
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged

INSTANT = DateTime(timezone=True)


def in_words(name: str) -> str:
    """`ElectorAdded` -> `Elector added`; `DwpResultReceived` -> `DWP result received`."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda m: " " + m[1].lower(), name).replace("Dwp", "DWP")


class Audited(ViewTable):
    """One event. Its payload stays in the store: what it says of a person is nobody's audit trail."""

    __tablename__ = "audited"
    __table_args__ = (
        Index("audited_by_stream", "stream_id", "version"),
        Index("audited_by_actor", "actor", "position"),
        Index("audited_by_type", "type", "position"),
        Index("audited_by_day", "recorded_at"),
        Index("audited_by_correlation", "correlation_id"),
        Index("audited_by_cause", "causation_id"),
        {"schema": "audit"},
    )
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    shard: Mapped[int] = mapped_column(SmallInteger)
    stream_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    correlation_id: Mapped[str] = mapped_column(Text)
    causation_id: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)


@cache
def audit_trail(context: str) -> View:
    """The view `audit` of a service, of every event that its store may hold."""
    for module in (context, "core"):
        import_module(f"shared.events.{module}")  # its events are in the registry once it is imported
    recorded = [kind.cls for owner in (context, "core") for _, kind in sorted(REGISTRY.context(owner).items())]

    @projection("audit", version=2, tables=[Audited])
    class Audit:
        view: View

        @on(*recorded)
        def note(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
            tx.put(
                Audited, authority=e.authority, position=e.position, shard=e.shard, stream_id=e.stream_id, kind=e.kind,
                version=e.version, type=e.type, what=in_words(type(e.data).__name__), actor=e.metadata.actor,
                reason=e.metadata.reason, origin=e.metadata.origin, correlation_id=e.metadata.correlation_id,
                causation_id=e.metadata.causation_id, occurred_at=e.occurred_at, recorded_at=e.recorded_at,
            )  # fmt: skip

    return Audit.view


class AuditLine(BaseModel):
    """Who (actor), what, when it held and when it was recorded, why (reason), from where (origin), following from what."""

    event_id: str
    stream_id: UUID
    kind: str
    version: int
    shard: int
    position: int
    type: str
    what: str
    actor: str
    reason: str
    origin: str
    correlation_id: str
    causation_id: str
    occurred_at: datetime
    recorded_at: datetime


router = APIRouter(tags=["audit"], dependencies=[requires("auditor", "dpo", "ero-deputy"), caught_up("audit")])


@router.get("/audit")
async def trail(
    conn: Reading,
    paged: Paged,
    stream: UUID | None = None,
    correlation: Annotated[str | None, Query(max_length=64, description="everything done in one go")] = None,
    cause: Annotated[str | None, Query(max_length=60, description="id of the event that it followed from")] = None,
    actor: Annotated[str | None, Query(max_length=100)] = None,
    type: Annotated[
        str | None, Query(max_length=100, description="wire type, or its end, such as elector-added.v1")
    ] = None,
    day: Annotated[
        date | None, Query(le=date(2999, 12, 31), description="the day in London on which it was recorded")
    ] = None,
) -> Page[AuditLine]:
    """The trail, newest first."""
    query = select(*Audited.__table__.columns)
    if stream is not None:
        query = query.where(Audited.stream_id == stream)
    if correlation is not None:
        query = query.where(Audited.correlation_id == correlation)
    if cause is not None:
        query = query.where(Audited.causation_id == cause)
    if actor is not None:
        query = query.where(Audited.actor == actor)
    if type is not None:
        wires = [wire for wire in REGISTRY.by_wire if wire == type or wire.endswith(f".{type}")]
        query = query.where(Audited.type.in_(wires))
    if day is not None:
        begins, ends = (datetime.combine(each, time(), LONDON) for each in (day, day + timedelta(days=1)))
        query = query.where(Audited.recorded_at >= begins, Audited.recorded_at < ends)
    if paged.after is not None:
        query = query.where(Audited.position < paged.after[0])
    rows = await fetch(conn, query.order_by(Audited.position.desc()).limit(paged.limit + 1))
    lines = [AuditLine(event_id=f"{row['stream_id']}@{row['version']}", **row) for row in rows]
    return paged.page(lines, lambda line: (line.position,))

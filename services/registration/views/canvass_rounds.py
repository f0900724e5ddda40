"""Rounds of visiting officers: what is on each, how far it is, and the conflicts that wait for an officer.

Also who still needs a visit: open properties on route 2, and invitations whose visit is due, in the order of the street.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, DateTime, Index, Integer, Select, Text, and_, exists, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.canvass import InCanvass
from services.registration.views.canvass_board import placed
from services.registration.views.invitations import Invitation
from services.registration.views.properties import Allocation, Property
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.law.invitations import REMINDERS

INSTANT = DateTime(timezone=True)


class CanvassRound(ViewTable):
    """One round and how far it is."""

    __tablename__ = "round"
    __table_args__ = (Index("round_of_officer", "officer"), {"schema": "canvass_rounds"})
    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    canvass_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    officer: Mapped[str] = mapped_column(Text)
    allocated_on: Mapped[date]
    visits: Mapped[int] = mapped_column(Integer)
    device: Mapped[str] = mapped_column(Text, default="")
    """The one it was downloaded to last."""
    expires_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    uploaded_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)


class Visit(ViewTable):
    """One call on a round, in its place."""

    __tablename__ = "visit"
    __table_args__ = (Index("visit_of_property", "property_id"), {"schema": "canvass_rounds"})
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    property_id: Mapped[UUID]
    place: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(Text)
    potential_elector_id: Mapped[UUID | None]
    ended: Mapped[bool] = mapped_column(Boolean, default=False)
    """With its round."""


class Call(ViewTable):
    """One time that an officer stood at the door."""

    __tablename__ = "call"
    __table_args__ = (Index("call_of_visit", "visit_id"), {"schema": "canvass_rounds"})
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    property_id: Mapped[UUID]
    outcome: Mapped[str] = mapped_column(Text)
    visited_at: Mapped[datetime] = mapped_column(INSTANT)
    device: Mapped[str] = mapped_column(Text)


class Conflict(ViewTable):
    """Two replies that differ; what they say is in the property's own history."""

    __tablename__ = "conflict"
    __table_args__ = {"schema": "canvass_rounds"}  # noqa: RUF012
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    canvass_id: Mapped[UUID]
    property_id: Mapped[UUID]
    visited_at: Mapped[datetime] = mapped_column(INSTANT)
    kept: Mapped[str] = mapped_column(Text, default="")


@projection("canvass_rounds", version=1, tables=[CanvassRound, Visit, Call, Conflict])
class CanvassRounds:
    view: View

    @on(r.RoundAllocated)
    def allocate(self, tx: ViewTransaction, e: Recorded[r.RoundAllocated]) -> None:
        new = e.data
        tx.put(
            CanvassRound, authority=e.authority, round_id=new.round_id, canvass_id=new.canvass_id, name=new.name,
            officer=new.officer, allocated_on=new.allocated_on, visits=len(new.visits),
        )  # fmt: skip
        for n, visit in enumerate(new.visits, 1):
            tx.put(
                Visit, authority=e.authority, visit_id=visit.visit_id, round_id=new.round_id,
                property_id=visit.property_id, place=n, purpose=visit.purpose,
                potential_elector_id=visit.potential_elector_id,
            )  # fmt: skip

    @on(r.RoundDownloaded)
    def download(self, tx: ViewTransaction, e: Recorded[r.RoundDownloaded]) -> None:
        tx.change(CanvassRound, round_id=e.data.round_id, device=e.data.device, expires_at=e.data.expires_at)

    @on(r.RoundUploaded)
    def upload(self, tx: ViewTransaction, e: Recorded[r.RoundUploaded]) -> None:
        tx.change(CanvassRound, round_id=e.data.round_id, uploaded_at=e.recorded_at)

    @on(r.RoundEnded)
    async def end(self, tx: ViewTransaction, e: Recorded[r.RoundEnded]) -> None:
        tx.change(CanvassRound, round_id=e.data.round_id, ended_on=e.data.ended_on)
        await tx.change_where(Visit, {"round_id": e.data.round_id}, ended=True)

    @on(r.VisitRecorded)
    def call(self, tx: ViewTransaction, e: Recorded[r.VisitRecorded]) -> None:
        made = e.data
        tx.put(
            Call, authority=e.authority, record_id=made.record_id, round_id=made.round_id, visit_id=made.visit_id,
            property_id=made.property_id, outcome=made.outcome, visited_at=made.visited_at, device=made.device,
        )  # fmt: skip

    @on(r.VisitConflictFound)
    def clash(self, tx: ViewTransaction, e: Recorded[r.VisitConflictFound]) -> None:
        found = e.data
        tx.put(
            Conflict, authority=e.authority, record_id=found.record_id, round_id=found.round_id,
            canvass_id=found.canvass_id, property_id=found.property_id, visited_at=found.visited_at,
        )  # fmt: skip

    @on(r.VisitConflictResolved)
    def settle(self, tx: ViewTransaction, e: Recorded[r.VisitConflictResolved]) -> None:
        tx.change(Conflict, record_id=e.data.record_id, kept=e.data.kept)


# ------------------------------------------------------------------- queries

ON_A_ROUND = exists().where(Visit.property_id == Property.property_id, ~Visit.ended)


def to_canvass(canvass: UUID, area: ColumnElement[bool], today: date, most: int) -> Select[Any]:
    """Open properties of route 2 that were contacted once and are on no open round, in walk order."""
    chased = and_(InCanvass.route == 2, InCanvass.outcome == "", InCanvass.contacts > 0, ~InCanvass.enquiry)
    waiting = placed(InCanvass.property_id, Property.walk).where(
        InCanvass.canvass_id == canvass, chased, area, ~ON_A_ROUND
    )
    return waiting.order_by(Property.walk.collate("C"), InCanvass.property_id).limit(most)


def to_follow_up(area: ColumnElement[bool], today: date, most: int) -> Select[Any]:
    """Invitations whose reminders are done and whose visit is due, on no open round, in walk order."""
    due = and_(
        Invitation.closed == "", Invitation.visited_on.is_(None), Invitation.reminders >= REMINDERS.on(today),
        or_(Invitation.next_on.is_(None), Invitation.next_on <= today),
    )  # fmt: skip
    columns: tuple[Any, ...] = (Invitation.potential_elector_id, Invitation.property_id, Property.walk)
    return (
        select(*columns)
        .join_from(Invitation, Property, Property.property_id == Invitation.property_id)
        .outerjoin(Allocation, Allocation.property_id == Invitation.property_id)
        .where(due, area, ~ON_A_ROUND)
        .order_by(Property.walk.collate("C"), Invitation.potential_elector_id)
        .limit(most)
    )


def visits_of(round_id: UUID) -> Select[Any]:
    """The visits of a round in their order, with what an officer at the door needs to know."""
    calls = (
        select(Call.visit_id, func.count().label("calls")).where(Call.round_id == round_id).group_by(Call.visit_id)
    ).subquery()
    columns: tuple[Any, ...] = (
        Visit.visit_id, Visit.property_id, Visit.place, Visit.purpose, Visit.potential_elector_id, Property.line,
        func.coalesce(calls.c.calls, 0).label("calls"),
    )  # fmt: skip
    return (
        select(*columns)
        .join_from(Visit, Property, Property.property_id == Visit.property_id)
        .outerjoin(calls, calls.c.visit_id == Visit.visit_id)
        .where(Visit.round_id == round_id)
        .order_by(Visit.place)
    )  # fmt: skip

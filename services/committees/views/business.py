"""The business of meetings: agendas in their packs, who came, who sent apologies, who declared what."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Index, Integer, Text, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.committees import (
    AgendaItemAdded,
    AgendaItemWithdrawn,
    AgendaPublished,
    ApologiesReceived,
    AttendanceRecorded,
    InterestDeclared,
    SubstituteNamed,
)
from shared.events.core import SubjectErased
from shared.events.definition import known

_INSTANT = DateTime(timezone=True)


class Item(ViewTable):
    """One item of an agenda. `pack` is 0 until it is published; `full_title` is for members only."""

    __tablename__ = "item"
    __table_args__ = {"schema": "business"}  # noqa: RUF012
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    full_title: Mapped[str] = mapped_column(Text)
    heading: Mapped[bool] = mapped_column(Boolean)
    part: Mapped[int] = mapped_column(Integer)
    paragraphs: Mapped[list[int]] = mapped_column(JSONB)
    confidential: Mapped[bool] = mapped_column(Boolean)
    public_interest_reason: Mapped[str] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(Text)
    for_decision: Mapped[bool] = mapped_column(Boolean)
    pack: Mapped[int] = mapped_column(Integer, default=0)
    withdrawn: Mapped[str] = mapped_column(Text, default="")
    """Why it was withdrawn; empty while it stands."""


class Presence(ViewTable):
    """What is known of one member at one meeting."""

    __tablename__ = "presence"
    __table_args__ = {"schema": "business"}  # noqa: RUF012
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    attendance: Mapped[str] = mapped_column(Text)
    arrived: Mapped[time | None] = mapped_column(Time)
    departed: Mapped[time | None] = mapped_column(Time)
    in_place_of: Mapped[UUID | None]


class Substitution(ViewTable):
    __tablename__ = "substitution"
    __table_args__ = {"schema": "business"}  # noqa: RUF012
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    substitute: Mapped[UUID]


class Declaration(ViewTable):
    """`nature` is absent once the person's data is erased."""

    __tablename__ = "declaration"
    __table_args__ = (Index("declaration_by_person", "person_id"), {"schema": "business"})
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[UUID]
    person_id: Mapped[UUID]
    item_id: Mapped[UUID | None]
    interest: Mapped[str] = mapped_column(Text)
    nature: Mapped[str | None] = mapped_column(Text)
    left_room: Mapped[bool] = mapped_column(Boolean)
    dispensation: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(_INSTANT)


@projection("business", version=1, tables=[Item, Presence, Substitution, Declaration])
class Business:
    view: View

    @on(AgendaItemAdded)
    def add(self, tx: ViewTransaction, e: Recorded[AgendaItemAdded]) -> None:
        item = e.data
        tx.put(
            Item, authority=e.authority, meeting_id=item.meeting_id, item_id=item.item_id, position=item.position,
            title=item.title, full_title=known(item.full_title) or "", heading=item.heading, part=item.part,
            paragraphs=list(item.paragraphs), confidential=item.confidential,
            public_interest_reason=item.public_interest_reason, urgency=item.urgency, for_decision=item.for_decision,
        )  # fmt: skip

    @on(AgendaItemWithdrawn)
    def withdraw(self, tx: ViewTransaction, e: Recorded[AgendaItemWithdrawn]) -> None:
        tx.change(Item, meeting_id=e.data.meeting_id, item_id=e.data.item_id, withdrawn=e.data.reason)

    @on(AgendaPublished)
    def publish(self, tx: ViewTransaction, e: Recorded[AgendaPublished]) -> None:
        for item in e.data.items:
            tx.change(Item, meeting_id=e.data.meeting_id, item_id=item, pack=e.data.pack)

    @on(ApologiesReceived)
    def apologise(self, tx: ViewTransaction, e: Recorded[ApologiesReceived]) -> None:
        self._present(tx, e.authority, e.data.meeting_id, e.data.member_id, "apologies")

    @on(AttendanceRecorded)
    def attend(self, tx: ViewTransaction, e: Recorded[AttendanceRecorded]) -> None:
        at = e.data
        self._present(
            tx, e.authority, at.meeting_id, at.member_id, at.attendance, at.arrived, at.left, at.in_place_of
        )  # fmt: skip

    def _present(
        self, tx: ViewTransaction, authority: str, meeting: UUID, member: UUID, attendance: str,
        arrived: time | None = None, departed: time | None = None, in_place_of: UUID | None = None,
    ) -> None:  # fmt: skip
        tx.put(
            Presence, authority=authority, meeting_id=meeting, member_id=member, attendance=attendance, arrived=arrived,
            departed=departed, in_place_of=in_place_of,
        )  # fmt: skip

    @on(SubstituteNamed)
    def substitute(self, tx: ViewTransaction, e: Recorded[SubstituteNamed]) -> None:
        named = e.data
        tx.put(
            Substitution, authority=e.authority, meeting_id=named.meeting_id, member_id=named.member_id,
            substitute=named.substitute,
        )  # fmt: skip

    @on(InterestDeclared)
    def declare(self, tx: ViewTransaction, e: Recorded[InterestDeclared]) -> None:
        declared = e.data
        tx.put(
            Declaration, authority=e.authority, meeting_id=declared.meeting_id, ordinal=e.version,
            member_id=declared.member_id, person_id=declared.person_id, item_id=declared.item_id,
            interest=declared.interest, nature=known(declared.nature), left_room=declared.left_room,
            dispensation=declared.dispensation, declared_at=e.recorded_at,
        )  # fmt: skip

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Declaration, {"person_id": e.data.subject_id}, nature=None)

"""Inspections of the register and disclosures of records, newest first."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.registration import RecordDisclosed, RegisterInspected


class Inspection(ViewTable):
    """One inspection. `inspector` goes when that person is erased."""

    __tablename__ = "inspection"
    __table_args__ = (Index("inspection_by_time", "authority", "began_at"), {"schema": "access_log"})
    inspection_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    inspector: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    supervised_by: Mapped[str] = mapped_column(Text)


class Disclosure(ViewTable):
    """One disclosure. It names entries by their ids, never by name."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("disclosure_by_day", "authority", "disclosed_on"), {"schema": "access_log"})
    disclosure_id: Mapped[UUID] = mapped_column(primary_key=True)
    elector_ids: Mapped[list[str]] = mapped_column(JSONB)
    organisation: Mapped[str] = mapped_column(Text)
    power: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    what: Mapped[list[str]] = mapped_column(JSONB)
    disclosed_on: Mapped[date]
    disclosed_by: Mapped[str] = mapped_column(Text)
    agreement: Mapped[str] = mapped_column(Text)


@projection("access_log", version=1, tables=[Inspection, Disclosure])
class AccessLog:
    view: View

    @on(RegisterInspected)
    def inspected(self, tx: ViewTransaction, e: Recorded[RegisterInspected]) -> None:
        log = e.data
        tx.put(
            Inspection, authority=e.authority, inspection_id=log.inspection_id, person_id=log.person_id,
            inspector=known(log.inspector), document=log.document, place=log.place, began_at=log.began_at,
            ended_at=log.ended_at, supervised_by=log.supervised_by,
        )  # fmt: skip

    @on(RecordDisclosed)
    def disclosed(self, tx: ViewTransaction, e: Recorded[RecordDisclosed]) -> None:
        log = e.data
        tx.put(
            Disclosure, authority=e.authority, disclosure_id=log.disclosure_id,
            elector_ids=[str(elector) for elector in log.elector_ids], organisation=log.organisation, power=log.power,
            purpose=log.purpose, what=list(log.what), disclosed_on=log.disclosed_on, disclosed_by=log.disclosed_by,
            agreement=log.agreement,
        )  # fmt: skip

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Inspection, {"person_id": e.data.subject_id}, inspector=None)

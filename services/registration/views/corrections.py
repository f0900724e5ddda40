"""Our own mistakes in recording a name, put right at once: what a polling station has to be told. [RPA 1983 s.13B(3B)-(3D)]"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.registration import ClericalErrorCorrected


class Correction(ViewTable):
    """One correction. The names go when the person's data is erased."""

    __tablename__ = "correction"
    __table_args__ = {"schema": "corrections"}  # noqa: RUF012
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_id: Mapped[UUID]
    effective_on: Mapped[date]
    corrected_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    told_presiding_officer: Mapped[bool] = mapped_column(Boolean)
    was: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    name: Mapped[dict[str, str] | None] = mapped_column(JSONB)


@projection("corrections", version=1, tables=[Correction])
class Corrections:
    view: View

    @on(ClericalErrorCorrected)
    def correct(self, tx: ViewTransaction, e: Recorded[ClericalErrorCorrected]) -> None:
        corrected = e.data
        was, name = known(corrected.was), known(corrected.name)
        tx.put(
            Correction, authority=e.authority, elector_id=corrected.elector_id, version=e.version,
            person_id=corrected.person_id, effective_on=corrected.effective_on, corrected_at=corrected.corrected_at,
            told_presiding_officer=corrected.told_presiding_officer, was=asdict(was) if was else None,
            name=asdict(name) if name else None,
        )  # fmt: skip

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Correction, {"person_id": e.data.subject_id}, was=None, name=None)

"""Which number became which: the number on a card that was issued before leads to the one in the register now."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorRenumbered


class Renumbered(ViewTable):
    """One elector's old and new number, by one event."""

    __tablename__ = "renumbered"
    __table_args__ = (
        Index("renumbered_by_old", "authority", "numbered_in", "was_district", "was_number", "was_suffix"),
        {"schema": "numbers"},
    )
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    numbered_in: Mapped[date]
    effective_on: Mapped[date]
    was_district: Mapped[str] = mapped_column(Text)
    was_number: Mapped[int] = mapped_column(Integer)
    was_suffix: Mapped[int] = mapped_column(Integer)
    district: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer)
    suffix: Mapped[int] = mapped_column(Integer)


@projection("numbers", version=1, tables=[Renumbered])
class Numbers:
    view: View

    @on(ElectorRenumbered)
    def renumber(self, tx: ViewTransaction, e: Recorded[ElectorRenumbered]) -> None:
        was, number = e.data.was, e.data.number
        tx.put(
            Renumbered, authority=e.authority, elector_id=e.data.elector_id, version=e.version,
            numbered_in=e.data.numbered_in, effective_on=e.data.effective_on, was_district=was.district,
            was_number=was.number, was_suffix=was.suffix, district=number.district, number=number.number,
            suffix=number.suffix,
        )  # fmt: skip

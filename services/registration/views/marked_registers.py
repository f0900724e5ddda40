"""The marked papers that the council holds, poll by poll, and what became of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r


class MarkedPapers(ViewTable):
    """Those of the polls of one day. `by_order`: the order that forbids their destruction; empty where none does."""

    __tablename__ = "marked_papers"
    __table_args__ = (Index("marked_papers_by_day", "authority", "polling_day"), {"schema": "marked_registers"})
    papers_id: Mapped[UUID] = mapped_column(primary_key=True)
    polling_day: Mapped[date]
    received_on: Mapped[date]
    papers: Mapped[list[str]] = mapped_column(JSONB)
    held_at: Mapped[str] = mapped_column(Text)
    by_order: Mapped[str] = mapped_column(Text, default="")
    destroyed_on: Mapped[date | None] = mapped_column(default=None)
    how: Mapped[str] = mapped_column(Text, default="")
    destroyed_by: Mapped[str] = mapped_column(Text, default="")
    witness: Mapped[str] = mapped_column(Text, default="")


@projection("marked_registers", version=1, tables=[MarkedPapers])
class MarkedRegisters:
    view: View

    @on(r.MarkedRegistersReceived)
    async def received(self, tx: ViewTransaction, e: Recorded[r.MarkedRegistersReceived]) -> None:
        told = e.data
        facts = {"received_on": told.received_on, "papers": list(told.papers), "held_at": told.held_at}
        if await tx.get(MarkedPapers, papers_id=e.stream_id) is None:
            tx.put(MarkedPapers, authority=e.authority, papers_id=e.stream_id, polling_day=told.polling_day, **facts)
        else:
            tx.change(MarkedPapers, papers_id=e.stream_id, **facts)

    @on(r.MarkedRegistersKept)
    def kept(self, tx: ViewTransaction, e: Recorded[r.MarkedRegistersKept]) -> None:
        tx.change(MarkedPapers, papers_id=e.stream_id, by_order=e.data.order)

    @on(r.MarkedRegistersFreed)
    def freed(self, tx: ViewTransaction, e: Recorded[r.MarkedRegistersFreed]) -> None:
        tx.change(MarkedPapers, papers_id=e.stream_id, by_order="")

    @on(r.MarkedRegistersDestroyed)
    def destroyed(self, tx: ViewTransaction, e: Recorded[r.MarkedRegistersDestroyed]) -> None:
        done = e.data
        tx.change(
            MarkedPapers, papers_id=e.stream_id, destroyed_on=done.destroyed_on, how=done.how, destroyed_by=done.destroyed_by,
            witness=done.witness,
        )  # fmt: skip

"""The ledger of supplies: who asked for which copy of the register, on what authority, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known


class Supply(ViewTable):
    """One copy. `applicant` is absent once the person was erased, and of a later notice, whose `standing` supply has it."""

    __tablename__ = "supply"
    __table_args__ = (Index("supply_by_day", "authority", "requested_on", "supply_id"), {"schema": "supplies"})
    supply_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    applicant: Mapped[str | None] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    regulation: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    layout: Mapped[str] = mapped_column(Text)
    layout_version: Mapped[int | None] = mapped_column(Integer, default=None)
    purpose: Mapped[str] = mapped_column(Text)
    power: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[str]] = mapped_column(JSONB)
    poll: Mapped[date | None] = mapped_column(default=None)
    requested_on: Mapped[date]
    later_notices: Mapped[bool] = mapped_column(Boolean, default=False)
    stopped_on: Mapped[date | None] = mapped_column(default=None)
    standing: Mapped[UUID | None] = mapped_column(default=None)
    notice_id: Mapped[UUID | None] = mapped_column(default=None)
    register_entries: Mapped[list[int]] = mapped_column(JSONB)
    """Of each register in it, by which the fee was reckoned."""
    fee_due: Mapped[bool] = mapped_column(Boolean)
    paid_on: Mapped[date | None] = mapped_column(default=None)
    effective: Mapped[date | None] = mapped_column(default=None)
    entries: Mapped[int | None] = mapped_column(Integer, default=None)
    size: Mapped[int | None] = mapped_column(BigInteger, default=None)
    sha256: Mapped[str | None] = mapped_column(Text, default=None)
    made_on: Mapped[date | None] = mapped_column(default=None)
    made_by: Mapped[str | None] = mapped_column(Text, default=None)
    released_on: Mapped[date | None] = mapped_column(default=None)
    released_by: Mapped[str | None] = mapped_column(Text, default=None)
    statement: Mapped[list[str] | None] = mapped_column(JSONB, default=None)
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)
    withdrawn_because: Mapped[str | None] = mapped_column(Text, default=None)


@projection("supplies", version=1, tables=[Supply])
class Supplies:
    view: View

    @on(r.SupplyRequested)
    def requested(self, tx: ViewTransaction, e: Recorded[r.SupplyRequested]) -> None:
        asked = e.data
        tx.put(
            Supply,
            authority=e.authority,
            **_common(asked),
            applicant=known(asked.applicant),
            requested_on=asked.requested_on,
            later_notices=asked.later_notices,
            poll=asked.poll,
        )

    @on(r.LaterNoticeDue)
    def due(self, tx: ViewTransaction, e: Recorded[r.LaterNoticeDue]) -> None:
        tx.put(
            Supply,
            authority=e.authority,
            **_common(e.data),
            applicant=None,
            requested_on=e.data.due_on,
            standing=e.data.standing,
        )

    @on(r.SupplyPaidFor)
    def paid(self, tx: ViewTransaction, e: Recorded[r.SupplyPaidFor]) -> None:
        tx.change(Supply, supply_id=e.stream_id, paid_on=e.data.cleared_on)

    @on(r.SupplyFileMade)
    def made(self, tx: ViewTransaction, e: Recorded[r.SupplyFileMade]) -> None:
        file = e.data
        tx.change(
            Supply, supply_id=e.stream_id, layout=file.layout, layout_version=file.layout_version, effective=file.effective,
            entries=file.entries, size=file.size, sha256=file.sha256, made_on=file.made_on, made_by=file.made_by,
            areas=list(file.areas),
        )  # fmt: skip

    @on(r.SupplyReleased)
    def released(self, tx: ViewTransaction, e: Recorded[r.SupplyReleased]) -> None:
        done = e.data
        tx.change(
            Supply, supply_id=e.stream_id, released_on=done.released_on, released_by=done.released_by,
            statement=list(done.statement),
        )  # fmt: skip

    @on(r.SupplyWithdrawn)
    def withdrawn(self, tx: ViewTransaction, e: Recorded[r.SupplyWithdrawn]) -> None:
        tx.change(Supply, supply_id=e.stream_id, withdrawn_on=e.data.withdrawn_on, withdrawn_because=e.data.reason)

    @on(r.LaterNoticesStopped)
    def stopped(self, tx: ViewTransaction, e: Recorded[r.LaterNoticesStopped]) -> None:
        tx.change(Supply, supply_id=e.stream_id, stopped_on=e.data.stopped_on)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Supply, {"person_id": e.data.subject_id}, applicant=None)


def _common(asked: r.SupplyRequested | r.LaterNoticeDue) -> dict[str, Any]:
    """What a request and a later notice have in common."""
    return {
        "supply_id": asked.supply_id, "person_id": asked.person_id, "organisation": asked.organisation,
        "recipient": asked.recipient, "regulation": asked.regulation, "document": asked.document, "form": asked.form,
        "layout": asked.layout, "purpose": asked.purpose, "power": asked.power, "areas": list(asked.areas),
        "notice_id": asked.notice_id, "register_entries": list(asked.entries), "fee_due": asked.fee_due,
    }  # fmt: skip

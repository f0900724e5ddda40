"""Voter Authority Certificates: which wait for what, which are out, and when their record is destroyed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known


class VoterCard(ViewTable):
    """One application. `number` goes when the record is destroyed; a temporary certificate is a row of its own."""

    __tablename__ = "card"
    __table_args__ = (
        Index("card_by_day", "authority", "stage", "applied_on"),
        Index("card_by_elector", "elector_id"),
        Index("card_by_destruction", "authority", "destroyed_on"),
        {"schema": "voter_cards"},
    )
    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    elector_id: Mapped[UUID]
    holder_id: Mapped[UUID]
    stage: Mapped[str] = mapped_column(Text)
    waits_for: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Text, default="")
    applied_on: Mapped[date]
    decided_on: Mapped[date | None] = mapped_column(default=None)
    issued_on: Mapped[date | None] = mapped_column(default=None)
    renew_by: Mapped[date | None] = mapped_column(default=None)
    cancelled_on: Mapped[date | None] = mapped_column(default=None)
    number: Mapped[str | None] = mapped_column(Text, default=None)
    temporary_for: Mapped[date | None] = mapped_column(default=None)
    temporary_number: Mapped[str | None] = mapped_column(Text, default=None)
    destroyed_on: Mapped[date | None] = mapped_column(default=None)


@projection("voter_cards", version=1, tables=[VoterCard])
class VoterCards:
    view: View

    @on(r.VoterCardAppliedFor)
    def applied(self, tx: ViewTransaction, e: Recorded[r.VoterCardAppliedFor]) -> None:
        d = e.data
        tx.put(
            VoterCard, authority=e.authority, card_id=d.card_id, elector_id=d.elector_id, stage="received",
            holder_id=r.voter_card_holder(d.card_id), channel=d.channel, reference=d.reference, applied_on=d.applied_on,
        )  # fmt: skip

    @on(r.VoterCardPutOnHold)
    def waits(self, tx: ViewTransaction, e: Recorded[r.VoterCardPutOnHold]) -> None:
        tx.change(VoterCard, card_id=e.data.card_id, stage="on-hold", waits_for=e.data.waits_for)

    @on(r.VoterCardRefused)
    def refused(self, tx: ViewTransaction, e: Recorded[r.VoterCardRefused]) -> None:
        d = e.data
        tx.change(VoterCard, card_id=d.card_id, stage="refused", waits_for="", reason=d.reason, decided_on=d.refused_on)

    @on(r.VoterCardApproved)
    def approved(self, tx: ViewTransaction, e: Recorded[r.VoterCardApproved]) -> None:
        d = e.data
        tx.change(
            VoterCard, card_id=d.card_id, stage="approved", waits_for="", decided_on=d.approved_on, format=d.format,
            language=d.language,
        )  # fmt: skip

    @on(r.VoterCardIssued)
    def issued(self, tx: ViewTransaction, e: Recorded[r.VoterCardIssued]) -> None:
        d = e.data
        tx.change(
            VoterCard, card_id=d.card_id, stage="issued", number=known(d.number), issued_on=d.issued_on, renew_by=d.renew_by,
            destroyed_on=d.destroyed_on,
        )  # fmt: skip

    @on(r.TemporaryVoterCardIssued)
    async def temporary(self, tx: ViewTransaction, e: Recorded[r.TemporaryVoterCardIssued]) -> None:
        d = e.data
        tx.change(
            VoterCard, card_id=d.card_id, temporary_for=d.polling_day, temporary_number=known(d.number),
            destroyed_on=d.destroyed_on,
        )  # fmt: skip

    @on(r.VoterCardCancelled)
    def cancelled(self, tx: ViewTransaction, e: Recorded[r.VoterCardCancelled]) -> None:
        d = e.data
        tx.change(VoterCard, card_id=d.card_id, stage="cancelled", reason=d.reason, cancelled_on=d.cancelled_on)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(VoterCard, {"holder_id": e.data.subject_id}, number=None, temporary_number=None)

"""What people ask about their own data, by the day until which they are answered; and what is proposed to be destroyed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r


class SubjectRequest(ViewTable):
    """One request. `waits_for`: identity, pack, check, disclosure, decision, recipients; empty when `outcome` is there.
    `answer_by` is absent while proof of identity is waited for."""

    __tablename__ = "subject_request"
    __table_args__ = (
        Index("subject_request_by_person", "person_id"),
        Index("subject_request_by_day", "authority", "answer_by"),
        {"schema": "data_requests"},
    )
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    asked_for: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    answer_by: Mapped[date | None]
    waits_for: Mapped[str] = mapped_column(Text)
    extended: Mapped[bool] = mapped_column(Boolean, default=False)
    outcome: Mapped[str] = mapped_column(Text, default="")
    ended_on: Mapped[date | None] = mapped_column(default=None)


class Destruction(ViewTable):
    """One proposal to destroy keys. `state`: proposed, confirmed, declined, done."""

    __tablename__ = "destruction"
    __table_args__ = {"schema": "data_requests"}  # noqa: RUF012
    destruction_id: Mapped[UUID] = mapped_column(primary_key=True)
    proposed_on: Mapped[date]
    proposed_by: Mapped[str] = mapped_column(Text)
    people: Mapped[int] = mapped_column(Integer)
    basis: Mapped[dict[str, str]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, default="proposed")
    decided_by: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None] = mapped_column(default=None)
    counts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)


@projection("data_requests", version=1, tables=[SubjectRequest, Destruction])
class DataRequests:
    view: View

    @on(r.SubjectRequestReceived)
    def receive(self, tx: ViewTransaction, e: Recorded[r.SubjectRequestReceived]) -> None:
        asked = e.data
        tx.put(
            SubjectRequest, authority=e.authority, request_id=e.stream_id, person_id=asked.person_id,
            asked_for=asked.right, channel=asked.channel, received_on=asked.received_on, answer_by=asked.answer_by,
            waits_for="identity",
        )  # fmt: skip

    @on(r.SubjectIdentityAsked)
    def doubt(self, tx: ViewTransaction, e: Recorded[r.SubjectIdentityAsked]) -> None:
        tx.change(SubjectRequest, request_id=e.stream_id, answer_by=None)

    @on(r.SubjectIdentityProved)
    async def prove(self, tx: ViewTransaction, e: Recorded[r.SubjectIdentityProved]) -> None:
        row = await tx.get(SubjectRequest, request_id=e.stream_id)
        next_step = "pack" if row and row["asked_for"] == "access" else "decision"
        tx.change(SubjectRequest, request_id=e.stream_id, answer_by=e.data.answer_by, waits_for=next_step)

    @on(r.SubjectRequestExtended)
    def extend(self, tx: ViewTransaction, e: Recorded[r.SubjectRequestExtended]) -> None:
        tx.change(SubjectRequest, request_id=e.stream_id, answer_by=e.data.answer_by, extended=True)

    @on(r.SubjectPackPrepared)
    def prepare(self, tx: ViewTransaction, e: Recorded[r.SubjectPackPrepared]) -> None:
        tx.change(SubjectRequest, request_id=e.stream_id, waits_for="check")

    @on(r.SubjectPackChecked)
    def check(self, tx: ViewTransaction, e: Recorded[r.SubjectPackChecked]) -> None:
        tx.change(SubjectRequest, request_id=e.stream_id, waits_for="disclosure" if e.data.passed else "pack")

    @on(r.SubjectPackDisclosed)
    def disclose(self, tx: ViewTransaction, e: Recorded[r.SubjectPackDisclosed]) -> None:
        self._end(tx, e, "disclosed", e.data.disclosed_on)

    @on(r.SubjectRequestRefused)
    def refuse(self, tx: ViewTransaction, e: Recorded[r.SubjectRequestRefused]) -> None:
        self._end(tx, e, "refused", e.data.refused_on)

    @on(r.SubjectRequestWithdrawn)
    def withdraw(self, tx: ViewTransaction, e: Recorded[r.SubjectRequestWithdrawn]) -> None:
        self._end(tx, e, "withdrawn", e.data.withdrawn_on)

    @on(r.RectificationDecided)
    def put_right(self, tx: ViewTransaction, e: Recorded[r.RectificationDecided]) -> None:
        if e.data.upheld:
            tx.change(SubjectRequest, request_id=e.stream_id, waits_for="recipients")
        else:
            self._end(tx, e, "not-upheld", e.data.decided_on)

    @on(r.RectificationRecipientsTold)
    def tell(self, tx: ViewTransaction, e: Recorded[r.RectificationRecipientsTold]) -> None:
        self._end(tx, e, "corrected", e.data.told_on)

    def _end(self, tx: ViewTransaction, e: Recorded[Any], outcome: str, on: date) -> None:
        tx.change(SubjectRequest, request_id=e.stream_id, waits_for="", outcome=outcome, ended_on=on)

    @on(r.DestructionProposed)
    def propose(self, tx: ViewTransaction, e: Recorded[r.DestructionProposed]) -> None:
        proposal = e.data
        tx.put(
            Destruction, authority=e.authority, destruction_id=e.stream_id, proposed_on=proposal.proposed_on,
            proposed_by=proposal.officer, people=len(proposal.due), basis=proposal.basis, counts=[],
        )  # fmt: skip

    @on(r.DestructionDeclined)
    def decline(self, tx: ViewTransaction, e: Recorded[r.DestructionDeclined]) -> None:
        change = {"state": "declined", "decided_by": e.data.officer, "decided_on": e.data.declined_on}
        tx.change(Destruction, destruction_id=e.stream_id, **change)

    @on(r.DestructionConfirmed)
    def confirm(self, tx: ViewTransaction, e: Recorded[r.DestructionConfirmed]) -> None:
        change = {"state": "confirmed", "decided_by": e.data.officer, "decided_on": e.data.confirmed_on}
        tx.change(Destruction, destruction_id=e.stream_id, **change)

    @on(r.RetentionRun)
    def count(self, tx: ViewTransaction, e: Recorded[r.RetentionRun]) -> None:
        counts = [{"rule": c.rule, "destroyed": c.destroyed, "held": c.held, "needed": c.needed} for c in e.data.counts]
        tx.change(Destruction, destruction_id=e.stream_id, state="done", counts=counts)

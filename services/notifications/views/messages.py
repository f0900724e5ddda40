"""Messages, their attempts, and how many came to which outcome. No row names a person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Index, Text, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.views.access import CORRESPONDENCE, OUTCOMES
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.notifications import (
    HouseholdLetterQueued,
    LetterComposed,
    MessageCalledOff,
    MessageDelivered,
    MessageFailed,
    MessageQueued,
    MessageSent,
)
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited

Status = Literal["waiting", "composed", "sent", "delivered", "failed", "called-off"]
INSTANT = TIMESTAMP(timezone=True)


class Message(ViewTable):
    """One message. `due_at`: when the attempt under way is or was due; absent once there is no more. `composed_at`: since when a
    letter has been in an officer's hands."""

    __tablename__ = "message"
    __table_args__ = (
        Index("message_by_due", "status", "due_at"),
        Index("message_by_batch", "authority", "batch"),
        {"schema": "messages"},
    )
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    template: Mapped[str] = mapped_column(Text)
    template_version: Mapped[int]
    channel: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    large_print: Mapped[bool]
    recipient_kind: Mapped[str] = mapped_column(Text)
    recipient_id: Mapped[UUID]
    data: Mapped[dict[str, str]] = mapped_column(JSONB)
    source_event: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(INSTANT)
    status: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(INSTANT)
    batch: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(Text, default="")
    composed_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)


class Attempt(ViewTable):
    """One attempt to send a message, with the schedule of the next."""

    __tablename__ = "attempt"
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(INSTANT)
    content_sha256: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    provider_reference: Mapped[str] = mapped_column(Text, default="")
    delivered_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    failed_at: Mapped[datetime | None] = mapped_column(INSTANT, default=None)
    problem: Mapped[str] = mapped_column(Text, default="")


@projection("messages", version=3, tables=[Message, Attempt])
class Messages:
    view: View

    @on(MessageQueued)
    def queued(self, tx: ViewTransaction, e: Recorded[MessageQueued]) -> None:
        m = e.data
        tx.put(
            Message, authority=e.authority, message_id=m.message_id, template=m.template,
            template_version=m.template_version, channel=m.channel, language=m.language, large_print=m.large_print,
            recipient_kind=m.recipient.kind, recipient_id=m.recipient.id, data=m.data, source_event=m.source_event,
            queued_at=e.recorded_at, status="waiting", due_at=m.due_at,
        )  # fmt: skip
        tx.put(Attempt, authority=e.authority, message_id=m.message_id, attempt=1, due_at=m.due_at)

    @on(HouseholdLetterQueued)
    def household_letter(self, tx: ViewTransaction, e: Recorded[HouseholdLetterQueued]) -> None:
        m = e.data
        tx.put(
            Message, authority=e.authority, message_id=m.message_id, template=m.template,
            template_version=m.template_version, channel=m.channel, language=m.language, large_print=m.large_print,
            recipient_kind="property", recipient_id=m.household.property_id, data=m.data, source_event=m.source_event,
            queued_at=e.recorded_at, status="waiting", due_at=m.due_at, batch=m.batch, asked_by=m.asked_by,
        )  # fmt: skip
        tx.put(Attempt, authority=e.authority, message_id=m.message_id, attempt=1, due_at=m.due_at)

    @on(LetterComposed)
    def composed(self, tx: ViewTransaction, e: Recorded[LetterComposed]) -> None:
        m = e.data
        tx.change(Message, message_id=m.message_id, status="composed", composed_at=m.composed_at)
        tx.change(Attempt, message_id=m.message_id, attempt=m.attempt, content_sha256=m.content_sha256)

    @on(MessageSent)
    def sent(self, tx: ViewTransaction, e: Recorded[MessageSent]) -> None:
        m = e.data
        tx.change(Message, message_id=m.message_id, status="sent", due_at=None)
        tx.change(
            Attempt,
            message_id=m.message_id,
            attempt=m.attempt,
            sent_at=m.sent_at,
            provider_reference=m.provider_reference,
        )

    @on(MessageDelivered)
    def delivered(self, tx: ViewTransaction, e: Recorded[MessageDelivered]) -> None:
        m = e.data
        tx.change(Message, message_id=m.message_id, status="delivered")
        tx.change(Attempt, message_id=m.message_id, attempt=m.attempt, delivered_at=m.delivered_at)

    @on(MessageFailed)
    def failed(self, tx: ViewTransaction, e: Recorded[MessageFailed]) -> None:
        m = e.data
        status = "failed" if m.retry_at is None else "waiting"
        tx.change(Message, message_id=m.message_id, status=status, due_at=m.retry_at)
        tx.change(Attempt, message_id=m.message_id, attempt=m.attempt, failed_at=m.failed_at, problem=m.problem)
        if m.retry_at is not None:
            tx.put(Attempt, authority=e.authority, message_id=m.message_id, attempt=m.attempt + 1, due_at=m.retry_at)

    @on(MessageCalledOff)
    def called_off(self, tx: ViewTransaction, e: Recorded[MessageCalledOff]) -> None:
        tx.change(Message, message_id=e.data.message_id, status="called-off", due_at=None)


class MessageLine(BaseModel):
    """One message in the list."""

    message_id: UUID
    template: str
    channel: str
    recipient_kind: str
    recipient_id: UUID
    queued_at: datetime
    status: Status
    due_at: datetime | None


class AttemptLine(BaseModel):
    attempt: int
    due_at: datetime
    content_sha256: str
    sent_at: datetime | None
    provider_reference: str
    delivered_at: datetime | None
    failed_at: datetime | None
    problem: str


class MessagePage(MessageLine):
    """One message with its attempts, the first first."""

    template_version: int
    language: str
    large_print: bool
    data: dict[str, str]
    source_event: str
    attempts: list[AttemptLine]


class OutcomeCount(BaseModel):
    """`oldest_due_at`: since when the one that is due longest waits; of a channel without an adapter it falls ever further back."""

    template: str
    channel: str
    status: Status
    messages: int
    oldest_due_at: datetime | None


router = APIRouter(prefix="/messages", tags=["messages"], dependencies=[caught_up("messages")])


@router.get("", dependencies=[CORRESPONDENCE])
async def list_messages(
    conn: Reading, paged: Paged, status: Status | None = None, recipient: UUID | None = None
) -> Page[MessageLine]:
    """Messages, the oldest first; of one standing, to one recipient, or all."""
    query = select(*Message.__table__.columns).order_by(Message.queued_at, Message.message_id).limit(paged.limit + 1)
    if status is not None:
        query = query.where(Message.status == status)
    if recipient is not None:
        query = query.where(Message.recipient_id == recipient)
    if paged.after is not None:
        after = (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1]))
        query = query.where(tuple_(Message.queued_at, Message.message_id) > after)
    page = paged.page(await fetch(conn, query), lambda row: [row["queued_at"].isoformat(), str(row["message_id"])])
    return Page(items=[MessageLine(**row) for row in page.items], next=page.next)


@router.get("/outcomes", dependencies=[OUTCOMES])
async def outcomes(conn: Reading) -> list[OutcomeCount]:
    """How many messages of each template stand where."""
    kinds = (Message.template, Message.channel, Message.status)
    query = (
        select(*kinds, func.count().label("messages"), func.min(Message.due_at).label("oldest_due_at"))
        .group_by(*kinds)
        .order_by(*kinds)
    )
    return [OutcomeCount(**row) for row in await fetch(conn, query)]


@router.get("/{message_id}", dependencies=[CORRESPONDENCE, audited("message")])
async def message_page(message_id: UUID, conn: Reading) -> MessagePage:
    """One message with every attempt to send it."""
    found = await fetch(conn, select(*Message.__table__.columns).where(Message.message_id == message_id))
    if not found:
        raise not_found()
    query = select(*Attempt.__table__.columns).where(Attempt.message_id == message_id).order_by(Attempt.attempt)
    return MessagePage(**found[0], attempts=[AttemptLine(**row) for row in await fetch(conn, query)])

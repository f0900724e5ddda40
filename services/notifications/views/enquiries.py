"""Enquiries: what is still to be answered, the most pressing first, and each with what it is about."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Text, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.views.access import CORRESPONDENCE
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.notifications import EnquiryAnswered, EnquiryClosed, EnquiryLinked, EnquiryLogged, EnquiryScanKept
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited


class Enquiry(ViewTable):
    """One enquiry. What the person said of themselves is absent once they were erased."""

    __tablename__ = "enquiry"
    enquiry_id: Mapped[UUID] = mapped_column(primary_key=True)
    enquirer_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    due_on: Mapped[date]
    due_by: Mapped[str] = mapped_column(Text)
    enquirer: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    scan_sha256: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_on: Mapped[date | None] = mapped_column(default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)
    outcome: Mapped[str] = mapped_column(Text, default="")


class Link(ViewTable):
    """What an enquiry is about, by the id its owner knows it by."""

    __tablename__ = "link"
    enquiry_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    target_id: Mapped[UUID] = mapped_column(primary_key=True)


@projection("enquiries", version=2, tables=[Enquiry, Link])
class Enquiries:
    view: View

    @on(EnquiryLogged)
    def logged(self, tx: ViewTransaction, e: Recorded[EnquiryLogged]) -> None:
        q = e.data
        tx.put(
            Enquiry, authority=e.authority, enquiry_id=q.enquiry_id, enquirer_id=q.enquirer_id, channel=q.channel,
            kind=q.kind, received_on=q.received_on, due_on=q.due_on, due_by=q.due_by, enquirer=known(q.enquirer),
            contact=known(q.contact), summary=known(q.summary), scan_sha256=q.scan_sha256,
        )  # fmt: skip

    @on(EnquiryScanKept)
    def scanned(self, tx: ViewTransaction, e: Recorded[EnquiryScanKept]) -> None:
        tx.change(Enquiry, enquiry_id=e.data.enquiry_id, scan_sha256=e.data.sha256)

    @on(EnquiryLinked)
    def linked(self, tx: ViewTransaction, e: Recorded[EnquiryLinked]) -> None:
        tx.put(Link, authority=e.authority, enquiry_id=e.data.enquiry_id, kind=e.data.to, target_id=e.data.target_id)

    @on(EnquiryAnswered)
    def answered(self, tx: ViewTransaction, e: Recorded[EnquiryAnswered]) -> None:
        q = e.data
        tx.change(Enquiry, enquiry_id=q.enquiry_id, answer=known(q.answer), answered_on=q.answered_on)

    @on(EnquiryClosed)
    def closed(self, tx: ViewTransaction, e: Recorded[EnquiryClosed]) -> None:
        tx.change(Enquiry, enquiry_id=e.data.enquiry_id, closed_on=e.data.closed_on, outcome=e.data.outcome)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(
            Enquiry, {"enquirer_id": e.data.subject_id}, enquirer=None, contact=None, summary=None, answer=None
        )


class EnquiryLine(BaseModel):
    """One enquiry in the list. `age_days`: calendar days since it was received; `overdue`: unanswered after its last day."""

    enquiry_id: UUID
    channel: str
    kind: str
    received_on: date
    due_on: date
    answered_on: date | None
    closed_on: date | None
    outcome: str
    age_days: int
    overdue: bool


class LinkLine(BaseModel):
    kind: str
    target_id: UUID


class EnquiryPage(EnquiryLine):
    enquirer_id: UUID
    enquirer: str | None
    contact: str | None
    summary: str | None
    answer: str | None
    due_by: str
    scan_sha256: str
    links: list[LinkLine]


router = APIRouter(prefix="/enquiries", tags=["enquiries"], dependencies=[caught_up("enquiries")])


def standing(row: dict[str, Any], today: date) -> dict[str, Any]:
    """How old an enquiry is, and whether its answer is late."""
    unanswered = row["answered_on"] is None and row["closed_on"] is None
    return {"age_days": (today - row["received_on"]).days, "overdue": unanswered and today > row["due_on"]}


@router.get("", dependencies=[CORRESPONDENCE])
async def list_enquiries(conn: Reading, paged: Paged, today: Today, closed: bool = False) -> Page[EnquiryLine]:
    """Open (or closed) enquiries, the one due first on top."""
    ended = Enquiry.closed_on.is_not(None) if closed else Enquiry.closed_on.is_(None)
    query = select(*Enquiry.__table__.columns).where(ended).order_by(Enquiry.due_on, Enquiry.enquiry_id)
    if paged.after is not None:
        after = (date.fromisoformat(paged.after[0]), UUID(paged.after[1]))
        query = query.where(tuple_(Enquiry.due_on, Enquiry.enquiry_id) > after)
    rows = await fetch(conn, query.limit(paged.limit + 1))
    page = paged.page(rows, lambda row: [row["due_on"].isoformat(), str(row["enquiry_id"])])
    return Page(items=[EnquiryLine(**row, **standing(row, today)) for row in page.items], next=page.next)


@router.get("/{enquiry_id}", dependencies=[CORRESPONDENCE, audited("enquiry")])
async def enquiry_page(enquiry_id: UUID, conn: Reading, today: Today) -> EnquiryPage:
    """One enquiry, with what it is about."""
    found = await fetch(conn, select(*Enquiry.__table__.columns).where(Enquiry.enquiry_id == enquiry_id))
    if not found:
        raise not_found()
    query = select(Link.kind, Link.target_id).where(Link.enquiry_id == enquiry_id).order_by(Link.kind, Link.target_id)
    links = [LinkLine(**row) for row in await fetch(conn, query)]
    return EnquiryPage(**found[0], **standing(found[0], today), links=links)

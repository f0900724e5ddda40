"""The canvass as it stands: each year, each property in it with its route, contacts and reply. Holds nobody's name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Boolean, DateTime, Index, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.clock import london_date
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.law.canvass import CODE_ATTEMPTS

# -------------------------------------------------------------------- tables


class CanvassYear(ViewTable):
    """A council's canvass of a year."""

    __tablename__ = "year"
    __table_args__ = {"schema": "canvass"}  # noqa: RUF012
    canvass_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    started_on: Mapped[date]
    recent_days: Mapped[int] = mapped_column(SmallInteger)
    sent_on: Mapped[date | None] = mapped_column(default=None)
    electors_sent: Mapped[int] = mapped_column(Integer, default=0)
    result_due: Mapped[date | None] = mapped_column(default=None)
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What each match answered, in order."""
    closed_on: Mapped[date | None] = mapped_column(default=None)


class InCanvass(ViewTable):
    """A property in a canvass. `due_on`: the last day for the next contact; none before the first, and after the last."""

    __tablename__ = "property"
    __table_args__ = (
        Index("canvass_property_of", "canvass_id", "property_id"),
        Index("canvass_property_by_reference", "reference"),
        {"schema": "canvass"},
    )
    canvass_property_id: Mapped[UUID] = mapped_column(primary_key=True)
    canvass_id: Mapped[UUID]
    property_id: Mapped[UUID]
    electors: Mapped[int] = mapped_column(Integer, default=0)
    adults: Mapped[int] = mapped_column(Integer, default=0)
    class_code: Mapped[str] = mapped_column(Text, default="")
    matched: Mapped[bool] = mapped_column(Boolean, default=False)
    matched_nationally: Mapped[bool] = mapped_column(Boolean, default=False)
    """Without the local match."""
    route: Mapped[int] = mapped_column(SmallInteger, default=2)
    reason: Mapped[str] = mapped_column(Text, default="")
    by_officer: Mapped[bool] = mapped_column(Boolean, default=False)
    ground: Mapped[str] = mapped_column(Text, default="")
    contacts: Mapped[int] = mapped_column(Integer, default=0)
    """In all, calls at the door among them."""
    last_contact: Mapped[str] = mapped_column(Text, default="")
    last_contact_on: Mapped[date | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    undelivered: Mapped[bool] = mapped_column(Boolean, default=False)
    visits: Mapped[int] = mapped_column(Integer, default=0)
    last_visit: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(Text, default="")
    """The first part of its security code."""
    issue: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Which security code it is, from 1."""
    code_locked: Mapped[bool] = mapped_column(Boolean, default=False)
    enquiry: Mapped[bool] = mapped_column(Boolean, default=False)
    refused: Mapped[bool] = mapped_column(Boolean, default=False)
    conflicts: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None] = mapped_column(default=None)


class Switch(ViewTable):
    """One route of a property, with who chose it, when and why."""

    __tablename__ = "switch"
    __table_args__ = {"schema": "canvass"}  # noqa: RUF012
    canvass_property_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    canvass_id: Mapped[UUID]
    route: Mapped[int] = mapped_column(SmallInteger)
    was: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(Text)
    by_officer: Mapped[bool] = mapped_column(Boolean)
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Contact(ViewTable):
    """One contact of a property, and how it ended."""

    __tablename__ = "contact"
    __table_args__ = (Index("canvass_contact_of", "canvass_property_id"), {"schema": "canvass"})
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    canvass_property_id: Mapped[UUID]
    canvass_id: Mapped[UUID]
    contact: Mapped[str] = mapped_column(Text)
    made_on: Mapped[date]
    batch: Mapped[str] = mapped_column(Text)
    recipients: Mapped[int] = mapped_column(Integer)
    result: Mapped[str] = mapped_column(Text, default="")
    issue: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Which security code of the property it carries."""
    posted_on: Mapped[date | None] = mapped_column(default=None)


class Response(ViewTable):
    """One reply of a household, without what it said."""

    __tablename__ = "response"
    __table_args__ = (Index("canvass_response_by_day", "canvass_id", "received_on"), {"schema": "canvass"})
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    canvass_property_id: Mapped[UUID]
    canvass_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    answers: Mapped[list[str]] = mapped_column(JSONB)
    noted: Mapped[bool] = mapped_column(Boolean)


class Report(ViewTable):
    """What a reply says of an elector: one source for or against a removal."""

    __tablename__ = "report"
    __table_args__ = {"schema": "canvass"}  # noqa: RUF012
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    denies: Mapped[bool] = mapped_column(Boolean)


# ------------------------------------------------------------------ handlers


def count(tx: ViewTransaction, e: Recorded[Any], **more: int) -> None:
    """Add to the numbers of a property; its row begins with whatever is counted first."""
    tx.increment(
        InCanvass, authority=e.authority, canvass_property_id=e.stream_id, canvass_id=e.data.canvass_id,
        property_id=e.data.property_id, **more,
    )  # fmt: skip


@projection("canvass", version=2, tables=[CanvassYear, InCanvass, Switch, Contact, Response, Report])
class Canvass:
    view: View

    @on(r.CanvassStarted)
    def start(self, tx: ViewTransaction, e: Recorded[r.CanvassStarted]) -> None:
        begun = e.data
        tx.put(
            CanvassYear, authority=e.authority, canvass_id=begun.canvass_id, year=begun.year, started_on=begun.started_on,
            recent_days=begun.recent_days, results=[],
        )  # fmt: skip

    @on(r.ElectorsSentForMatch)
    def send(self, tx: ViewTransaction, e: Recorded[r.ElectorsSentForMatch]) -> None:
        sent = e.data
        tx.change(
            CanvassYear, canvass_id=sent.canvass_id, sent_on=sent.sent_on, electors_sent=sent.electors,
            result_due=sent.result_due,
        )  # fmt: skip

    @on(r.MatchResultReceived)
    async def answer(self, tx: ViewTransaction, e: Recorded[r.MatchResultReceived]) -> None:
        got = e.data
        year = await tx.get(CanvassYear, canvass_id=got.canvass_id)
        said = {
            "source": got.source, "matched": got.matched, "unmatched": got.unmatched, "unknown": got.unknown,
            "received_on": got.received_on.isoformat(),
        }  # fmt: skip
        tx.change(CanvassYear, canvass_id=got.canvass_id, results=[*read_json(year and year["results"]), said])

    @on(r.CanvassClosed)
    def close_year(self, tx: ViewTransaction, e: Recorded[r.CanvassClosed]) -> None:
        tx.change(CanvassYear, canvass_id=e.data.canvass_id, closed_on=e.data.closed_on)

    @on(r.PropertyMatched)
    def match(self, tx: ViewTransaction, e: Recorded[r.PropertyMatched]) -> None:
        found = e.data
        count(tx, e, contacts=0)
        nationally = bool(found.electors) and all(x.by in ("national", "recent-addition") for x in found.electors)
        tx.change(
            InCanvass, canvass_property_id=e.stream_id, electors=len(found.electors), adults=found.adults,
            class_code=found.class_code, matched=found.matched, matched_nationally=nationally,
        )  # fmt: skip

    @on(r.CanvassRouteAssigned)
    def route(self, tx: ViewTransaction, e: Recorded[r.CanvassRouteAssigned]) -> None:
        now = e.data
        said = {"route": now.route, "reason": now.reason, "by_officer": now.by_officer}
        tx.change(InCanvass, canvass_property_id=e.stream_id, **said, ground=now.ground, due_on=None, enquiry=False)
        tx.put(
            Switch, authority=e.authority, canvass_property_id=e.stream_id, version=e.version, canvass_id=now.canvass_id,
            **said, was=now.was, actor=e.metadata.actor, at=e.recorded_at,
        )  # fmt: skip

    @on(r.CanvassContactMade)
    def contact(self, tx: ViewTransaction, e: Recorded[r.CanvassContactMade]) -> None:
        made = e.data
        count(tx, e, contacts=1)
        tx.change(
            InCanvass, canvass_property_id=e.stream_id, last_contact=made.contact, last_contact_on=made.made_on,
            due_on=made.next_by,
        )  # fmt: skip
        tx.put(
            Contact, authority=e.authority, contact_id=made.contact_id, canvass_property_id=e.stream_id,
            canvass_id=made.canvass_id, contact=made.contact, made_on=made.made_on, batch=made.batch,
            recipients=len(made.recipients), issue=made.issue,
        )  # fmt: skip

    @on(r.CanvassContactDelivered)
    def deliver(self, tx: ViewTransaction, e: Recorded[r.CanvassContactDelivered]) -> None:
        tx.change(Contact, contact_id=e.data.contact_id, result=e.data.result)
        undelivered = e.data.result in ("returned", "bounced")
        tx.change(InCanvass, canvass_property_id=e.stream_id, undelivered=undelivered)

    @on(r.CanvassLetterPosted)
    def post(self, tx: ViewTransaction, e: Recorded[r.CanvassLetterPosted]) -> None:
        tx.change(Contact, contact_id=e.data.contact_id, posted_on=e.data.posted_on)

    @on(r.SecurityCodeIssued)
    def issue(self, tx: ViewTransaction, e: Recorded[r.SecurityCodeIssued]) -> None:
        now = {"reference": e.data.reference, "issue": e.data.issue}
        tx.change(InCanvass, canvass_property_id=e.stream_id, **now, code_locked=False)

    @on(r.SecurityCodeMistaken)
    def mistake(self, tx: ViewTransaction, e: Recorded[r.SecurityCodeMistaken]) -> None:
        tx.change(InCanvass, canvass_property_id=e.stream_id, code_locked=e.data.attempts >= CODE_ATTEMPTS)

    @on(r.CanvassResponseReceived)
    def hear(self, tx: ViewTransaction, e: Recorded[r.CanvassResponseReceived]) -> None:
        said = e.data
        tx.put(
            Response, authority=e.authority, response_id=said.response_id, canvass_property_id=e.stream_id,
            canvass_id=said.canvass_id, channel=said.channel, received_on=said.received_on, answers=list(said.answers),
            noted=said.noted,
        )  # fmt: skip
        if "refused" in said.answers and not said.noted:
            tx.change(InCanvass, canvass_property_id=e.stream_id, refused=True)

    @on(r.ElectorReported)
    def report(self, tx: ViewTransaction, e: Recorded[r.ElectorReported]) -> None:
        said = e.data
        tx.put(
            Report, authority=e.authority, elector_id=said.elector_id, response_id=said.response_id,
            kind=said.source.kind, origin=said.source.origin, received_on=said.source.received_on,
            denies=said.source.denies,
        )  # fmt: skip

    @on(r.CanvassEnquiryOpened)
    def enquire(self, tx: ViewTransaction, e: Recorded[r.CanvassEnquiryOpened]) -> None:
        tx.change(InCanvass, canvass_property_id=e.stream_id, enquiry=True)

    @on(r.CanvassPropertyClosed)
    def close(self, tx: ViewTransaction, e: Recorded[r.CanvassPropertyClosed]) -> None:
        tx.change(
            InCanvass, canvass_property_id=e.stream_id, outcome=e.data.outcome, closed_on=e.data.closed_on, due_on=None,
            enquiry=False,
        )  # fmt: skip

    @on(r.VisitRecorded)
    def visit(self, tx: ViewTransaction, e: Recorded[r.VisitRecorded]) -> None:
        count(tx, e, contacts=1, visits=1)
        tx.change(
            InCanvass, canvass_property_id=e.stream_id, last_contact="visit", last_visit=e.data.outcome,
            last_contact_on=london_date(e.data.visited_at), due_on=e.data.next_by,
        )  # fmt: skip
        if e.data.outcome == "refused":
            tx.change(InCanvass, canvass_property_id=e.stream_id, refused=True)

    @on(r.VisitConflictFound)
    def clash(self, tx: ViewTransaction, e: Recorded[r.VisitConflictFound]) -> None:
        count(tx, e, conflicts=1)

    @on(r.VisitConflictResolved)
    def settle(self, tx: ViewTransaction, e: Recorded[r.VisitConflictResolved]) -> None:
        count(tx, e, conflicts=-1)


def read_json(stored: Any) -> list[Any]:
    """A JSON column as `tx.get` hands it back."""
    found: list[Any] = orjson.loads(stored) if isinstance(stored, str) else stored or []
    return found

"""The page of one elector: the entry as it is known now, its numbers, its postal vote, and all that happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import Boolean, Index, Integer, ScalarSelect, Text, case, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.access import OFFICERS
from services.registration.views.duplicates import records_merged_into
from services.registration.views.history import (
    ElectorHistory,
    Happening,
    PropertyKey,
    history,
    stream_of,
    timeline,
    version_of,
)
from services.registration.views.properties import Allocation, Property
from services.registration.views.register_as_at import FACTS, marking_of
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values import ElectorNumber
from shared.service.auth import Authority
from shared.service.database import Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found
from shared.service.read_audit import audited

# -------------------------------------------------------------------- tables


class Elector(ViewTable):
    """An entry with the latest that is recorded of it, in force already or by the next notice."""

    __tablename__ = "elector"
    __table_args__ = (
        Index("elector_by_person", "person_id"),
        Index("elector_by_property", "property_id"),
        {"schema": "electors"},
    )
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    property_id: Mapped[UUID]
    application_id: Mapped[UUID | None]
    number: Mapped[str] = mapped_column(Text)
    added_on: Mapped[date]
    """The day the entry took effect."""
    notice: Mapped[str] = mapped_column(Text)
    opted_out: Mapped[bool] = mapped_column(Boolean)
    anonymous: Mapped[bool] = mapped_column(Boolean)
    ends_on: Mapped[date | None]
    review: Mapped[str] = mapped_column(Text, default="")
    review_until: Mapped[date | None] = mapped_column(default=None)
    removed_on: Mapped[date | None] = mapped_column(default=None)
    ground: Mapped[str] = mapped_column(Text, default="")
    # What follows is the person's own, and goes when their data is erased.
    name: Mapped[str | None] = mapped_column(Text)
    franchise: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    post: Mapped[bool | None] = mapped_column(Boolean)


class Number(ViewTable):
    """A number that an elector has or had. Cards and notices already printed carry the old one."""

    __tablename__ = "number"
    __table_args__ = {"schema": "electors"}  # noqa: RUF012
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    numbered_in: Mapped[date]
    effective_on: Mapped[date]


class PostalVote(ViewTable):
    """The last word on an elector's postal vote: granted, refused, cancelled or ended."""

    __tablename__ = "postal_vote"
    __table_args__ = (Index("postal_vote_by_person", "person_id"), {"schema": "electors"})
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    poll: Mapped[date | None] = mapped_column(default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    reasons: Mapped[str] = mapped_column(Text, default="")
    ballot_address: Mapped[str | None] = mapped_column(Text, default=None)
    """The person's own: goes when their data is erased."""


_NAMELESS = {"name": None}
_UNREACHABLE = {"phone": None, "email": None, "post": None}

# ------------------------------------------------------------------ handlers


@projection("electors", version=1, tables=[Elector, Number, PostalVote])
class Electors:
    view: View

    @on(r.ElectorAdded)
    def add(self, tx: ViewTransaction, e: Recorded[r.ElectorAdded]) -> None:
        added, name, facts, contact = e.data, known(e.data.name), known(e.data.franchise), known(e.data.contact)
        tx.put(
            Elector,
            authority=e.authority,
            elector_id=added.elector_id,
            person_id=added.person_id,
            property_id=added.property_id,
            application_id=added.application_id,
            number=str(added.number),
            added_on=added.in_force_since or added.effective_on,
            notice=added.notice,
            opted_out=added.opted_out,
            anonymous=added.anonymous,
            ends_on=added.ends_on,
            name=str(name) if name else None,
            franchise=asdict(facts) if facts else None,
            **(asdict(contact) if contact else _UNREACHABLE),
        )
        self._numbered(tx, e, added.number, added.numbered_in, added.effective_on)

    @on(r.ElectorAmended, r.ClericalErrorCorrected)
    def name(self, tx: ViewTransaction, e: Recorded[r.ElectorAmended] | Recorded[r.ClericalErrorCorrected]) -> None:
        name = known(e.data.name)
        tx.change(Elector, elector_id=e.data.elector_id, name=str(name) if name else None)

    @on(r.ElectorFranchiseChanged)
    def entitle(self, tx: ViewTransaction, e: Recorded[r.ElectorFranchiseChanged]) -> None:
        facts = known(e.data.franchise)
        tx.change(Elector, elector_id=e.data.elector_id, franchise=asdict(facts) if facts else None)

    @on(r.ElectorRenumbered)
    def renumber(self, tx: ViewTransaction, e: Recorded[r.ElectorRenumbered]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, number=str(e.data.number))
        self._numbered(tx, e, e.data.number, e.data.numbered_in, e.data.effective_on)

    @on(r.ElectorReaddressed)
    def readdress(self, tx: ViewTransaction, e: Recorded[r.ElectorReaddressed]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, property_id=e.data.property_id)

    @on(r.EntryTermChanged)
    def last(self, tx: ViewTransaction, e: Recorded[r.EntryTermChanged]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, ends_on=e.data.ends_on)

    @on(r.OpenRegisterPreferenceChanged)
    def prefer(self, tx: ViewTransaction, e: Recorded[r.OpenRegisterPreferenceChanged]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, opted_out=e.data.opted_out)

    @on(r.ContactDetailsChanged)
    def reach(self, tx: ViewTransaction, e: Recorded[r.ContactDetailsChanged]) -> None:
        contact = known(e.data.contact)
        tx.change(Elector, elector_id=e.data.elector_id, **(asdict(contact) if contact else _UNREACHABLE))

    @on(r.ReviewOpened)
    def review(self, tx: ViewTransaction, e: Recorded[r.ReviewOpened]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, review=e.data.review, review_until=e.data.answer_by)

    @on(r.ReviewConcluded)
    def conclude(self, tx: ViewTransaction, e: Recorded[r.ReviewConcluded]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, review="", review_until=None)

    @on(r.ElectorRemoved)
    def remove(self, tx: ViewTransaction, e: Recorded[r.ElectorRemoved]) -> None:
        tx.change(Elector, elector_id=e.data.elector_id, removed_on=e.data.effective_on, ground=e.data.ground)

    @on(r.PostalVoteGranted)
    def grant(self, tx: ViewTransaction, e: Recorded[r.PostalVoteGranted]) -> None:
        granted, elsewhere = e.data, known(e.data.ballot_address)
        tx.put(
            PostalVote,
            authority=e.authority,
            elector_id=granted.elector_id,
            person_id=granted.person_id,
            status="granted",
            kind=granted.kind,
            valid_from=granted.valid_from,
            valid_until=granted.valid_until,
            poll=granted.poll,
            ballot_address=str(elsewhere) if elsewhere else None,
        )

    @on(r.PostalVoteRefused)
    async def refuse(self, tx: ViewTransaction, e: Recorded[r.PostalVoteRefused]) -> None:
        standing = await tx.get(PostalVote, elector_id=e.data.elector_id)
        if standing is not None and standing["status"] == "granted":
            return  # what was granted before goes on
        tx.put(
            PostalVote, authority=e.authority, elector_id=e.data.elector_id, person_id=e.data.person_id,
            status="refused", reasons=", ".join(e.data.reasons), ended_on=e.data.determined_on,
        )  # fmt: skip

    @on(r.PostalVoteCancelled)
    def cancel(self, tx: ViewTransaction, e: Recorded[r.PostalVoteCancelled]) -> None:
        tx.change(PostalVote, elector_id=e.data.elector_id, status="cancelled", ended_on=e.data.cancelled_on)

    @on(r.PostalVoteEnded)
    def end(self, tx: ViewTransaction, e: Recorded[r.PostalVoteEnded]) -> None:
        ended = e.data
        tx.change(
            PostalVote, elector_id=ended.elector_id, status="ended", ended_on=ended.ended_on, reasons=ended.because
        )

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        person = {"person_id": e.data.subject_id}
        await tx.change_where(Elector, person, **_NAMELESS, franchise=None, **_UNREACHABLE)
        await tx.change_where(PostalVote, person, ballot_address=None)

    def _numbered(
        self, tx: ViewTransaction, e: Recorded[Any], number: ElectorNumber, numbered_in: date, on: date
    ) -> None:
        tx.put(
            Number, authority=e.authority, elector_id=e.stream_id, version=e.version, number=str(number),
            numbered_in=numbered_in, effective_on=on,
        )  # fmt: skip


# -------------------------------------------------------------------- routes


class NumberHeld(BaseModel):
    """A number, of which register's numbering, and since when."""

    number: str
    numbered_in: date
    effective_on: date


def number_of(held: Sequence[NumberHeld], today: date) -> str:
    """The latest that holds; before the first one does, that."""
    holding = [each for each in held if each.effective_on <= today] or held[:1]
    return holding[-1].number


def number_on(today: date) -> ScalarSelect[str]:
    """In a query of `Elector`: what `number_of` answers."""
    held = select(Number.number).where(Number.elector_id == Elector.elector_id)
    latest = case((Number.effective_on > today, None), else_=Number.version).desc().nulls_last()
    return held.order_by(latest, Number.version).limit(1).scalar_subquery()


class PostalVoteState(BaseModel):
    """How an elector's postal vote stands. `ended_on` is the day of a refusal, too."""

    status: str
    kind: str
    valid_from: date | None
    valid_until: date | None
    poll: date | None
    ended_on: date | None
    reasons: str
    ballot_address: str | None


class ElectorPage(BaseModel):
    """One elector. Of an anonymous one, neither name nor address is in this answer. `number`: the one that holds today; of an
    entry that is yet to begin, its first. `numbers`: every one, those ahead too."""

    elector_id: UUID
    person_id: UUID
    number: str
    marker: str
    attains_on: date | None
    name: str | None
    address: str | None
    property_id: UUID | None
    district: str | None
    ward: str | None
    added_on: date
    notice: str
    removed_on: date | None
    ground: str
    opted_out: bool
    anonymous: bool
    ends_on: date | None
    review: str
    review_until: date | None
    phone: str | None
    email: str | None
    post: bool | None
    application_id: UUID | None
    numbers: list[NumberHeld]
    postal_vote: PostalVoteState | None


router = APIRouter(tags=["electors"], dependencies=[OFFICERS, audited("elector"), caught_up("electors", "properties")])


@router.get("/electors/{elector_id}")
async def elector_page(
    elector_id: UUID, events: ElectorHistory, conn: Reading, response: Response, today: Today
) -> ElectorPage:
    """The entry of one elector."""
    page = (
        select(*Elector.__table__.columns, Property.line.label("address"), Allocation.district, Allocation.ward)
        .outerjoin_from(Elector, Property, Property.property_id == Elector.property_id)
        .outerjoin(Allocation, Allocation.property_id == Elector.property_id)
        .where(Elector.elector_id == elector_id)
    )
    found = await fetch(conn, page)
    if not found:
        raise not_found()
    (row,) = found
    numbers = select(*Number.__table__.columns).where(Number.elector_id == elector_id).order_by(Number.version)
    votes = await fetch(conn, select(*PostalVote.__table__.columns).where(PostalVote.elector_id == elector_id))
    facts = FACTS.validate_python(row["franchise"]) if row["franchise"] else None
    marking = marking_of(facts, row["anonymous"], today)
    version_of(events, response)
    held = [NumberHeld(**each) for each in await fetch(conn, numbers)]
    hidden = dict.fromkeys(("name", "address", "property_id", "phone", "email")) if row["anonymous"] else {}
    return ElectorPage(
        **row | hidden | {"number": number_of(held, today)},
        marker=marking.letters,
        attains_on=marking.attains_on,
        numbers=held,
        postal_vote=PostalVoteState(**votes[0]) if votes else None,
    )


@router.get("/electors/{elector_id}/timeline")
async def elector_timeline(elector_id: UUID, request: Request, authority: Authority) -> list[Happening]:
    """All that happened to one entry, and to the records that were merged into it, oldest first."""
    async with reading_on(request.app.state.pool, authority) as conn:  # given back before the histories are read
        merged = await records_merged_into(conn, elector_id)
    events = await history(request, authority, elector_id, *merged)
    if not events:
        raise not_found()
    return timeline(events)


class Occupant(BaseModel):
    """An elector whose entry is in force at a property. An anonymous one is not told."""

    elector_id: UUID
    number: str
    name: str | None
    added_on: date


@router.get("/properties/{key}/electors")
async def occupants(key: PropertyKey, conn: Reading, authority: Authority, today: Today) -> list[Occupant]:
    """Who is on the register at a property today, by number. Nobody learns here where an anonymous elector lives."""
    there = (
        select(Elector.elector_id, number_on(today).label("number"), Elector.name, Elector.added_on)
        .where(Elector.property_id == stream_of(key, authority), ~Elector.anonymous, Elector.added_on <= today)
        .where(or_(Elector.removed_on.is_(None), Elector.removed_on > today))
        .order_by(literal_column("number").collate("C"))
    )
    return [Occupant(**row) for row in await fetch(conn, there)]

"""Pairs that may be one person, for officers to settle; and whom a new record is compared with.

`Likely` holds what two records are compared by. Anonymous electors and applicants are not in it: they are compared with
nobody, so that no list of likely duplicates tells of them.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Boolean, Index, SmallInteger, Text, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, aliased, mapped_column

from services.registration.duplicates.likeness import person
from services.registration.views.access import OFFICERS
from services.registration.views.applications import renamed
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events import registration as r
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.values import FranchiseFacts, PersonName
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited

ENTRY, APPLICATION = "elector", "application"


class Likely(ViewTable):
    """Somebody on the register, or who applied and is not determined. `born`, `sound`, `first_sound`: see `likeness.blocks`."""

    __tablename__ = "likely"
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID]
    application_id: Mapped[UUID | None]
    """Of an entry: the application that it came from."""
    property_id: Mapped[UUID | None]
    ended: Mapped[bool] = mapped_column(Boolean, default=False)
    # What follows is the person's own, and goes when their data is erased.
    name: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    born: Mapped[date | None]
    sound: Mapped[str | None] = mapped_column(Text)
    first_sound: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        Index("likely_by_birth", "born"),
        Index("likely_by_sound", "sound", "first_sound"),
        Index("likely_by_property", "property_id"),
        Index("likely_by_person", "person_id"),
        {"schema": "duplicates"},
    )


class Postcode(ViewTable):
    """Where a property is, without its space."""

    __tablename__ = "postcode"
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    postcode: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("postcode_by_postcode", "postcode"), {"schema": "duplicates"})


class Suspicion(ViewTable):
    """Two records, why they may be of one person, and what an officer found."""

    __tablename__ = "suspicion"
    __table_args__ = (
        Index("suspicion_open", "score", postgresql_where="state = 'open'"),
        {"schema": "duplicates"},
    )
    suspicion_id: Mapped[UUID] = mapped_column(primary_key=True)
    one_kind: Mapped[str] = mapped_column(Text)
    one_id: Mapped[UUID]
    other_kind: Mapped[str] = mapped_column(Text)
    other_id: Mapped[UUID]
    score: Mapped[int] = mapped_column(SmallInteger)
    reasons: Mapped[list[str]] = mapped_column(JSONB)
    found_on: Mapped[date]
    looked: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="open")
    settled_on: Mapped[date | None] = mapped_column(default=None)
    because: Mapped[str] = mapped_column(Text, default="")
    confirmed_by: Mapped[str] = mapped_column(Text, default="")
    moved: Mapped[bool] = mapped_column(Boolean, default=False)


class MergedRecord(ViewTable):
    """A record that is one with another now: an id that was given out still leads to the person."""

    __tablename__ = "merged_record"
    __table_args__ = (Index("merged_record_by_other", "merged_into"), {"schema": "duplicates"})
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    merged_into: Mapped[UUID]
    merged_on: Mapped[date]


# ------------------------------------------------------------------ handlers


@projection("duplicates", version=1, tables=[Likely, Postcode, Suspicion, MergedRecord])
class Duplicates:
    view: View

    @on(r.ElectorAdded)
    def add(self, tx: ViewTransaction, e: Recorded[r.ElectorAdded]) -> None:
        added = e.data
        if not added.anonymous:
            tx.put(
                Likely,
                authority=e.authority,
                record_id=e.stream_id,
                kind=ENTRY,
                person_id=added.person_id,
                application_id=added.application_id,
                property_id=added.property_id,
                **_compared(known(added.name), known(added.franchise)),
            )
        if added.application_id is not None:
            tx.change(Likely, record_id=added.application_id, ended=True)

    @on(r.ElectorAmended, r.ClericalErrorCorrected)
    def rename(self, tx: ViewTransaction, e: Recorded[r.ElectorAmended] | Recorded[r.ClericalErrorCorrected]) -> None:
        tx.change(Likely, record_id=e.stream_id, **_named(known(e.data.name)))

    @on(r.ElectorFranchiseChanged)
    def born(self, tx: ViewTransaction, e: Recorded[r.ElectorFranchiseChanged]) -> None:
        facts = known(e.data.franchise)
        tx.change(Likely, record_id=e.stream_id, born=facts.date_of_birth if facts else None)

    @on(
        r.ElectorRemoved,
        r.ApplicationAllowed,
        r.ApplicationRejected,
        r.ApplicationWithdrawn,
        r.ApplicationFoundDuplicate,
        r.ApplicationForwarded,
    )
    def end(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        tx.change(Likely, record_id=e.stream_id, ended=True)

    @on(r.ApplicationReceived)
    def apply(self, tx: ViewTransaction, e: Recorded[r.ApplicationReceived]) -> None:
        form = e.data
        if not form.anonymous:
            tx.put(
                Likely,
                authority=e.authority,
                record_id=e.stream_id,
                kind=APPLICATION,
                person_id=form.person_id,
                application_id=e.stream_id,
                property_id=form.property_id,
                **_compared(known(form.name), known(form.franchise)),
            )

    @on(r.MissingInformationReceived)
    async def supply(self, tx: ViewTransaction, e: Recorded[r.MissingInformationReceived]) -> None:
        supplied = known(e.data.supplied) or {}
        row = await tx.get(Likely, record_id=e.stream_id) if supplied else None
        if row is not None and row["name"] is not None:
            tx.change(
                Likely, record_id=e.stream_id, **_named(renamed(PersonName(**orjson.loads(row["name"])), supplied))
            )

    @on(r.PropertyIdentified, r.ElectorReaddressed)
    def place(self, tx: ViewTransaction, e: Recorded[r.PropertyIdentified] | Recorded[r.ElectorReaddressed]) -> None:
        tx.change(Likely, record_id=e.stream_id, property_id=e.data.property_id)

    @on(r.PropertyAdded, r.PropertyChanged, r.PropertyReinstated)
    def locate(self, tx: ViewTransaction, e: Recorded[Any]) -> None:
        postcode = e.data.facts.address.postcode.replace(" ", "").upper()
        tx.put(Postcode, authority=e.authority, property_id=e.stream_id, postcode=postcode)

    @on(r.DuplicateSuspected)
    def suspect(self, tx: ViewTransaction, e: Recorded[r.DuplicateSuspected]) -> None:
        found = e.data
        electors: list[tuple[str, UUID]] = [(ENTRY, elector) for elector in found.electors]
        applications: list[tuple[str, UUID]] = [(APPLICATION, application) for application in found.applications]
        (one_kind, one), (other_kind, other) = electors + applications
        tx.put(
            Suspicion,
            authority=e.authority,
            suspicion_id=e.stream_id,
            one_kind=one_kind,
            one_id=one,
            other_kind=other_kind,
            other_id=other,
            score=found.score,
            reasons=list(found.reasons),
            found_on=found.found_on,
            looked=found.looked,
        )

    @on(r.DuplicateDismissed)
    def dismiss(self, tx: ViewTransaction, e: Recorded[r.DuplicateDismissed]) -> None:
        settled = {"state": "dismissed", "settled_on": e.data.dismissed_on, "because": e.data.because}
        tx.change(Suspicion, suspicion_id=e.stream_id, **settled)

    @on(r.DuplicateConfirmed)
    def confirm(self, tx: ViewTransaction, e: Recorded[r.DuplicateConfirmed]) -> None:
        settled = {"state": "confirmed", "settled_on": e.data.confirmed_on, "confirmed_by": e.data.confirmed_by}
        tx.change(Suspicion, suspicion_id=e.stream_id, **settled, moved=e.data.moved)

    @on(r.ElectorsMerged)
    def merge(self, tx: ViewTransaction, e: Recorded[r.ElectorsMerged]) -> None:
        tx.put(
            MergedRecord,
            authority=e.authority,
            elector_id=e.stream_id,
            merged_into=e.data.into,
            merged_on=e.data.merged_on,
        )

    @on(r.MergeUndone)
    def part(self, tx: ViewTransaction, e: Recorded[r.MergeUndone]) -> None:
        tx.remove(MergedRecord, elector_id=e.stream_id)

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Likely, {"person_id": e.data.subject_id}, **_named(None), born=None)


def _compared(name: PersonName | None, facts: FranchiseFacts | None) -> dict[str, Any]:
    return {**_named(name), "born": facts.date_of_birth if facts else None}


def _named(name: PersonName | None) -> dict[str, Any]:
    if name is None:
        return {"name": None, "sound": None, "first_sound": None}
    someone = person(UUID(int=0), name, None)
    return {"name": asdict(name), "sound": someone.sound, "first_sound": someone.first_sound}


# -------------------------------------------------------------------- routes


class SuspectedRecord(BaseModel):
    """One of the two, as it stands. Nothing of a person once their data is erased."""

    kind: Literal["elector", "application"]
    id: UUID
    name: str | None
    date_of_birth: date | None
    property_id: UUID | None
    ended: bool


class SuspectedPair(BaseModel):
    """Two records that may be of one person, as a task."""

    suspicion_id: UUID
    score: int
    reasons: list[str]
    found_on: date
    looked: str
    state: str
    settled_on: date | None
    because: str
    moved: bool
    one: SuspectedRecord
    other: SuspectedRecord


router = APIRouter(tags=["duplicates"], dependencies=[OFFICERS, audited("duplicates"), caught_up("duplicates")])


@router.get("/duplicates")
async def list_duplicates(
    conn: Reading,
    paged: Paged,
    state: Annotated[Literal["open", "dismissed", "confirmed"], Query()] = "open",
    record: Annotated[UUID | None, Query(description="only pairs of this entry or application")] = None,
) -> Page[SuspectedPair]:
    """Pairs to settle, the likeliest first."""
    one, other = aliased(Likely), aliased(Likely)
    query = (
        select(
            *Suspicion.__table__.columns,
            *(getattr(one, name).label(f"one_{name}") for name in _SHOWN),
            *(getattr(other, name).label(f"other_{name}") for name in _SHOWN),
        )
        .outerjoin_from(Suspicion, one, one.record_id == Suspicion.one_id)
        .outerjoin(other, other.record_id == Suspicion.other_id)
        .where(Suspicion.state == state)
    )
    if record is not None:
        query = query.where(or_(Suspicion.one_id == record, Suspicion.other_id == record))
    by = (100 - Suspicion.score, Suspicion.suspicion_id)
    if paged.after is not None:
        points, last = paged.after
        query = query.where(tuple_(*by) > tuple_(int(points), UUID(last)))
    page = paged.page(
        await fetch(conn, query.order_by(*by).limit(paged.limit + 1)),
        lambda row: (str(100 - row["score"]), str(row["suspicion_id"])),
    )
    return Page(items=[_pair(row) for row in page.items], next=page.next)


_SHOWN = ("name", "born", "property_id", "ended")


def _pair(row: dict[str, Any]) -> SuspectedPair:
    return SuspectedPair(**row, one=_record(row, "one"), other=_record(row, "other"))


def _record(row: dict[str, Any], which: str) -> SuspectedRecord:
    name = row[f"{which}_name"]
    return SuspectedRecord(
        kind=row[f"{which}_kind"],
        id=row[f"{which}_id"],
        name=str(PersonName(**name)) if name else None,
        date_of_birth=row[f"{which}_born"],
        property_id=row[f"{which}_property_id"],
        ended=bool(row[f"{which}_ended"]),
    )


class Resolved(BaseModel):
    """The record that an id leads to now."""

    elector_id: UUID
    merged_into: UUID | None


@router.get("/electors/{elector_id}/record")
async def resolve(elector_id: UUID, conn: Reading) -> Resolved:
    """The record that this elector's id leads to: its own, or the one that it was merged into."""
    if not await fetch(conn, select(Likely.record_id).where(Likely.record_id == elector_id)):
        raise not_found()
    into = await standing_record(conn, elector_id)
    return Resolved(elector_id=elector_id, merged_into=into if into != elector_id else None)


async def standing_record(conn: Connection, elector_id: UUID) -> UUID:
    """Follow merges to the record that stands for itself. An id that was never merged is its own answer."""
    seen = {elector_id}
    while True:
        found = await fetch(conn, select(MergedRecord.merged_into).where(MergedRecord.elector_id == elector_id))
        if not found or found[0]["merged_into"] in seen:
            return elector_id
        elector_id = found[0]["merged_into"]
        seen.add(elector_id)


async def records_merged_into(conn: Connection, elector_id: UUID) -> list[UUID]:
    """The records that are one with this one, however many steps away."""
    found: list[UUID] = []
    ahead = [elector_id]
    while ahead:
        rows = await fetch(conn, select(MergedRecord.elector_id).where(MergedRecord.merged_into.in_(ahead)))
        ahead = [row["elector_id"] for row in rows if row["elector_id"] not in found]
        found += ahead
    return found

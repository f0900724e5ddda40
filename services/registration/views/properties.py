"""Properties: what is known of each, in which areas it lies and why, and those that no area has been found for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    Index,
    Select,
    Text,
    and_,
    case,
    func,
    not_,
    select,
    tuple_,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, aliased, mapped_column

from services.registration.views.access import OFFICERS
from services.registration.views.history import Happening, PropertyHistory, PropertyKey, timeline, version_of
from services.registration.views.walk import walk
from shared.eventcore.clock import london_date
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.registration import (
    PropertyAdded,
    PropertyAllocated,
    PropertyAllocationCleared,
    PropertyChanged,
    PropertyReinstated,
    PropertyRetired,
    PropertySucceeded,
    SuccessionKind,
)
from shared.law.identifiers import postcode
from shared.law.rules import Refused
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found

# -------------------------------------------------------------------- tables


class Property(ViewTable):
    """What a property is. Its areas are in `Allocation`, so that neither write needs to read the other."""

    __tablename__ = "property"
    __table_args__ = (
        Index("property_by_uprn", "uprn"),
        Index("property_by_postcode", "postcode"),
        Index("property_lived_in", "authority", "property_id", postgresql_where="electoral AND retired IS FALSE"),
        {"schema": "properties"},
    )
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    uprn: Mapped[int | None] = mapped_column(BigInteger)
    parent_uprn: Mapped[int | None] = mapped_column(BigInteger)
    usrn: Mapped[int | None] = mapped_column(BigInteger)
    class_code: Mapped[str] = mapped_column(Text)
    address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    line: Mapped[str] = mapped_column(Text)
    """The address in one line."""
    walk: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str] = mapped_column(Text)
    x: Mapped[float | None] = mapped_column(Double)
    y: Mapped[float | None] = mapped_column(Double)
    electoral: Mapped[bool] = mapped_column(Boolean)
    because: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    judged: Mapped[bool] = mapped_column(Boolean)
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    ended: Mapped[str] = mapped_column(Text, default="")
    """Of one that is gone: `retired`, or how others took its place."""
    ended_on: Mapped[date | None] = mapped_column(default=None)


class Succession(ViewTable):
    """A property that took the place of another."""

    __tablename__ = "succession"
    __table_args__ = (Index("succession_by_successor", "successor_id"), {"schema": "properties"})
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The one that is gone."""
    successor_id: Mapped[UUID] = mapped_column(primary_key=True)
    how: Mapped[str] = mapped_column(Text)


class Allocation(ViewTable):
    """The electoral areas of a property; no row: not known."""

    __tablename__ = "allocation"
    __table_args__ = (
        Index("allocation_by_district", "district"),
        Index("allocation_known", "authority", "property_id"),
        Index("allocation_on_border", "property_id", postgresql_where="on_border"),
        {"schema": "properties"},
    )
    property_id: Mapped[UUID] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(Text)
    ward: Mapped[str] = mapped_column(Text)
    parish: Mapped[str] = mapped_column(Text)
    parish_ward: Mapped[str] = mapped_column(Text)
    county_division: Mapped[str] = mapped_column(Text)
    constituency: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    boundary_version: Mapped[str] = mapped_column(Text)
    on_border: Mapped[bool] = mapped_column(Boolean)
    effective_on: Mapped[date]


@projection("properties", version=3, tables=[Property, Succession, Allocation])
class Properties:
    """Holds no personal data: an address says where, not who."""

    view: View

    @on(PropertyAdded, PropertyChanged)
    def know(
        self, tx: ViewTransaction, e: Recorded[PropertyAdded] | Recorded[PropertyChanged] | Recorded[PropertyReinstated]
    ) -> None:
        facts = e.data.facts
        tx.put(
            Property,
            authority=e.authority,
            property_id=e.data.property_id,
            uprn=facts.uprn,
            parent_uprn=facts.parent_uprn,
            usrn=facts.usrn,
            class_code=facts.class_code,
            address=asdict(facts.address),
            line=str(facts.address),
            walk=walk(facts.address),
            postcode=facts.address.postcode,
            x=facts.x,
            y=facts.y,
            electoral=e.data.electoral,
            because=e.data.because,
            source=e.data.source,
            judged=e.data.judged,
        )

    @on(PropertyReinstated)
    async def stand_again(self, tx: ViewTransaction, e: Recorded[PropertyReinstated]) -> None:
        self.know(tx, e)
        for row in await tx.select(Succession, property_id=e.data.property_id):
            tx.remove(Succession, property_id=row["property_id"], successor_id=row["successor_id"])

    @on(PropertyRetired)
    def retire(self, tx: ViewTransaction, e: Recorded[PropertyRetired]) -> None:
        gone_on = london_date(e.occurred_at)
        tx.change(
            Property,
            property_id=e.data.property_id,
            retired=True,
            because=e.data.because,
            ended="retired",
            ended_on=gone_on,
        )

    @on(PropertySucceeded)
    def succeed(self, tx: ViewTransaction, e: Recorded[PropertySucceeded]) -> None:
        gone = e.data
        tx.change(Property, property_id=gone.property_id, because=gone.because, ended=gone.how)
        for successor in gone.successors:
            tx.put(
                Succession, authority=e.authority, property_id=gone.property_id, successor_id=successor, how=gone.how
            )  # fmt: skip

    @on(PropertyAllocated)
    def allocate(self, tx: ViewTransaction, e: Recorded[PropertyAllocated]) -> None:
        found = e.data
        tx.put(
            Allocation,
            authority=e.authority,
            property_id=found.property_id,
            **asdict(found.areas),
            method=found.method,
            reason=found.reason,
            boundary_version=found.boundary_version,
            on_border=found.on_border,
            effective_on=found.effective_on,
        )

    @on(PropertyAllocationCleared)
    def clear(self, tx: ViewTransaction, e: Recorded[PropertyAllocationCleared]) -> None:
        tx.remove(Allocation, property_id=e.data.property_id)


# ------------------------------------------------------------------- answers


class PropertyLine(BaseModel):
    """One property in a list."""

    property_id: UUID
    uprn: int | None
    line: str
    electoral: bool
    because: str
    retired: bool
    district: str | None
    ward: str | None
    on_border: bool | None


WhyUnallocated = Literal["on-border", "no-point", "outside"]
"""On a border, undecided; without a point that could lie anywhere; or in no polling district that is drawn."""


class UnallocatedLine(PropertyLine):
    """A property that waits for an officer, and why no boundary has placed it."""

    why: WhyUnallocated


class PropertyRef(BaseModel):
    """A property that took another's place, or whose place was taken, and how."""

    property_id: UUID
    uprn: int | None
    line: str
    retired: bool
    how: SuccessionKind


class PropertyPage(PropertyLine):
    """All about one property. `ended`: of one that is gone `retired`, or how others took its place."""

    parent_uprn: int | None
    usrn: int | None
    class_code: str
    address: dict[str, Any]
    x: float | None
    y: float | None
    source: str
    judged: bool
    parish: str | None
    parish_ward: str | None
    county_division: str | None
    constituency: str | None
    method: str | None
    reason: str | None
    boundary_version: str | None
    effective_on: date | None
    ended: str
    ended_on: date | None
    successors: list[PropertyRef]
    predecessors: list[PropertyRef]
    history: list[Happening]


# ------------------------------------------------------------------- queries

_WALK = Property.walk.collate("C")
_POSTCODE = Property.postcode.collate("C")
_STREET = func.lower(func.regexp_replace(Property.address["street"].astext, r"^\d+[A-Za-z]?(-\d+[A-Za-z]?)?\s+", ""))
"""The name of the street without the number of the house: `12-14 Gorse Lane` -> `gorse lane`."""
_LISTED = (
    Property.property_id,
    Property.walk,
    Property.uprn,
    Property.line,
    Property.electoral,
    Property.because,
    Property.retired,
    Allocation.district,
    Allocation.ward,
    Allocation.on_border,
)


def _placed(*columns: Any) -> Select[Any]:
    return select(*columns).outerjoin_from(Property, Allocation, Property.property_id == Allocation.property_id)


def listed(
    uprn: int | None = None, code: str | None = None, street: str | None = None, district: str | None = None
) -> Select[Any]:
    """Properties by UPRN, postcode (in its normal form), street or polling district, in the order of their addresses."""
    query = _placed(*_LISTED)
    if street is not None:
        query = query.where(_STREET.in_([street.strip().lower()]))
    if district is not None:
        query = query.where(Allocation.district == district)
    if uprn is not None:
        query = query.where(Property.uprn == uprn)
    if code is not None:
        query = query.where(Property.postcode == code)
    return query.order_by(_WALK, Property.property_id)


WHY_UNALLOCATED = case(
    (Allocation.on_border.is_(True), "on-border"),
    (Property.x.is_(None) | Property.y.is_(None), "no-point"),
    else_="outside",
)


def _lived_in(one: Any) -> ColumnElement[bool]:
    """Where people may register."""
    return and_(one.electoral, one.retired.is_(False))


def unallocated(why: WhyUnallocated | None = None, code: str | None = None) -> Select[Any]:
    """Electoral properties whose polling district and ward nobody knows yet, and those on a border without a decision."""
    some, placed = aliased(Property), aliased(Allocation)
    known = select(placed.property_id).where(placed.property_id == some.property_id)
    # By the indexes alone, of 110,000 properties: what is looked for are some few of them.
    nowhere = select(some.property_id).where(_lived_in(some), not_(known.exists()))
    on_border = select(placed.property_id).where(placed.on_border)
    query = _placed(*_LISTED, WHY_UNALLOCATED.label("why"), _POSTCODE.label("postcode")).where(
        Property.property_id.in_(union(nowhere, on_border)), _lived_in(Property)
    )
    if why is not None:
        query = query.where(WHY_UNALLOCATED.in_([why]))
    if code is not None:
        query = query.where(Property.postcode == code)
    return query


def followed(property_id: UUID, *, backwards: bool = False) -> Select[Any]:
    """The properties that took the place of this one; backwards, those whose place it took. By address."""
    here, there = Succession.property_id, Succession.successor_id
    if backwards:
        here, there = there, here
    shown: list[Any] = [Property.property_id, Property.uprn, Property.line, Property.retired, Succession.how]
    return (
        select(*shown)
        .join_from(Succession, Property, Property.property_id == there)
        .where(here == property_id)
        .order_by(_WALK, Property.property_id)
    )


def normal_postcode(text: str) -> str:
    """`ex43pu` -> `EX4 3PU`; what is no postcode stays as it is, and will match nothing."""
    try:
        return postcode(text)
    except Refused:
        return text.strip().upper()


# -------------------------------------------------------------------- routes

router = APIRouter(tags=["properties"], dependencies=[OFFICERS, caught_up("properties")])


@router.get("/properties")
async def search_properties(
    conn: Reading,
    paged: Paged,
    uprn: Annotated[int | None, Query(ge=1, le=999_999_999_999)] = None,
    code: Annotated[str | None, Query(alias="postcode", max_length=10)] = None,
    street: Annotated[str | None, Query(max_length=200)] = None,
    district: Annotated[str | None, Query(max_length=6)] = None,
) -> Page[PropertyLine]:
    """Properties by UPRN, postcode, street or polling district."""
    return await _page(conn, paged, listed(uprn, normal_postcode(code) if code else None, street, district))


@router.get("/properties/unallocated")
async def unallocated_properties(
    conn: Reading,
    paged: Paged,
    why: Annotated[WhyUnallocated | None, Query()] = None,
    code: Annotated[str | None, Query(alias="postcode", max_length=10)] = None,
    sort: Annotated[Literal["address", "postcode"], Query()] = "address",
) -> Page[UnallocatedLine]:
    """Electoral properties that wait for an officer to say where they belong."""
    query = unallocated(why, normal_postcode(code) if code else None)
    key, name = (_WALK, "walk") if sort == "address" else (_POSTCODE, "postcode")
    if paged.after is not None:
        after, last = paged.after
        query = query.where(tuple_(key, Property.property_id) > tuple_(after, UUID(last)))
    rows = await fetch(conn, query.order_by(key, Property.property_id).limit(paged.limit + 1))
    page = paged.page(rows, lambda row: (row[name], str(row["property_id"])))
    return Page(items=[UnallocatedLine(**row) for row in page.items], next=page.next)


async def _page(conn: Reading, paged: Paged, query: Select[Any]) -> Page[PropertyLine]:
    if paged.after is not None:
        after, last = paged.after
        query = query.where(tuple_(_WALK, Property.property_id) > tuple_(after, UUID(last)))
    page = paged.page(
        await fetch(conn, query.limit(paged.limit + 1)), lambda row: (row["walk"], str(row["property_id"]))
    )
    return Page(items=[PropertyLine(**row) for row in page.items], next=page.next)


@router.get("/properties/{key}")
async def property_page(key: PropertyKey, events: PropertyHistory, conn: Reading, response: Response) -> PropertyPage:
    """One property by id or by UPRN."""
    if not events:
        raise not_found()
    columns = [c for model in (Property, Allocation) for c in model.__table__.columns if c.name != "authority"]
    named = {c.name: c for c in reversed(columns)}
    found = await fetch(conn, _placed(*named.values()).where(Property.property_id == events[0].stream_id))
    if not found:
        raise not_found()
    successors, predecessors = [
        [PropertyRef(**row) for row in await fetch(conn, followed(events[0].stream_id, backwards=backwards))]
        for backwards in (False, True)
    ]
    version_of(events, response)
    return PropertyPage(**found[0], successors=successors, predecessors=predecessors, history=timeline(events))

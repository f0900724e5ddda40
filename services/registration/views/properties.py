"""Properties: what is known of each, in which areas it lies and why, and those that no area has been found for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlalchemy import BigInteger, Boolean, Double, Index, Select, Text, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.views.access import OFFICERS
from services.registration.views.history import Happening, PropertyHistory, PropertyKey, timeline, version_of
from services.registration.views.walk import walk
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.registration import (
    PropertyAdded,
    PropertyAllocated,
    PropertyAllocationCleared,
    PropertyChanged,
    PropertyReinstated,
    PropertyRetired,
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


class Allocation(ViewTable):
    """The electoral areas of a property; no row: not known."""

    __tablename__ = "allocation"
    __table_args__ = (Index("allocation_by_district", "district"), {"schema": "properties"})
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


@projection("properties", version=1, tables=[Property, Allocation])
class Properties:
    """Holds no personal data: an address says where, not who."""

    view: View

    @on(PropertyAdded, PropertyChanged, PropertyReinstated)
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

    @on(PropertyRetired)
    def retire(self, tx: ViewTransaction, e: Recorded[PropertyRetired]) -> None:
        tx.change(Property, property_id=e.data.property_id, retired=True, because=e.data.because)

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


class PropertyPage(PropertyLine):
    """All about one property."""

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
    history: list[Happening]


# ------------------------------------------------------------------- queries

_WALK = Property.walk.collate("C")
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


def listed(uprn: int | None = None, code: str | None = None) -> Select[Any]:
    """Properties by UPRN or by postcode (in its normal form), in the order of their addresses."""
    query = _placed(*_LISTED)
    if uprn is not None:
        query = query.where(Property.uprn == uprn)
    if code is not None:
        query = query.where(Property.postcode == code)
    return query.order_by(_WALK, Property.property_id)


def unallocated() -> Select[Any]:
    """Electoral properties whose polling district and ward nobody knows yet, and those on a border without a decision."""
    waiting = Allocation.property_id.is_(None) | Allocation.on_border
    return (
        _placed(*_LISTED)
        .where(Property.electoral, Property.retired.is_(False), waiting)
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
) -> Page[PropertyLine]:
    """Properties by UPRN or postcode."""
    return await _page(conn, paged, listed(uprn, normal_postcode(code) if code else None))


@router.get("/properties/unallocated")
async def unallocated_properties(conn: Reading, paged: Paged) -> Page[PropertyLine]:
    """Electoral properties that wait for an officer to say where they belong."""
    return await _page(conn, paged, unallocated())


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
    version_of(events, response)
    return PropertyPage(**found[0], history=timeline(events))

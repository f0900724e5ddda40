"""Electors whose entry is at a property that is gone: for each an officer decides whether the dwelling has another address,
or the elector has moved. Joined from two views; holds nothing of its own."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Select, func, or_, select, tuple_

from services.registration.views.access import OFFICERS
from services.registration.views.electors import Elector
from services.registration.views.history import PropertyKey, stream_of
from services.registration.views.properties import Allocation, Property, PropertyRef, Succession
from shared.service.auth import Authority
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.read_audit import audited

Ended = Literal["retired", "replaced", "split", "merged"]


class Displaced(BaseModel):
    """One elector left at a property that is gone. `review`: the type of a review that runs. An anonymous elector is told
    to nobody here."""

    elector_id: UUID
    number: str
    name: str | None
    district: str | None
    property_id: UUID
    uprn: int | None
    line: str
    how: Ended
    because: str
    ended_on: date
    review: str
    successors: list[PropertyRef]


class DisplacedCounts(BaseModel):
    """How many electors wait, at how many properties, and by what became of those."""

    electors: int
    properties: int
    by_how: dict[str, int]


# ------------------------------------------------------------------- queries

_WALK, _NUMBER = Property.walk.collate("C"), Elector.number.collate("C")


def displaced(authority: str, on: date, *columns: Any) -> Select[Any]:
    """Entries that stand, or will by the next notice, at a property that is gone."""
    return (
        select(*columns)
        .join_from(Elector, Property, Property.property_id == Elector.property_id)
        .outerjoin(Allocation, Allocation.property_id == Elector.property_id)
        .where(Property.authority == authority, Property.retired, ~Elector.anonymous)
        .where(or_(Elector.removed_on.is_(None), Elector.removed_on > on))
    )


def listed(authority: str, on: date) -> Select[Any]:
    return displaced(
        authority, on, Elector.elector_id, Elector.number, Elector.name, Allocation.district, Property.property_id,
        Property.uprn, Property.line, Property.walk, Property.ended.label("how"), Property.because, Property.ended_on,
        Elector.review,
    ).order_by(_WALK, _NUMBER, Elector.elector_id)  # fmt: skip


def successors_of(properties: set[UUID]) -> Select[Any]:
    shown: list[Any] = [
        Succession.property_id.label("gone"), Property.property_id, Property.uprn, Property.line, Property.retired,
        Succession.how,
    ]  # fmt: skip
    return (
        select(*shown)
        .join_from(Succession, Property, Property.property_id == Succession.successor_id)
        .where(Succession.property_id.in_(properties))
        .order_by(_WALK, Property.property_id)
    )


# -------------------------------------------------------------------- routes

router = APIRouter(tags=["properties"], dependencies=[OFFICERS, caught_up("electors", "properties")])


@router.get("/properties/displaced", dependencies=[audited("displaced-electors")])
async def displaced_electors(
    conn: Reading,
    paged: Paged,
    authority: Authority,
    today: Today,
    property: Annotated[PropertyKey | None, Query(description="at this property only: its id or UPRN")] = None,
    how: Ended | None = None,
    district: Annotated[str | None, Query(max_length=6)] = None,
) -> Page[Displaced]:
    """Who is left at properties that are gone, along the streets."""
    query = listed(authority, today)
    if property is not None:
        query = query.where(Property.property_id == stream_of(property, authority))
    if how is not None:
        query = query.where(Property.ended == how)
    if district is not None:
        query = query.where(Allocation.district == district)
    if paged.after is not None:
        walk, number, last = paged.after
        query = query.where(tuple_(_WALK, _NUMBER, Elector.elector_id) > tuple_(walk, number, UUID(last)))
    rows = await fetch(conn, query.limit(paged.limit + 1))
    page = paged.page(rows, lambda row: (row["walk"], row["number"], str(row["elector_id"])))
    successors: dict[UUID, list[PropertyRef]] = defaultdict(list)
    for row in await fetch(conn, successors_of({row["property_id"] for row in page.items})):
        successors[row["gone"]].append(PropertyRef(**row))
    items = [Displaced(**row, successors=successors[row["property_id"]]) for row in page.items]
    return Page(items=items, next=page.next)


@router.get("/properties/displaced/counts")
async def displaced_counts(conn: Reading, authority: Authority, today: Today) -> DisplacedCounts:
    """How many wait."""
    by_how = displaced(
        authority, today, Property.ended, func.count().label("electors"),
        func.count(Property.property_id.distinct()).label("properties"),
    ).group_by(Property.ended)  # fmt: skip
    rows = await fetch(conn, by_how.order_by(Property.ended))
    return DisplacedCounts(
        electors=sum(row["electors"] for row in rows),
        properties=sum(row["properties"] for row in rows),
        by_how={row["ended"]: row["electors"] for row in rows},
    )

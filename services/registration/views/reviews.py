"""The list of reviews (RPR 2001 r.31D): open to inspection, and so without anonymous electors."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from services.registration.views.access import OFFICERS
from services.registration.views.electors import Elector, number_on
from services.registration.views.properties import Property
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.read_audit import audited


class ReviewRow(BaseModel):
    """One review that runs. `ready`: the time to answer has passed, and an officer may conclude it."""

    elector_id: UUID
    number: str
    name: str | None
    """Absent once the person's data is erased."""
    address: str | None
    review: Literal["A", "B", "C"]
    until: date
    ready: bool


router = APIRouter(
    tags=["reviews"], dependencies=[OFFICERS, audited("list of reviews"), caught_up("electors", "properties")]
)


@router.get("/reviews")
async def list_reviews(conn: Reading, today: Today, kind: Literal["A", "B", "C"] | None = None) -> list[ReviewRow]:
    """Reviews that run, by the day on which they may be concluded. No anonymous elector is ever among them."""
    query: Any = (
        select(
            Elector.elector_id,
            number_on(today).label("number"),
            Elector.name,
            Elector.review,
            Elector.review_until,
            Property.line,
        )
        .outerjoin_from(Elector, Property, Property.property_id == Elector.property_id)
        .where(Elector.review != "", ~Elector.anonymous, Elector.removed_on.is_(None))
        .order_by(Elector.review_until, Elector.elector_id)
    )
    if kind is not None:
        query = query.where(Elector.review == kind)
    return [
        ReviewRow(**row, address=row["line"], until=row["review_until"], ready=row["review_until"] < today)
        for row in await fetch(conn, query)
    ]

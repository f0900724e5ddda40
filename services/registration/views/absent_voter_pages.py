"""What is recorded of one elector's absent voting, and the record of all absent voters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Select, case, null, select, tuple_

from services.registration.views.absent_voters import Arrangement, Identifiers, Renewal, name_of
from services.registration.views.electors import Elector, number_on
from shared.service.auth import Authority, requires
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited

OFFICERS = requires("registration-officer", "ero-deputy", "postal-team")
router = APIRouter(tags=["absent votes"], dependencies=[OFFICERS, caught_up("absent_voters", "electors")])


class ArrangementLine(BaseModel):
    """One grant or appointment. `stands`: not ended; it may still lie ahead, or have run out today."""

    elector_id: UUID
    kind: str
    term: str
    valid_from: date
    valid_until: date | None
    poll: date | None
    applied_at: datetime | None
    stands: bool
    ended_on: date | None
    because: str
    ballot_address: list[str] | None
    proxy_id: UUID | None
    proxy_name: str | None
    proxy_address: list[str] | None


Image = Literal["held", "waived", "missing"]


class AbsentVoterLine(ArrangementLine):
    """An arrangement with whose it is. `image`: whether there is a signature to check a returned vote against, of who is to
    sign. `name` is empty of an anonymous elector, and of one whose data was erased."""

    number: str | None
    name: str | None
    image: Image


class IdentifiersHeld(BaseModel):
    """That signature and date of birth are held of a person, or that the signature is waived. Not what they are."""

    person_id: UUID
    signed_on: date
    waived: bool


class RenewalAsked(BaseModel):
    campaign_id: UUID
    arrangement: str
    need: str
    state: str
    asked_on: date
    answer_by: date
    reminded_on: date | None
    settled_on: date | None


class AbsentVotesPage(BaseModel):
    """All that was ever granted to one elector, newest first."""

    arrangements: list[ArrangementLine]
    identifiers: list[IdentifiersHeld]
    renewals: list[RenewalAsked]


@router.get("/electors/{elector_id}/absent-votes", dependencies=[audited("absent votes")])
async def absent_votes_page(elector_id: UUID, conn: Reading) -> AbsentVotesPage:
    """How one elector votes by post or by proxy, and what is held for it."""
    kept = (
        select(*Arrangement.__table__.columns)
        .where(Arrangement.elector_id == elector_id)
        .order_by(Arrangement.version.desc())
    )
    if not await fetch(conn, select(Elector.elector_id).where(Elector.elector_id == elector_id)):
        raise not_found()
    rows = await fetch(conn, kept)
    persons = {row[who] for row in rows for who in ("person_id", "proxy_id")} - {None}
    held = select(Identifiers.person_id, Identifiers.signed_on, Identifiers.waived).where(
        Identifiers.person_id.in_(persons)
    )
    asked = select(*Renewal.__table__.columns).where(Renewal.elector_id == elector_id).order_by(Renewal.asked_on.desc())
    return AbsentVotesPage(
        arrangements=[line(row) for row in rows],
        identifiers=[IdentifiersHeld(**row) for row in await fetch(conn, held)],
        renewals=[RenewalAsked(**row) for row in await fetch(conn, asked)],
    )


WHO_SIGNS = case((Arrangement.kind == "postal-proxy", Arrangement.proxy_id), else_=Arrangement.person_id)
IMAGE = case(
    (Identifiers.person_id.is_(None), "missing"), (Identifiers.waived, "waived"), else_="held"
)  # fmt: skip


def recorded(today: date) -> Select[Any]:
    """Arrangements, with the number that holds today, the name, and what is held of the signature."""
    return (
        select(
            *Arrangement.__table__.columns, number_on(today).label("number"), IMAGE.label("image"),
            case((Elector.anonymous, null()), else_=Elector.name).label("name"),
        )
        .outerjoin_from(Arrangement, Elector, Elector.elector_id == Arrangement.elector_id)
        .outerjoin(Identifiers, Identifiers.person_id == WHO_SIGNS)
    )  # fmt: skip


@router.get("/absent-voters", dependencies=[audited("absent voters")])
async def record(
    conn: Reading,
    authority: Authority,
    today: Today,
    paged: Paged,
    kind: Annotated[Literal["postal-vote", "proxy", "postal-proxy"] | None, Query()] = None,
    ends_by: Annotated[date | None, Query(description="only what ends on that day or before")] = None,
    image: Annotated[Image | None, Query(description="only those whose signature is held, waived or missing")] = None,
) -> Page[AbsentVoterLine]:
    """Every arrangement that stands, by elector."""
    query = recorded(today).where(Arrangement.authority == authority, Arrangement.stands)
    if kind is not None:
        query = query.where(Arrangement.kind == kind)
    if ends_by is not None:
        query = query.where(Arrangement.valid_until <= ends_by)
    if image is not None:
        query = query.where(IMAGE.in_([image]))
    key = tuple_(Arrangement.elector_id, Arrangement.version)
    if paged.after is not None:
        query = query.where(key > (UUID(paged.after[0]), paged.after[1]))
    rows = await fetch(conn, query.order_by(Arrangement.elector_id, Arrangement.version).limit(paged.limit + 1))
    page = paged.page(rows, lambda row: [str(row["elector_id"]), row["version"]])
    items = [AbsentVoterLine.model_validate({**row, "proxy_name": _proxy(row)}) for row in page.items]
    return Page(items=items, next=page.next)


def line(row: dict[str, object]) -> ArrangementLine:
    return ArrangementLine.model_validate({**row, "proxy_name": _proxy(row)})


def _proxy(row: dict[str, object]) -> str | None:
    name = name_of(row["proxy_name"])  # type: ignore[arg-type]
    return str(name) if name else None

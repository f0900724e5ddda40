"""Who is due to renew in a campaign, who was asked, reminded, has answered or lapsed; the list behind each figure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_

from services.registration.views.absent_voters import Arrangement, Campaign, Identifiers, Renewal
from services.registration.views.electors import Elector
from shared.events.registration import ArrangementKind, RenewalNeed
from shared.law.renewals import latest_old_signature
from shared.service.auth import Authority, requires
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited

OFFICERS = requires("registration-officer", "ero-deputy", "postal-team")
router = APIRouter(
    prefix="/renewal-campaigns", tags=["absent votes"], dependencies=[OFFICERS, caught_up("absent_voters", "electors")]
)

ABOUT: dict[RenewalNeed, tuple[ArrangementKind, ...]] = {
    "reapplication": ("postal-vote", "postal-proxy", "proxy"),
    "signature": ("proxy",),
}
"""What each campaign is about. Only a proxy stands long enough for a signature to grow old."""


def due(authority: str, campaign: UUID, need: RenewalNeed, ends_on: date) -> Select[UUID, str]:
    """Arrangements to be renewed of which nobody was asked yet in this campaign, by elector: `elector_id`, `kind`.

    For a new application, what ends on that day and nothing granted since goes on beyond. For a fresh signature, proxies
    until further notice whose elector's signature is more than five years old, or not known; not where it is waived.
    """
    later = Arrangement.__table__.alias("later")
    asked = exists().where(
        Renewal.elector_id == Arrangement.elector_id,
        Renewal.campaign_id == campaign,
        Renewal.arrangement == Arrangement.kind,
    )
    standing = and_(
        Arrangement.authority == authority, Arrangement.stands, Arrangement.poll.is_(None), Arrangement.kind.in_(ABOUT[need])
    )  # fmt: skip
    if need == "reapplication":
        goes_on = exists().where(
            later.c.elector_id == Arrangement.elector_id,
            later.c.place == Arrangement.place,
            later.c.stands,
            or_(later.c.valid_until.is_(None), later.c.valid_until > ends_on),
        )
        matter: ColumnElement[bool] = and_(Arrangement.valid_until == ends_on, ~goes_on)
    else:
        fresh = exists().where(
            Identifiers.person_id == Arrangement.person_id,
            or_(Identifiers.waived, Identifiers.signed_on > latest_old_signature(ends_on)),
        )
        applied = func.coalesce(func.date(Arrangement.applied_at), Arrangement.valid_from)
        matter = and_(Arrangement.valid_until.is_(None), ~fresh, applied <= latest_old_signature(ends_on))
    found = select(Arrangement.elector_id, Arrangement.kind).where(standing, matter, ~asked).distinct()
    return found.order_by(Arrangement.elector_id, Arrangement.kind)


def unreminded(ahead: timedelta, today: date) -> ColumnElement[bool]:
    """Who was asked, has not answered nor been reminded, and whose time to answer is down to `ahead`: so whoever was asked late is
    reminded late, too. [RPR 2001 r.60A(3)]"""
    return and_(Renewal.state == "asked", Renewal.reminded_on.is_(None), Renewal.answer_by <= today + ahead)


def to_remind(authority: str, campaign: UUID, ahead: timedelta, today: date) -> Select[UUID, str]:
    """Who is to be reminded today, by elector: `elector_id`, `kind`."""
    found = select(Renewal.elector_id, Renewal.arrangement.label("kind")).where(
        Renewal.authority == authority, Renewal.campaign_id == campaign, unreminded(ahead, today)
    )
    return found.order_by(Renewal.elector_id, Renewal.arrangement)


class CampaignLine(BaseModel):
    """`due`: to be asked. `asked` (still waiting), `answered` and `lapsed` add up to all who were asked; `reminded` are among them.
    `to_remind`: those of `asked` whose reminder is due."""

    campaign_id: UUID
    need: RenewalNeed
    ends_on: date
    notice_on: date
    remind_on: date
    answer_by: date
    due: int
    asked: int
    reminded: int
    to_remind: int
    answered: int
    lapsed: int


@router.get("")
async def campaigns(conn: Reading, authority: Authority, today: Today) -> list[CampaignLine]:
    """Every campaign with its figures, newest first."""
    opened = select(*Campaign.__table__.columns).where(Campaign.authority == authority)
    rows = await fetch(conn, opened.order_by(Campaign.ends_on.desc(), Campaign.need))
    return [await _counted(conn, authority, row, today) for row in rows]


@router.get("/{campaign}")
async def campaign_page(campaign: UUID, conn: Reading, authority: Authority, today: Today) -> CampaignLine:
    """One campaign with its figures."""
    opened = select(*Campaign.__table__.columns).where(
        Campaign.authority == authority, Campaign.campaign_id == campaign
    )
    rows = await fetch(conn, opened)
    if not rows:
        raise not_found()
    return await _counted(conn, authority, rows[0], today)


async def _counted(conn: Any, authority: str, row: dict[str, Any], today: date) -> CampaignLine:
    waiting = due(authority, row["campaign_id"], row["need"], row["ends_on"]).order_by(None).subquery()
    figures = select(
        func.count().filter(Renewal.state == "asked").label("asked"),
        func.count().filter(Renewal.reminded_on.is_not(None)).label("reminded"),
        func.count().filter(unreminded(row["answer_by"] - row["remind_on"], today)).label("to_remind"),
        func.count().filter(Renewal.state == "answered").label("answered"),
        func.count().filter(Renewal.state == "lapsed").label("lapsed"),
        select(func.count()).select_from(waiting).scalar_subquery().label("due"),
    ).where(Renewal.authority == authority, Renewal.campaign_id == row["campaign_id"])
    (counted,) = await fetch(conn, figures)
    return CampaignLine(**{key: value for key, value in row.items() if key != "authority"}, **counted)


class RenewalLine(BaseModel):
    """One elector of a campaign. Of an anonymous one, the number only."""

    elector_id: UUID
    arrangement: str
    number: str
    name: str | None
    asked_on: date | None = None
    answer_by: date | None = None
    reminded_on: date | None = None
    settled_on: date | None = None


@router.get("/{campaign}/electors", dependencies=[audited("renewal campaign")])
async def electors_behind(
    campaign: UUID,
    conn: Reading,
    authority: Authority,
    today: Today,
    paged: Paged,
    figure: Annotated[Literal["due", "asked", "reminded", "answered", "lapsed"], Query()],
) -> Page[RenewalLine]:
    """The list behind a figure, by elector."""
    page = await campaign_page(campaign, conn, authority, today)
    if figure == "due":
        found = due(authority, campaign, page.need, page.ends_on).subquery()
        query: Any = select(found.c.elector_id, found.c.kind.label("arrangement"))
        order: list[Any] = [found.c.elector_id, found.c.kind]
    else:
        state = Renewal.reminded_on.is_not(None) if figure == "reminded" else Renewal.state == figure
        query = select(
            Renewal.elector_id, Renewal.arrangement, Renewal.asked_on, Renewal.answer_by, Renewal.reminded_on,
            Renewal.settled_on,
        ).where(Renewal.authority == authority, Renewal.campaign_id == campaign, state)  # fmt: skip
        order = [Renewal.elector_id, Renewal.arrangement]
    if paged.after is not None:
        query = query.where(tuple_(*order) > (UUID(paged.after[0]), paged.after[1]))
    rows = await fetch(conn, query.order_by(*order).limit(paged.limit + 1))
    some = paged.page(rows, lambda row: [str(row["elector_id"]), row["arrangement"]])
    named = await _entries(conn, [row["elector_id"] for row in some.items])
    return Page(items=[RenewalLine(**row, **named[row["elector_id"]]) for row in some.items], next=some.next)


async def _entries(conn: Any, electors: list[UUID]) -> dict[UUID, dict[str, Any]]:
    kept = select(Elector.elector_id, Elector.number, Elector.name, Elector.anonymous)
    rows = await fetch(conn, kept.where(Elector.elector_id.in_(electors)))
    return {
        row["elector_id"]: {"number": row["number"], "name": None if row["anonymous"] else row["name"]} for row in rows
    }

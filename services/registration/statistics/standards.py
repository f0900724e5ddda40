"""The counters of the Electoral Commission's performance standards, from facts counted one by one (`views.counted`).

A figure and the list behind it are two readings of one statement, so they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Date, Select, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from services.registration.views.counted import Fact

Every = Literal["period", "month", "week"]
Figure = Literal[
    "applications-received", "verifications-tried", "verifications-passed", "applications-ended", "rejections",
    "objections", "alterations", "deletions", "reviews-opened", "reviews-concluded", "invitations",
    "invitations-closed", "penalties", "visits", "canvass-routes", "canvass-contacts", "canvass-responses",
    "canvass-outcomes", "absent-votes-granted", "absent-votes-refused", "absent-votes-ended", "renewals-asked",
    "renewals-answered", "declarations-begun", "declarations-renewed", "declarations-ended",
    "voter-cards-received", "voter-cards-issued", "voter-cards-refused", "voter-cards-cancelled",
]  # fmt: skip

SAYS_MORE: dict[str, str] = {
    "reviews-concluded": "reviews-opened",
    "canvass-contacts": "canvass-routes",
    "canvass-responses": "canvass-routes",
    "canvass-outcomes": "canvass-routes",
    "declarations-ended": "declarations-begun",
}
"""Figures told apart by an earlier fact of the same record: the type of the review, the route, the category."""


@dataclass(frozen=True, slots=True)
class Between:
    """Days, both included."""

    since: date
    until: date


def facts(authority: str, within: Between) -> Select[Any]:
    """Every fact of a period, with what an earlier one of the same record says of it."""
    earlier = aliased(Fact)
    said = (
        select(earlier.detail)
        .where(
            earlier.stream_id == Fact.stream_id,
            earlier.version < Fact.version,
            earlier.figure == case(*((Fact.figure == f, literal(of)) for f, of in SAYS_MORE.items())),
        )
        .order_by(earlier.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    also: ColumnElement[str] = case((Fact.figure.in_(list(SAYS_MORE)), func.coalesce(said, "")), else_=Fact.also)
    columns: list[ColumnElement[Any]] = [
        Fact.figure.expression, Fact.detail.expression, also.label("also"), Fact.day.expression, Fact.amount.expression,
        Fact.stream_id.expression, Fact.version.expression,
    ]  # fmt: skip
    return select(*columns).where(Fact.authority == authority, Fact.day >= within.since, Fact.day <= within.until)


def figures(authority: str, within: Between, every: Every) -> Select[Any]:
    """Each figure, told apart, for the period, its months or its weeks (named by their Mondays)."""
    found = facts(authority, within).subquery("found")
    begins: ColumnElement[date] = (
        literal(within.since, Date) if every == "period" else cast(func.date_trunc(every, found.c.day), Date)
    )
    what = [found.c.figure, begins.label("begins"), found.c.detail, found.c.also]
    query = select(*what, func.sum(found.c.amount).label("amount")).group_by(*what)
    return query.having(func.sum(found.c.amount) > 0).order_by(*what)


def behind(authority: str, within: Between, figure: str, detail: str | None, also: str | None) -> Select[Any]:
    """The facts that one figure counts, in the order of their days."""
    found = facts(authority, within).where(Fact.figure == figure, Fact.amount > 0).subquery("found")
    query = select(found)
    if detail is not None:
        query = query.where(found.c.detail == detail)
    if also is not None:
        query = query.where(found.c.also == also)
    return query.order_by(found.c.day, found.c.stream_id, found.c.version, found.c.detail)


def days_to_determine(authority: str, within: Between) -> Select[Any]:
    """Days from receipt to outcome, of the applications determined in a period."""
    received = aliased(Fact)
    days = Fact.day - received.day
    return select(
        Fact.detail.label("outcome"),
        func.count().label("applications"),
        func.min(days).label("least"),
        func.percentile_disc(0.5).within_group(days).label("median"),
        func.percentile_disc(0.9).within_group(days).label("nine_in_ten"),
        func.max(days).label("most"),
    ).join(
        received, (received.stream_id == Fact.stream_id) & (received.figure == "applications-received")
    ).where(
        Fact.authority == authority, Fact.figure == "applications-ended", Fact.day >= within.since,
        Fact.day <= within.until,
    ).group_by(Fact.detail).order_by(Fact.detail)  # fmt: skip

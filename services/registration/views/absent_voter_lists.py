"""The lists of one poll: who votes by post, who by proxy, which proxies vote by post. [RPA 2000 Sch 4 para 5; RPR 2001 r.61]

As at the deadlines: an application that came later is not on them, and what changes later takes effect after the poll. As known
at frozen positions, a list comes out as it did then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, or_, select

from services.registration.views.absent_voters import Arrangement, name_of
from services.registration.views.register_as_at import (
    Line,
    Moment,
    Positions,
    frozen_at,
    line_of,
    register_as_at,
    rows_of,
)
from shared.events.values import PersonName
from shared.law.absent_voting import AbsentVoteDeadlines, deadlines
from shared.law.polls import PollType
from shared.service.database import Connection, fetch

ListKind = Literal["postal-voters", "proxies", "proxy-postal-voters"]


@dataclass(frozen=True, slots=True)
class AbsentVoter:
    """One line of a list. Of an anonymous elector, number and period only: neither names nor addresses. `sent_to`: where
    the ballot goes, empty where that is not known here."""

    line: Line
    valid_from: date
    valid_until: date | None
    sent_to: tuple[str, ...] = ()
    proxy_name: PersonName | None = None
    proxy_address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class How:
    """How one elector votes at the poll."""

    chosen: dict[str, Any]
    proxy_by_post: dict[str, Any] | None = None

    def on(self, kind: ListKind) -> bool:
        match kind:
            case "postal-voters":
                return bool(self.chosen["kind"] == "postal-vote")
            case "proxies":
                return bool(self.chosen["kind"] == "proxy")
            case "proxy-postal-voters":
                return self.proxy_by_post is not None


async def absent_voters(
    conn: Connection,
    authority: str,
    kind: ListKind,
    poll: PollType,
    polling_day: date,
    *,
    districts: tuple[str, ...] = (),
    emergency: bool = False,
    known: Positions | None = None,
) -> list[AbsentVoter]:
    """One list of one poll, in register order; only those who may vote at it. `districts` limits it to a polling area.
    `emergency`: instead of the list of proxies, those appointed after it was final."""
    votes = await how_they_vote(conn, authority, poll, polling_day, emergency=emergency, known=known)
    wanted = [elector for elector, how in votes.items() if how.on(kind)]
    found = register_as_at(authority, Moment(polling_day, known))
    entries = found.get_final_froms()[0].c
    found = found.where(entries.elector_id == any_(literal(wanted, ARRAY(Uuid()))))
    listed = []
    async for row in rows_of(conn, found):
        line = line_of(row, polling_day)
        if line.votes_at(poll, polling_day) and (not districts or line.number.district in districts):
            listed.append(voter(line, votes[line.elector_id], kind))
    return listed


async def how_they_vote(
    conn: Connection,
    authority: str,
    poll: PollType,
    polling_day: date,
    *,
    emergency: bool = False,
    known: Positions | None = None,
) -> dict[UUID, How]:
    """Each elector's way of voting on that day. What is for that poll alone comes before what stands, the later before the
    earlier."""
    limits = deadlines(poll, polling_day)
    standing: dict[UUID, dict[str, Any]] = {}
    by_post: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for row in await fetch(conn, in_force(authority, polling_day, known)):
        if not in_time(row, limits) or (row["kind"] != "postal-proxy" and (row["term"] == "emergency") != emergency):
            continue
        if row["kind"] == "postal-proxy":
            key = row["elector_id"], row["proxy_id"]
            by_post[key] = max(by_post.get(key, row), row, key=precedence)
        else:
            standing[row["elector_id"]] = max(standing.get(row["elector_id"], row), row, key=precedence)
    return {elector: How(row, by_post.get((elector, row["proxy_id"]))) for elector, row in standing.items()}


def in_force(authority: str, day: date, known: Positions | None = None) -> Any:
    ended_later: list[Any] = [Arrangement.ended_on.is_(None), Arrangement.ended_on > day]
    granted: list[Any] = []
    if known is not None:
        frozen = frozen_at(Arrangement, known)
        granted = [Arrangement.position <= frozen]
        ended_later.append(Arrangement.to_position > frozen)
    return select(*Arrangement.__table__.columns).where(
        Arrangement.authority == authority,
        Arrangement.valid_from <= day,
        or_(Arrangement.valid_until.is_(None), Arrangement.valid_until >= day),
        or_(Arrangement.poll.is_(None), Arrangement.poll == day),
        or_(*ended_later),
        *granted,
    )


def in_time(row: dict[str, Any], limits: AbsentVoteDeadlines) -> bool:
    """Whether the application came by its deadline; of old ones, which do not say when they came, it is taken so."""
    if row["applied_at"] is None or row["term"] == "emergency":
        return True
    return (limits.proxy if row["kind"] == "proxy" else limits.postal).met_by(row["applied_at"])


def precedence(row: dict[str, Any]) -> tuple[bool, int]:
    return row["poll"] is not None, row["version"]


def voter(line: Line, how: How, kind: ListKind) -> AbsentVoter:
    row = how.proxy_by_post if kind == "proxy-postal-voters" and how.proxy_by_post else how.chosen
    period = row["valid_from"], row["valid_until"]
    if line.name is None:  # anonymous, or erased
        return AbsentVoter(line, *period)
    proxy_address = tuple(how.chosen["proxy_address"] or ())
    at_home = line.address if kind == "postal-voters" else proxy_address
    return AbsentVoter(
        line,
        *period,
        sent_to=() if kind == "proxies" else tuple(row["ballot_address"] or at_home),
        proxy_name=None if kind == "postal-voters" else name_of(how.chosen["proxy_name"]),
        proxy_address=() if kind == "postal-voters" else proxy_address,
    )

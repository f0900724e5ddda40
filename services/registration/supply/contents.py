"""What a copy of the register holds: entry by entry, from the register at frozen positions, and never more than its kind allows.

The same edition gives the same entries for ever, whatever is recorded later; only the erasure of a person takes from it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never, get_args

from sqlalchemy import and_, func, select, true

from services.registration.exchange.supply.entry import AbsentVote, Change, Entry, JurorAge, ListKind
from services.registration.exchange.supply.layouts import Document
from services.registration.supply.streets import apart
from services.registration.views.absent_voter_lists import absent_voters
from services.registration.views.places import addresses
from services.registration.views.register import Entry as Row
from services.registration.views.register import PlaceAreas
from services.registration.views.register_as_at import (
    Line,
    Moment,
    Positions,
    Section,
    alterations,
    in_force,
    line_of,
    lines,
    moments_of,
    register_as_at,
    rows_of,
)
from shared.eventcore.checkpoints import load_positions
from shared.eventcore.recording import SHARDS
from shared.events.values import PollingDistrict
from shared.law.dates import anniversary
from shared.law.polls import PollType
from shared.service.database import Connection, compiled

PART = 2000
"""Entries handed on at a time."""


@dataclass(frozen=True, slots=True)
class Edition:
    """`document` as it is in force on `on`, as known at these positions; of `areas` only, when there are any. Lists of absent
    voters are of a kind of poll on that day."""

    document: Document
    on: date
    positions: Positions
    areas: tuple[PollingDistrict, ...] = ()
    poll: PollType | None = None


async def frozen_now(conn: Connection, document: Document = "full-register") -> Positions:
    """How far the read models behind a copy have come, shard by shard: what a copy made now takes into account."""
    known = [await load_positions(conn, f"view:{view}", "registration") for view in ("register", _beside(document))]
    return tuple(min(at.get(shard, 0) for at in known) for shard in range(SHARDS))


async def behind(conn: Connection, edition: Edition) -> bool:
    """Whether what stands beside the register has not come as far as the positions of the edition yet."""
    at = await load_positions(conn, f"view:{_beside(edition.document)}", "registration")
    return any(at.get(shard, 0) < position for shard, position in enumerate(edition.positions))


def _beside(document: Document) -> str:
    """The read model that a copy is made from besides the register."""
    return "absent_voters" if document == "absent-voter-lists" else "places"


async def entries(conn: Connection, authority: str, edition: Edition) -> AsyncIterator[list[Entry]]:
    """The entries of an edition in their order, in parts. Needs a transaction."""
    if edition.document == "absent-voter-lists":
        async for part in absent(conn, authority, edition):
            yield part
        return
    waiting: list[tuple[Line, Change]] = []
    async for pair in _lines(conn, authority, edition):
        waiting.append(pair)
        if len(waiting) == PART:
            yield await _with_homes(conn, authority, edition, waiting)
            waiting = []
    if waiting:
        yield await _with_homes(conn, authority, edition, waiting)


async def _lines(conn: Connection, authority: str, edition: Edition) -> AsyncIterator[tuple[Line, Change]]:
    moment = Moment(edition.on, edition.positions)
    match edition.document:
        case "full-register" | "open-register":
            open_only = edition.document == "open-register"
            for district in edition.areas or (None,):
                async for line in lines(conn, authority, moment, district=district, open_only=open_only):
                    yield line, ""
        case "overseas-list":
            async for line in _overseas(conn, authority, edition, moment):
                yield line, ""
        case "absent-voter-lists":
            raise AssertionError("these lists have entries of their own")
        case "notices" | "open-notices":
            before, after = moments_of(edition.on, edition.positions)
            districts, open_only = tuple(map(str, edition.areas)), edition.document == "open-notices"
            async for change in alterations(conn, authority, before, after, districts, open_only=open_only):
                was, is_ = change.before, change.after
                if was is not None and is_ is not None and was.number != is_.number:
                    yield was, "removal"  # another number is another entry to whoever keeps a list by numbers
                    yield is_, "addition"
                elif is_ is not None:
                    yield is_, change.kind
                elif was is not None:
                    yield was, "removal"
        case _:
            assert_never(edition.document)


async def absent(conn: Connection, authority: str, edition: Edition) -> AsyncIterator[list[Entry]]:
    """The three lists of absent voters of a poll, one after another, each in register order. [RPR 2001 r.61]"""
    assert edition.poll is not None, "they are of a poll"
    districts = tuple(map(str, edition.areas))
    for kind in get_args(ListKind):
        found = await absent_voters(
            conn, authority, kind, edition.poll, edition.on, districts=districts, known=edition.positions
        )
        yield [
            Entry(
                number=voter.line.number,
                marking=voter.line.marking,
                name=voter.line.name,
                address=voter.line.address if voter.line.name else (),
                absent=AbsentVote(
                    kind, voter.valid_from, voter.valid_until, voter.sent_to, voter.proxy_name, voter.proxy_address
                ),
            )
            for voter in found
        ]


async def _overseas(conn: Connection, authority: str, edition: Edition, moment: Moment) -> AsyncIterator[Line]:
    """By surname, with the address that qualifies; the anonymous last, by number and last day. [RPR 2001 r.45]"""
    found = register_as_at(authority, moment).order_by(None).subquery("overseas")
    query = select(found).where(found.c.franchise["category"].astext == "overseas")
    if edition.areas:
        query = query.where(found.c.district.in_(list(map(str, edition.areas))))
    order = func.lower(found.c.name["last"].astext).collate("C"), func.lower(found.c.name["first"].astext).collate("C")
    number = found.c.district.collate("C"), found.c.number, found.c.suffix, found.c.elector_id
    async for row in rows_of(conn, query.order_by(found.c.anonymous, *order, *number)):
        yield line_of(row, edition.on)


async def _with_homes(
    conn: Connection, authority: str, edition: Edition, pairs: Sequence[tuple[Line, Change]]
) -> list[Entry]:
    overseas = edition.document == "overseas-list"
    # An anonymous line names no property; of other electors only the list of those overseas prints an address.
    homes = [line.property_id if overseas or line.section is Section.STREETS else None for line, _ in pairs]
    known = await addresses(conn, authority, list({home for home in homes if home}), edition.on, edition.positions)
    places = [known.get(home) if home else None for home in homes]
    return [
        Entry(
            number=line.number,
            marking=line.marking,
            name=line.name,
            address=place.lines() if place else (),
            home=apart(place) if place else None,
            change=change,
            juror_age=juror_age(line, edition.on),
            ends_on=line.ends_on if overseas and line.anonymous else None,
        )
        for (line, change), place in zip(pairs, places, strict=True)
    ]


def juror_age(line: Line, on: date) -> JurorAge:
    """What the officer who summons jurors is told of somebody's age; of an anonymous elector nothing. [Juries Act 1974 s.3]"""
    born = line.franchise.date_of_birth if line.franchise and line.name else None
    if born is None:
        return ""
    if on < anniversary(born, 18):
        return "under 18"
    return "76 or over" if on >= anniversary(born, 76) else ""


async def entries_by_constituency(conn: Connection, authority: str, edition: Edition) -> tuple[int, ...]:
    """How many entries each register has, one per constituency: by which fees are reckoned. [RPR 2001 r.110-111]"""
    if edition.document in ("notices", "open-notices", "absent-voter-lists"):
        found = 0
        async for part in entries(conn, authority, edition):
            found += len(part)
        return (found,)
    moment = Moment(edition.on, edition.positions)
    areas = _constituency(edition.on)
    counted = (
        select(func.count())
        .select_from(Row)
        .outerjoin(areas, true())
        .where(in_force(authority, moment), *_of_document(edition))
        .group_by(areas.c.constituency)
        .order_by(areas.c.constituency)
    )
    sql, arguments = compiled(counted)
    return tuple(row[0] for row in await conn.fetch(sql, *arguments))


def _of_document(edition: Edition) -> list[Any]:
    found: list[Any] = []
    if edition.areas:
        found.append(Row.district.in_(list(map(str, edition.areas))))
    if edition.document == "open-register":
        found.append(and_(~Row.opted_out, ~Row.anonymous))
    if edition.document == "overseas-list":
        found.append(Row.franchise["category"].astext == "overseas")
    return found


def _constituency(on: date) -> Any:
    """The constituency of an entry's property on that day; empty where nobody has said."""
    return (
        select(func.coalesce(PlaceAreas.constituency, "").label("constituency"))
        .where(PlaceAreas.property_id == Row.property_id, PlaceAreas.effective_from <= on)
        .order_by(PlaceAreas.version.desc())
        .limit(1)
        .lateral("areas")
    )

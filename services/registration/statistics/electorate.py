"""How many electors of each sort the register of a day has, by constituency part, by ward, and of the whole council.

The figures of the return that is made of the register of 1 December (RPF29), for any day. PostgreSQL groups entries whose
facts read alike; the law is asked once about each such kind, so what counts as what stands in `shared.law` alone.

Anonymous entries are in `entries`, `anonymous`, `parliamentary` and `local`, as the register prints them by number. No sort by
category and no postal vote counts them (ADR 0015).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    any_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.registration.views.absent_voters import Arrangement
from services.registration.views.register import Entry
from services.registration.views.register_as_at import (
    FACTS,
    Moment,
    areas_of,
    in_force,
    marking_of,
    register_as_at,
)
from shared.events.values import FranchiseFacts
from shared.law.dates import anniversary
from shared.law.franchise import eligible
from shared.law.polls import PollType
from shared.law.recorded import facts_of
from shared.service.database import Connection, fetch

By = Literal["part", "ward", "authority"]
Sort = Literal[
    "entries", "parliamentary", "local", "attainers", "overseas", "peers", "eu", "service", "local_connection",
    "anonymous", "postal_voters",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Entries by sort. `parliamentary` and `local` hold those who may vote, and attainers who will. [RPA 1983 s.4]

    `eu`: EU citizens with the local franchise alone (marker B). `service`: forces and Crown servants. `peers`: they sit
    in the House of Lords. `postal_voters`: with a postal vote in force on the day, for whichever polls.
    """

    entries: int = 0
    parliamentary: int = 0
    local: int = 0
    attainers: int = 0
    overseas: int = 0
    peers: int = 0
    eu: int = 0
    service: int = 0
    local_connection: int = 0
    anonymous: int = 0
    postal_voters: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


SORTS: tuple[str, ...] = tuple(f.name for f in fields(Figures))


@dataclass(frozen=True, slots=True)
class Area:
    """One line of the return. A part is a polling district within a constituency, a ward's line has no district."""

    constituency: str
    ward: str
    district: str
    figures: Figures


def sorts(facts: FranchiseFacts | None, anonymous: bool, on: date) -> frozenset[str]:
    """What one entry counts as on a day, postal votes apart. Of an erased person only that there is an entry."""
    if facts is None:
        return frozenset({"entries", "anonymous"} if anonymous else {"entries"})
    attains = marking_of(facts, anonymous, on).attains_on
    first = max(on, attains) if attains else on
    known = facts_of(facts, anonymous=anonymous)
    found = {"entries"}
    found |= {"parliamentary"} if eligible(known, PollType.PARLIAMENTARY, first) else set()
    found |= {"local"} if eligible(known, PollType.LOCAL, first) else set()
    if anonymous:
        return frozenset(found | {"anonymous"})
    if attains and attains > on:
        found.add("attainers")
    if facts.sitting_peer:
        found.add("peers")
    if marking_of(facts, False, first).before_name == "B":
        found.add("eu")
    match facts.category:
        case "overseas":
            found.add("overseas")
        case "forces" | "crown":
            found.add("service")
        case "local-connection":
            found.add("local_connection")
        case _:
            pass
    return frozenset(found)


# ---------------------------------------------------------------- statements


def of_age(on: date) -> date:
    """Whoever was born by then is of age on that day beyond doubt, whichever day a year's 29 February falls on."""
    return anniversary(on, -19)


def kind(entry: Any, on: date) -> ColumnElement[Any]:
    """The facts of an entry as one value that many share: of whoever is of age, not the day of birth. None: erased."""
    born, adult = entry.franchise["date_of_birth"].astext, of_age(on).isoformat()
    day = cast(literal(orjson.dumps(adult).decode(), Text), JSONB)
    shared = func.jsonb_set(entry.franchise, ["date_of_birth"], day, type_=JSONB)
    return case((born.collate("C") < adult, shared), else_=entry.franchise)


def votes_by_post(entry: Any, authority: str, on: date) -> ColumnElement[bool]:
    """Whether a postal vote is in force for the entry on that day, whatever poll it is for."""
    standing = select(Arrangement.elector_id).where(
        Arrangement.authority == authority,
        Arrangement.kind == "postal-vote",
        Arrangement.valid_from <= on,
        or_(Arrangement.valid_until.is_(None), Arrangement.valid_until >= on),
        or_(Arrangement.ended_on.is_(None), Arrangement.ended_on > on),
    )
    found: ColumnElement[bool] = entry.elector_id.in_(standing)
    return found


def grouped(authority: str, on: date) -> Select[Any]:
    """Entries in force on a day, counted by area, kind, and whether they vote by post."""
    at = Moment(on)
    areas = areas_of(at)
    found = (
        select(
            func.coalesce(areas.c.constituency, "").label("constituency"), func.coalesce(areas.c.ward, "").label("ward"),
            Entry.district, Entry.anonymous, kind(Entry, on).label("kind"),
            votes_by_post(Entry, authority, on).label("by_post"),
        )
        .outerjoin_from(Entry, areas, true())
        .where(in_force(authority, at))
    ).subquery("found")  # fmt: skip
    alike = [found.c.constituency, found.c.ward, found.c.district, found.c.anonymous, found.c.kind, found.c.by_post]
    return select(*alike, func.count().label("entries")).group_by(*alike)


def behind(
    authority: str, on: date, sort: str, kinds: Sequence[str], *, district: str | None, ward: str | None
) -> Select[Any]:
    """The entries behind one figure, as `register_as_at` gives them, in register order. `kinds`: from `kinds_of`."""
    query = register_as_at(authority, Moment(on), district=district)
    found = query.get_final_froms()[0].c
    if ward is not None:
        query = query.where(func.coalesce(found.ward, "") == ward)
    if sort == "entries":
        return query
    if sort == "anonymous":
        return query.where(found.anonymous)
    if sort == "postal_voters":
        return query.where(~found.anonymous, votes_by_post(found, authority, on))
    if sort not in ("parliamentary", "local"):
        query = query.where(~found.anonymous)
    alike = cast(literal(list(kinds), ARRAY(Text)), ARRAY(JSONB))
    return query.where(kind(found, on) == any_(alike))


# ------------------------------------------------------------------- answers


async def areas(conn: Connection, authority: str, on: date, by: By) -> list[Area]:
    """The return: a line for each part or ward, or one of the council, in the order of their names."""
    asked: dict[tuple[bytes, bool], frozenset[str]] = {}
    lines: dict[tuple[str, str, str], Figures] = {}
    for row in await fetch(conn, grouped(authority, on)):
        alike = (orjson.dumps(row["kind"]), row["anonymous"])
        if alike not in asked:
            asked[alike] = sorts(_facts(row["kind"]), row["anonymous"], on)
        counts = asked[alike] | ({"postal_voters"} if row["by_post"] and not row["anonymous"] else set())
        figures = replace(Figures(), **dict.fromkeys(counts, row["entries"]))
        line = _line(row, by)
        lines[line] = lines.get(line, Figures()) + figures
    return [Area(*line, figures) for line, figures in sorted(lines.items())]


async def kinds_of(conn: Connection, authority: str, on: date, sort: str) -> list[str]:
    """The kinds that count as `sort`, as JSON."""
    at = Moment(on)
    query = select(kind(Entry, on).label("kind"), Entry.anonymous).where(in_force(authority, at)).distinct()
    rows = await fetch(conn, query)
    counted = (row for row in rows if row["kind"] and sort in sorts(_facts(row["kind"]), row["anonymous"], on))
    return sorted({orjson.dumps(row["kind"]).decode() for row in counted})


def total(lines: Iterable[Area]) -> Figures:
    return sum((line.figures for line in lines), Figures())


def _facts(kept: Any) -> FranchiseFacts | None:
    return FACTS.validate_python(kept) if kept else None


def _line(row: dict[str, Any], by: By) -> tuple[str, str, str]:
    match by:
        case "part":
            return row["constituency"], "", row["district"]
        case "ward":
            return "", row["ward"], ""
        case "authority":
            return "", "", ""

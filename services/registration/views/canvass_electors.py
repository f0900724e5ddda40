"""Whom the data step of a canvass sends and counts: ordinary electors, by property.

Left out are electors with a declaration (overseas, forces, Crown, local connection) and anonymous ones, whose entries are
canvassed in no way. [RPA 1983 s.9D(6)]
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson

from shared.events.registration import CanvassId, ElectorMatch, MatchedBy
from shared.events.values import ElectorId, PropertyId

ORDINARY = (
    "NOT e.anonymous AND coalesce(e.franchise->>'category', 'ordinary') = 'ordinary'"
    " AND e.added_on <= {on} AND (e.removed_on IS NULL OR e.removed_on > {on})"
)
"""Of `electors.elector e`: registered on a day, and not left out."""

ADULT = (
    "coalesce((e.franchise->>'date_of_birth')::date <= ({on} - interval '18 years')::date,"
    " e.franchise->>'age_band' IS DISTINCT FROM 'under 18')"
)
"""Of the same: 18 or more on a day, or of an age that nobody says is less."""

_PROPERTIES = f"""
    SELECT p.property_id, p.class_code, e.elector_id, e.added_on,
           {ADULT.format(on="$3::date")} AS adult,
           coalesce(m.national, false) AS national, coalesce(m.local, false) AS local,
           EXISTS (SELECT FROM invitations.invitation i WHERE i.property_id = p.property_id AND i.closed = '') AS expected
    FROM (SELECT property_id, class_code FROM properties.property
          WHERE authority = $1 AND electoral AND NOT retired AND property_id > $4 ORDER BY property_id LIMIT $5) p
    LEFT JOIN electors.elector e ON e.property_id = p.property_id AND {ORDINARY.format(on="$3::date")}
    LEFT JOIN LATERAL (
        SELECT bool_or(matched) FILTER (WHERE source = 'national') AS national,
               bool_or(matched) FILTER (WHERE source = 'local') AS local
        FROM canvass_match WHERE canvass_id = $2 AND elector_id = e.elector_id
    ) m ON true
    ORDER BY p.property_id, e.elector_id
"""
_SENT = f"""
    SELECT e.elector_id, n.name, e.franchise->>'date_of_birth' AS date_of_birth, p.uprn, p.address
    FROM electors.elector e
    JOIN properties.property p ON p.property_id = e.property_id
    JOIN LATERAL (SELECT name FROM register.entry r WHERE r.elector_id = e.elector_id AND r.known_to IS NULL
                  AND r.name IS NOT NULL ORDER BY r.effective_from DESC LIMIT 1) n ON true
    WHERE e.authority = $1 AND {ORDINARY.format(on="$2::date")}
    ORDER BY e.elector_id
"""


@dataclass(frozen=True, slots=True)
class Home:
    """One property of the data step. `expected`: somebody there is invited to register."""

    property_id: PropertyId
    class_code: str
    electors: tuple[ElectorMatch, ...]
    adults: int
    expected: bool


async def homes(
    conn: Any, authority: str, canvass: CanvassId, on: date, recent_since: date, after: UUID, limit: int
) -> list[Home]:
    """The next `limit` electoral properties by id, with how each ordinary elector matched. Recent additions match."""
    rows = await conn.fetch(_PROPERTIES, authority, canvass, on, after, limit)
    by_property = groupby(rows, key=lambda row: row["property_id"])
    return [_home(list(found), recent_since) for _, found in by_property]


def _home(rows: list[Any], recent_since: date) -> Home:
    electors = [row for row in rows if row["elector_id"] is not None]
    matches = tuple(ElectorMatch(ElectorId(row["elector_id"]), _matched_by(row, recent_since)) for row in electors)
    first, adults = rows[0], sum(row["adult"] for row in electors)
    return Home(PropertyId(first["property_id"]), first["class_code"], matches, adults, first["expected"])


def _matched_by(row: Any, recent_since: date) -> MatchedBy:
    if row["national"]:
        return "national"
    if row["added_on"] >= recent_since:
        return "recent-addition"
    return "local" if row["local"] else ""


async def size(conn: Any, authority: str) -> int:
    """How many properties the data step goes through."""
    found: int = await conn.fetchval(
        "SELECT count(*) FROM properties.property WHERE authority = $1 AND electoral AND NOT retired", authority
    )
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """One elector as sent for the national match."""

    elector_id: UUID
    name: dict[str, str]
    date_of_birth: str
    uprn: int | None
    address: dict[str, Any]


async def electors_to_send(conn: Any, authority: str, on: date) -> AsyncIterator[Sent]:
    """All ordinary electors on a day, by id; the connection must be in a transaction."""
    async for row in conn.cursor(_SENT, authority, on, prefetch=1000):
        yield Sent(
            row["elector_id"], orjson.loads(row["name"]), row["date_of_birth"] or "", row["uprn"],
            orjson.loads(row["address"]),
        )  # fmt: skip


async def only_excluded(conn: Any, authority: str, place: UUID, on: date) -> bool:
    """Whether everybody registered at a property is left out of the canvass. Tell nobody: it is used in a decision."""
    found: bool = await conn.fetchval(
        f"SELECT count(*) > 0 AND count(*) FILTER (WHERE {ORDINARY.format(on='$3::date')}) = 0 FROM electors.elector e"
        " WHERE e.authority = $1 AND e.property_id = $2 AND (e.removed_on IS NULL OR e.removed_on > $3)",
        authority, place, on,
    )  # fmt: skip
    return found


async def residents(conn: Any, authority: str, places: list[UUID], on: date) -> dict[UUID, list[tuple[ElectorId, str]]]:
    """The ordinary electors of each property by name: what a household may be shown of itself."""
    rows = await conn.fetch(
        f"SELECT property_id, elector_id, name FROM electors.elector e WHERE authority = $1 AND property_id = ANY($2)"
        f" AND name IS NOT NULL AND {ORDINARY.format(on='$3::date')} ORDER BY property_id, name",
        authority, places, on,
    )  # fmt: skip
    found: dict[UUID, list[tuple[ElectorId, str]]] = {}
    for row in rows:
        found.setdefault(row["property_id"], []).append((ElectorId(row["elector_id"]), row["name"]))
    return found

"""What is due to be destroyed, and its destruction: each person's key, so that every copy reads as erased (ADR 0003).

Nobody's key is destroyed while they are on the register, have applied, vote as somebody's proxy, or are held by a legal hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from shared.events.registration import CanvassPropertyId, household_id
from shared.law.retention import Class, ended_by
from shared.service.database import Connection

_DUE: Final[dict[Class, str]] = {
    Class.INVITATIONS: (
        "SELECT potential_elector_id AS record, person_id AS person, closed_on AS since"
        " FROM invitations.invitation WHERE closed NOT IN ('', 'applied', 'registered') AND closed_on <= $1"
    ),
    Class.UNSUCCESSFUL_APPLICATIONS: (
        "SELECT application_id AS record, person_id AS person, determined_on AS since"
        " FROM applications.application WHERE outcome IN ('rejected', 'withdrawn', 'forwarded') AND determined_on <= $1"
        " AND NOT EXISTS (SELECT FROM hearings.appeal h WHERE h.case_id = application_id AND h.ended_on IS NULL)"
    ),
    Class.PROXIES: (
        "SELECT elector_id AS record, proxy_id AS person, max(ended_on) AS since"
        " FROM absent_voters.arrangement WHERE proxy_id IS NOT NULL GROUP BY elector_id, proxy_id"
        " HAVING bool_and(NOT stands) AND max(ended_on) <= $1"
    ),
    Class.REQUESTS_FOR_COPIES: (
        "SELECT supply_id AS record, person_id AS person, requested_on AS since"
        " FROM supplies.supply WHERE requested_on <= $1 AND standing IS NULL"
        " AND NOT (later_notices AND stopped_on IS NULL)"
    ),
    Class.VOTER_CARDS: (
        "SELECT card_id AS record, holder_id AS person, destroyed_on AS since FROM voter_cards.card WHERE destroyed_on <= $1"
    ),
}  # fmt: skip

_SPARED: Final = (
    " AND NOT EXISTS (SELECT FROM electors.elector e WHERE e.person_id = d.person)"
    " AND NOT EXISTS (SELECT FROM applications.application a WHERE a.person_id = d.person AND"
    " (a.outcome NOT IN ('rejected', 'withdrawn', 'forwarded') OR a.determined_on > $1))"
    " AND NOT EXISTS (SELECT FROM absent_voters.arrangement v WHERE v.proxy_id = d.person AND v.stands)"
    " AND NOT EXISTS (SELECT FROM invitations.invitation i WHERE i.person_id = d.person"
    " AND (i.closed = '' OR i.closed_on > $1))"
)
"""Whose other record is still needed."""


@dataclass(frozen=True, slots=True)
class Due:
    """One record whose time is over. `subject`: whose key is destroyed; `held`: a legal hold keeps it."""

    record: UUID
    subject: UUID
    since: date
    held: bool


async def due(
    conn: Connection, authority: str, kept: Class, today: date, limit: int, among: Sequence[UUID] | None = None
) -> list[Due]:
    """Records of a class whose time is over and whose key still exists, the oldest first; those held come last. `among`: only of
    these subjects."""
    if kept is Class.CANVASS_REPLIES:
        return await _households(conn, authority, today, limit, among)
    rows = await conn.fetch(
        f"SELECT min(d.record::text)::uuid AS record, k.subject_id AS subject, max(d.since) AS since, k.held_at IS NOT NULL AS held"
        f" FROM ({_DUE[kept]}) d JOIN subject_key k ON k.subject_id = d.person AND k.authority = $2 AND k.erased_at IS NULL"
        f" WHERE ($4::uuid[] IS NULL OR k.subject_id = ANY($4)){_SPARED} GROUP BY k.subject_id, k.held_at ORDER BY 4, 3, 2 LIMIT $3",
        ended_by(kept, today), authority, limit, among,
    )  # fmt: skip
    return [Due(**row) for row in rows]


async def _households(
    conn: Connection, authority: str, today: date, limit: int, among: Sequence[UUID] | None
) -> list[Due]:
    """Replies are sealed under a key of the household's own, which is named after the property in that year's canvass."""
    rows = await conn.fetch(
        "SELECT DISTINCT r.canvass_property_id AS record, y.closed_on AS since FROM canvass.response r"
        " JOIN canvass.year y ON y.canvass_id = r.canvass_id WHERE y.closed_on <= $1",
        ended_by(Class.CANVASS_REPLIES, today),
    )  # fmt: skip
    of = {household_id(CanvassPropertyId(row["record"])): row for row in rows}
    keys = await conn.fetch(
        "SELECT subject_id, held_at IS NOT NULL AS held FROM subject_key"
        " WHERE subject_id = ANY($1) AND authority = $2 AND erased_at IS NULL ORDER BY 2, 1 LIMIT $3",
        list(of if among is None else of.keys() & set(among)), authority, limit,
    )  # fmt: skip
    return [Due(of[k["subject_id"]]["record"], k["subject_id"], of[k["subject_id"]]["since"], k["held"]) for k in keys]


async def erasable(conn: Connection, authority: str, today: date, among: Sequence[UUID]) -> list[Due]:
    """Those of `among` whose key exists and who are on the register no more."""
    rows = await conn.fetch(
        "SELECT subject_id, held_at IS NOT NULL AS held FROM subject_key k WHERE subject_id = ANY($1) AND authority = $2"
        " AND erased_at IS NULL AND NOT EXISTS (SELECT FROM electors.elector e WHERE e.person_id = k.subject_id"
        " AND (e.removed_on IS NULL OR e.removed_on > $3)) ORDER BY 1",
        list(among), authority, today,
    )  # fmt: skip
    return [Due(row["subject_id"], row["subject_id"], today, row["held"]) for row in rows]


async def erased(conn: Connection, authority: str, among: Sequence[UUID]) -> set[UUID]:
    """Those of `among` whose key is destroyed."""
    rows = await conn.fetch(
        "SELECT subject_id FROM subject_key WHERE subject_id = ANY($1) AND authority = $2 AND erased_at IS NOT NULL",
        list(among), authority,
    )  # fmt: skip
    return {row["subject_id"] for row in rows}

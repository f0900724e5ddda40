"""Routes of officers' own entries: what one says of oneself, and who read their own, their household's or a namesake's record."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.own_entries.decider import DeclareOwnEntries, own_entries
from shared.eventcore.clock import LONDON
from shared.eventcore.recording import Receipt
from shared.events.registration import own_entries_id
from shared.events.values import Authority, ElectorId
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.browsing import READERS, Alert, Days
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Today

router = APIRouter(tags=["audit"])
STAFF = requires(
    "registration-officer",
    "ero-deputy",
    "apprentice",
    "postal-team",
    "elections-officer",
    "ro-deputy",
    "correspondence",
)

ANONYMOUS_A_DAY: Final = 2
"""Different anonymous entries that one officer opens in a day before an auditor looks."""
SAYS: Final = {
    "own-record": "opened their own record",
    "own-household": "opened the record of somebody at their own address",
    "namesake": "opened the record of somebody with their own surname",
    "anonymous-entries": "opened several entries of anonymous electors",
}

_READ: Final = """
WITH opened AS (
    SELECT l.id, l.actor, e.elector_id, e.property_id, lower(e.surname) AS surname, e.anonymous,
           date_trunc('day', l.at AT TIME ZONE 'Europe/London') AS began
    FROM read_log l JOIN register.entry e
        ON e.elector_id = CASE WHEN l.record ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.record::uuid END
    WHERE l.at >= $1 AND l.at < $2 AND e.known_to IS NULL AND e.authority = l.authority
), own AS (
    SELECT o.officer, e.elector_id, e.property_id, lower(e.surname) AS surname
    FROM own_entries.own_entry o CROSS JOIN jsonb_array_elements_text(o.elector_ids) AS said(id)
    JOIN register.entry e ON e.elector_id = said.id::uuid AND e.known_to IS NULL AND e.authority = o.authority
)
"""
_AROUND_THEMSELVES: Final = f"""{_READ}
SELECT (ARRAY['own-record', 'own-household', 'namesake'])[min(nearness)] AS rule, actor, elector_id::text AS record, began,
       count(DISTINCT id) AS reads
FROM (
    SELECT opened.*, CASE WHEN opened.elector_id = own.elector_id THEN 1 WHEN opened.property_id = own.property_id THEN 2
                          ELSE 3 END AS nearness
    FROM opened JOIN own ON own.officer = opened.actor
        AND (opened.elector_id = own.elector_id OR opened.property_id = own.property_id OR opened.surname = own.surname)
) found GROUP BY actor, elector_id, began ORDER BY began DESC, 1, 2, 3
"""
_ANONYMOUS: Final = f"""{_READ}
SELECT 'anonymous-entries' AS rule, actor, '' AS record, began, count(DISTINCT elector_id) AS reads
FROM opened WHERE anonymous GROUP BY 2, 4 HAVING count(DISTINCT elector_id) > $3 ORDER BY 4 DESC, 2
"""


class OwnEntries(BaseModel):
    """The officer's own entries in this register; empty when they are not registered here."""

    elector_ids: Annotated[list[UUID], Field(max_length=5)]


@router.put("/own-entries", dependencies=[STAFF])
async def declare(body: OwnEntries, execute: Execute, officer: Officer, authority: ActingFor, today: Today) -> Receipt:
    """Say which entries are your own, so that reads around them can be explained and not suspected."""
    command = DeclareOwnEntries(officer.id, tuple(ElectorId(each) for each in dict.fromkeys(body.elector_ids)), today)
    return await execute(own_entries, own_entries_id(Authority(authority), officer.id), command, by=officer)


@router.get("/reads/alerts/entries", dependencies=[READERS, caught_up("register", "own_entries")])
async def alerts(conn: Reading, days: Days) -> list[Alert]:
    """Who opened their own record, one of their household or of a namesake, or several anonymous entries, newest first.
    `record` is the entry; its name is not told."""
    rows: list[Any] = await conn.fetch(_AROUND_THEMSELVES, days.begins, days.ends)
    rows += await conn.fetch(_ANONYMOUS, days.begins, days.ends, ANONYMOUS_A_DAY)
    return [
        Alert.of(
            row["rule"], says=SAYS[row["rule"]], actor=row["actor"], record=row["record"], window="day", usual=None,
            began=row["began"].replace(tzinfo=LONDON), reads=row["reads"],
            most=ANONYMOUS_A_DAY if row["rule"] == "anonymous-entries" else None,
        )
        for row in rows
    ]  # fmt: skip

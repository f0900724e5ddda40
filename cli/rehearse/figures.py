"""The figures of a rehearsed year, counted in the read models: counts and days, nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import asyncpg

from services.registration.demonstration.year import Year
from shared.events.registration import canvass_id
from shared.events.values import Authority

Series = list[tuple[date, int]]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Notice:
    kind: str
    on: date
    additions: int
    removals: int
    amendments: int
    electors: int


@dataclass(frozen=True)
class Figures:
    """Series by week or by day. `replies`: answered households so far, of `contacted` on route 2."""

    electors: int
    applications: Series
    busiest: int
    usual: int
    """Applications on the busiest day, and on the one in the middle of all days that had some."""
    register: Series
    notices: list[Notice]
    contacted: int
    replies: Series
    postal: dict[str, int]
    outcomes: dict[str, int]


async def figures_of(pool: asyncpg.Pool[Any], authority: str, year: Year) -> Figures:
    """Counted when the year is over."""
    by_day: Series = [
        (row["received_on"], row["count"])
        for row in await pool.fetch(
            "SELECT received_on, count(*) FROM applications.application WHERE authority = $1 AND received_on > $2"
            " GROUP BY 1 ORDER BY 1",
            authority,
            year.first,
        )
    ]
    outcomes = {
        row["outcome"] or "open": row["count"]
        for row in await pool.fetch(
            "SELECT outcome, count(*) FROM applications.application WHERE authority = $1 GROUP BY 1 ORDER BY 2 DESC",
            authority,
        )
    }
    weeks = [year.first + n * WEEK for n in range((year.last - year.first).days // 7 + 1)]
    register = [
        (row["on"], row["electors"])
        for row in await pool.fetch(
            "SELECT d.day AS on, (SELECT count(*) FROM register.entry e WHERE e.authority = $1 AND e.known_to IS NULL"
            " AND e.effective_from <= d.day AND (e.effective_to IS NULL OR e.effective_to > d.day)) AS electors"
            " FROM unnest($2::date[]) AS d(day) ORDER BY 1",
            authority,
            [*weeks, year.last],
        )
    ]
    notices = [
        Notice(row["kind"], row["published_on"], row["additions"], row["removals"], row["amendments"], row["electors"])
        for row in await pool.fetch(
            "SELECT * FROM notices.published WHERE authority = $1 ORDER BY published_on", authority
        )
    ]
    canvass = canvass_id(Authority(authority), year.last.year)
    contacted = await pool.fetchval(
        "SELECT count(DISTINCT canvass_property_id) FROM canvass.contact WHERE canvass_id = $1 AND contact <> 'cca'",
        canvass,
    )
    replies = running(
        (row["received_on"], row["count"])
        for row in await pool.fetch(
            "SELECT received_on, count(DISTINCT canvass_property_id) FROM canvass.response WHERE canvass_id = $1"
            " GROUP BY 1 ORDER BY 1",
            canvass,
        )
    )
    postal = {
        row["what"]: row["count"]
        for row in await pool.fetch(
            "SELECT split_part(type, '.', 3) AS what, count(*) FROM event WHERE type LIKE '%.registration.postal-vote%'"
            " OR type LIKE '%.registration.renewal-%' GROUP BY 1 ORDER BY 2 DESC"
        )
    }
    counts = sorted(count for _, count in by_day)
    return Figures(
        electors=register[-1][1],
        applications=by_week(by_day, weeks),
        busiest=counts[-1] if counts else 0,
        usual=counts[len(counts) // 2] if counts else 0,
        register=register,
        notices=notices,
        contacted=contacted,
        replies=replies,
        postal=postal,
        outcomes=outcomes,
    )


def by_week(days: Series, weeks: list[date]) -> Series:
    return [(week, sum(count for on, count in days if week <= on < week + WEEK)) for week in weeks]


def running(days: Any) -> Series:
    reached, found = 0, list[tuple[date, int]]()
    for on, count in days:
        reached += count
        found.append((on, reached))
    return found

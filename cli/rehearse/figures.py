"""The figures of a rehearsed year, counted in the read models: counts and days, nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import asyncpg

from services.registration.demonstration.year import Year
from shared.events.registration import canvass_id
from shared.events.values import Authority
from shared.law.absent_voting import deadlines

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
class Renewed:
    """Of one campaign: `asked` in all, of whom so many were reminded, answered, or lapsed."""

    need: str
    asked: int
    reminded: int
    answered: int
    lapsed: int


@dataclass(frozen=True)
class AtThePoll:
    """Arrangements in force on polling day, by kind; `too_late`: of them applied for after their deadline (none may be);
    `refused`: applications."""

    in_force: dict[str, int]
    too_late: int
    refused: int


@dataclass(frozen=True)
class Figures:
    """Series by week or by day. `replies`: answered households so far, of `contacted` on route 2. `by_post`, `by_proxy`: electors
    whose standing arrangements are in force. `calls`: at doors, by outcome. `events`: counts of what is told in one line."""

    electors: int
    applications: Series
    busiest: int
    usual: int
    """Applications on the busiest day, and on the one in the middle of all days that had some."""
    register: Series
    notices: list[Notice]
    contacted: int
    replies: Series
    outcomes: dict[str, int]
    by_post: Series
    by_proxy: Series
    renewals: list[Renewed]
    poll: AtThePoll
    rounds: int
    calls: dict[str, int]
    anonymous: int
    corrected: int


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
        outcomes=outcomes,
        by_post=await _in_force(pool, authority, [*weeks, year.last], "postal-vote"),
        by_proxy=await _in_force(pool, authority, [*weeks, year.last], "proxy"),
        renewals=await _renewals(pool, authority),
        poll=await _at_the_poll(pool, authority, year),
        rounds=await pool.fetchval("SELECT count(*) FROM canvass_rounds.round WHERE authority = $1", authority),
        calls={
            row["outcome"]: row["count"]
            for row in await pool.fetch(
                "SELECT outcome, count(*) FROM canvass_rounds.call GROUP BY 1 ORDER BY 2 DESC, 1"
            )
        },
        anonymous=await pool.fetchval(
            "SELECT count(*) FROM register.entry WHERE authority = $1 AND anonymous AND known_to IS NULL"
            " AND effective_from <= $2 AND (effective_to IS NULL OR effective_to > $2)",
            authority,
            year.last,
        ),
        corrected=await pool.fetchval("SELECT count(*) FROM event WHERE type LIKE '%.clerical-error-corrected.v1'"),
    )


async def _in_force(pool: asyncpg.Pool[Any], authority: str, days: list[date], kind: str) -> Series:
    """Arrangements for longer than one poll; one that ended held until that day."""
    rows = await pool.fetch(
        "SELECT d.day, (SELECT count(*) FROM absent_voters.arrangement a WHERE a.authority = $1 AND a.kind = $3"
        " AND a.poll IS NULL AND a.valid_from <= d.day AND (a.valid_until IS NULL OR a.valid_until >= d.day)"
        " AND (a.ended_on IS NULL OR a.ended_on > d.day)) AS count FROM unnest($2::date[]) AS d(day) ORDER BY 1",
        authority,
        days,
        kind,
    )
    return [(row["day"], row["count"]) for row in rows]


async def _renewals(pool: asyncpg.Pool[Any], authority: str) -> list[Renewed]:
    rows = await pool.fetch(
        "SELECT need, count(*) AS asked, count(reminded_on) AS reminded, count(*) FILTER (WHERE state = 'answered') AS answered,"
        " count(*) FILTER (WHERE state = 'lapsed') AS lapsed FROM absent_voters.renewal WHERE authority = $1"
        " GROUP BY 1 ORDER BY 1",
        authority,
    )
    return [Renewed(*row) for row in rows]


async def _at_the_poll(pool: asyncpg.Pool[Any], authority: str, year: Year) -> AtThePoll:
    limits = deadlines(year.poll.poll_type, year.polling_day)
    rows = await pool.fetch(
        "SELECT kind, term, count(*), count(*) FILTER (WHERE applied_at > CASE WHEN term = 'emergency' THEN $5::timestamptz"
        " WHEN kind = 'postal-vote' THEN $3::timestamptz ELSE $4::timestamptz END) AS late FROM absent_voters.arrangement"
        " WHERE authority = $1 AND valid_from <= $2 AND (valid_until IS NULL OR valid_until >= $2)"
        " AND (ended_on IS NULL OR ended_on > $2) AND (poll IS NULL OR poll = $2) GROUP BY 1, 2 ORDER BY 1, 2",
        authority,
        year.polling_day,
        limits.postal.at,
        limits.proxy.at,
        limits.emergency_proxy.at,
    )
    refused = await pool.fetchval(
        "SELECT count(*) FROM event WHERE type LIKE '%.postal-vote-refused.v1' OR type LIKE '%.proxy-refused.v1'"
    )
    in_force = {f"{row['kind']}, {row['term']}": row["count"] for row in rows}
    return AtThePoll(in_force, sum(row["late"] for row in rows), refused)


def by_week(days: Series, weeks: list[date]) -> Series:
    return [(week, sum(count for on, count in days if week <= on < week + WEEK)) for week in weeks]


def running(days: Any) -> Series:
    reached, found = 0, list[tuple[date, int]]()
    for on, count in days:
        reached += count
        found.append((on, reached))
    return found

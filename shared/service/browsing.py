"""Unusual browsing: who read more than their work explains, found in the read audit. An auditor asks; nobody is told a name.

`WATCHES` is the whole table of rules. Each counts what an officer read in one hour or day of London time, and is broken by more than
`most`, or by more than `times_usual` times that officer's own usual (the mean of their hours or days with reads in the four
weeks before), once that is more than `worth_a_look`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from shared.eventcore.clock import LONDON
from shared.service.auth import requires
from shared.service.database import Connection, Reading
from shared.service.now import Today
from shared.service.problems import invalid

READERS = requires("auditor", "dpo")
USUAL_DAYS: Final = 28
"""Before a day, that an officer's usual is taken from."""
ENOUGH: Final = 5
"""Hours or days with reads that make a usual."""
LONGEST_DAYS: Final = 31


@dataclass(frozen=True, slots=True)
class Watch:
    """One rule. `counts`: different records, reads of whatever kind, or reads of each single record; `kinds`: of these only, all
    when empty."""

    name: str
    says: str
    window: Literal["hour", "day"]
    counts: Literal["records", "reads", "each-record"]
    most: int
    worth_a_look: int
    times_usual: float
    kinds: tuple[str, ...] = ()


SEARCHES: Final = ("search", "register", "electors for match", "absent voters", "members")
FILES: Final = (
    "register export", "register print", "supply file", "notice", "absent voter list", "canvass letters", "bank file",
    "payroll file", "subject-access",
)  # fmt: skip
WATCHES: Final = (
    Watch("many-records-in-an-hour", "opened more records in an hour than a case takes", "hour", "records", 150, 40, 4),
    Watch("many-records-in-a-day", "opened more records in a day than their work takes", "day", "records", 600, 120, 3),
    Watch(
        "one-search-after-another", "searched, or turned pages, one after another", "hour", "reads", 200, 60, 4, SEARCHES
    ),
    Watch("many-files-in-a-day", "took out more files in a day than is usual", "day", "reads", 25, 6, 4, FILES),
    Watch("one-record-again-and-again", "opened one record again and again", "day", "each-record", 40, 20, 8),
)  # fmt: skip

_FOUND: Final = """
WITH counted AS (
    SELECT actor, {record} AS record, date_trunc($1, at AT TIME ZONE 'Europe/London') AS began,
           count({counted}) AS reads
    FROM read_log
    WHERE at >= $2 AND at < $4 AND (cardinality($5::text[]) = 0 OR kind = ANY ($5)) {only}
    GROUP BY 1, 2, 3
)
SELECT now.actor, now.record, now.began, now.reads, round(avg(usual.reads), 1)::float8 AS usual
FROM counted now
LEFT JOIN counted usual ON usual.actor = now.actor AND usual.record = now.record
    AND usual.began >= now.began - $9::interval AND usual.began < now.began
WHERE now.began >= $3
GROUP BY 1, 2, 3, 4
HAVING now.reads > $6
    OR (now.reads > $7 AND count(usual.reads) >= $10 AND now.reads > $8::float8 * avg(usual.reads)::float8)
ORDER BY 3 DESC, 1, 2
"""


class Alert(BaseModel):
    """Somebody (`actor`) read unusually much, or what they should not. `id` is the same whenever it is asked for; `reads` stand
    in `/reads?actor=…`. `usual`: of this officer in an hour or day like it, absent where there is none yet."""

    id: UUID
    rule: str
    says: str
    actor: str
    record: str
    began: datetime
    window: Literal["hour", "day"]
    reads: int
    usual: float | None
    most: int | None

    @classmethod
    def of(cls, rule: str, **facts: Any) -> Alert:
        name = f"{rule}:{facts['actor']}:{facts['record']}:{facts['began'].isoformat()}"
        return cls(id=uuid5(NAMESPACE_URL, f"moothall:browsing:{name}"), rule=rule, **facts)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of London, both included."""

    since: date
    until: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.since, time(), LONDON)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.until + timedelta(days=1), time(), LONDON)


async def span(
    today: Today,
    since: Annotated[date | None, Query(le=date(2999, 12, 31), description="first day; a week ago by default")] = None,
    until: Annotated[date | None, Query(le=date(2999, 12, 31), description="last day; today by default")] = None,
) -> Span:
    last = until or today
    first = since or last - timedelta(days=6)
    if not timedelta() <= last - first < timedelta(days=LONGEST_DAYS):
        raise invalid("since", "range", f"Ask for 1 to {LONGEST_DAYS} days, the first before the last.")
    return Span(first, last)


async def found_by(conn: Connection, watch: Watch, days: Span) -> list[Alert]:
    """What breaks one rule in those days. Row-level security shows the reads of one council."""
    query = _FOUND.format(
        record="record" if watch.counts == "each-record" else "''",
        counted="DISTINCT record" if watch.counts == "records" else "*",
        only="" if watch.counts == "reads" else "AND record <> ''",
    )
    rows = await conn.fetch(
        query, watch.window, days.begins - timedelta(days=USUAL_DAYS), days.begins.replace(tzinfo=None), days.ends,
        list(watch.kinds), watch.most, watch.worth_a_look, watch.times_usual, timedelta(days=USUAL_DAYS), ENOUGH,
    )  # fmt: skip
    return [
        Alert.of(
            watch.name, says=watch.says, actor=row["actor"], record=row["record"], window=watch.window, reads=row["reads"],
            began=row["began"].replace(tzinfo=LONDON), usual=row["usual"], most=watch.most,
        )
        for row in rows
    ]  # fmt: skip


async def unusual(conn: Connection, days: Span, watches: Sequence[Watch] = WATCHES) -> list[Alert]:
    """What breaks any rule, newest first."""
    found = [alert for watch in watches for alert in await found_by(conn, watch, days)]
    return sorted(found, key=lambda alert: (-alert.began.timestamp(), alert.rule, alert.actor, alert.record))


Days = Annotated[Span, Depends(span)]
router = APIRouter(tags=["audit"])


@router.get("/reads/alerts", dependencies=[READERS])
async def alerts(conn: Reading, days: Days) -> list[Alert]:
    """Who read unusually much in some days, newest first. An alert accuses nobody: ask what the work was."""
    return await unusual(conn, days)

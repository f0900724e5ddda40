"""How each import went: one row per run, kept while it goes on, for whoever asks; and the lock that lets one run at a time.

A gazetteer run has the identity of its file, so sending a file again finds its first run. The lock belongs to the
database session of the process that carries the run out: it ends with that process, however it ends, and a run that is
marked as running while nobody holds the lock was interrupted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import orjson
from pydantic import BaseModel

from services.registration.exchange.gazetteer.refusals import RowRefused
from shared.eventcore.checkpoints import Conn
from shared.eventcore.locks import locking
from shared.eventcore.store import act_for
from shared.law.rules import Refused, Rule

UNDER_WAY = Rule(
    "import-under-way",
    "Another import of this council is under way.",
    "Two imports at once would each undo what the other is doing.",
    "Wait until it is done, then send this file again.",
)
KEPT_REFUSALS = 10_000
"""Rows kept with their reason; beyond that they are counted by rule."""
_LOCK = 0x494D
"""First key of the two-key advisory locks that mean "an import of this council is under way"."""

State = Literal["running", "applied", "done", "refused", "failed", "interrupted", "undone"]
Kind = Literal["gazetteer", "gazetteer-preview", "gazetteer-undo", "allocation", "canvass-routes", "canvass-contacts"]
ENDED: tuple[State, ...] = ("done", "refused", "failed", "interrupted", "undone")


class Refusal(BaseModel):
    """One row that was refused. `value` is a code, number or date; of free text only the length."""

    volume: int
    line: int
    record: int | None
    field: str
    value: str
    rule: str
    reason: str
    first_line: int | None


class RunReport(BaseModel):
    """A run as it stands. `done` of `total` counts bytes while `phase` is `reading`, properties while `recording`."""

    id: UUID
    kind: Kind
    state: State
    phase: Literal["reading", "recording"]
    done: int
    total: int
    file_sha256: str
    supply: dict[str, Any] | None
    counts: dict[str, int]
    """Properties by outcome: added, changed, retired, reinstated, unchanged; allocated, on_border, unallocated. Those that
    others took the place of besides: replaced, split, merged. Of an undo: taken_back, changed_since."""
    refused: dict[str, int]
    """Rows by rule."""
    problem: dict[str, Any] | None
    """Why the file was refused, or what stopped the run."""
    started_at: datetime
    ended_at: datetime | None
    refusals: list[Refusal] = []
    """The first of the refused rows."""


@dataclass
class Run:
    """A run that this process carries out. Its numbers are changed from wherever the work is done; `Runs` keeps them."""

    id: UUID
    authority: str
    kind: Kind
    asked_by: str
    file_sha256: str = ""
    state: State = "running"
    phase: Literal["reading", "recording"] = "reading"
    done: int = 0
    total: int = 0
    supply: dict[str, Any] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    problem: dict[str, Any] | None = None
    kept: int = 0
    """Refusals written so far."""


class Runs:
    """The runs of all councils in one database."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool

    @asynccontextmanager
    async def _acting(self, authority: str) -> AsyncIterator[Conn]:
        async with self._pool.acquire() as conn, conn.transaction():
            await act_for(conn, authority)
            yield conn

    async def begin(self, run: Run, now: datetime) -> None:
        """Start it, afresh or where only `GazetteerLoaded` is missing (`applied`). The caller holds the lock: what else
        seems to run was interrupted."""
        async with self._acting(run.authority) as conn:
            row = await conn.fetchrow(
                "SELECT * FROM import_run WHERE authority = $1 AND id = $2", run.authority, run.id
            )
            if row is not None and row["state"] == "applied":
                report = _report(row, (), held=True)
                run.state, run.phase, run.done, run.total = report.state, report.phase, report.done, report.total
                run.supply, run.counts, run.refused = report.supply, Counter(report.counts), Counter(report.refused)
                return
            await conn.execute(
                "UPDATE import_run SET state = 'interrupted', ended_at = $2 WHERE authority = $1 AND state = 'running'",
                run.authority, now,
            )  # fmt: skip
            await conn.execute("DELETE FROM import_run WHERE authority = $1 AND id = $2", run.authority, run.id)
            await conn.execute(
                "INSERT INTO import_run (id, authority, kind, state, phase, asked_by, file_sha256, started_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                run.id, run.authority, run.kind, run.state, run.phase, run.asked_by, run.file_sha256, now,
            )  # fmt: skip

    async def progress(self, run: Run) -> None:
        async with self._acting(run.authority) as conn:
            await conn.execute(
                "UPDATE import_run SET phase = $3, done = $4, total = $5 WHERE authority = $1 AND id = $2",
                run.authority, run.id, run.phase, run.done, run.total,
            )  # fmt: skip

    async def end(self, run: Run, ended_at: datetime) -> None:
        async with self._acting(run.authority) as conn:
            await write(conn, run, ended_at)

    async def refuse(self, run: Run, rows: Sequence[RowRefused]) -> None:
        """Keep refused rows with their reasons, the first `KEPT_REFUSALS` of a run."""
        fitting = rows[: KEPT_REFUSALS - run.kept]
        if not fitting:
            return
        async with self._acting(run.authority) as conn:
            await conn.executemany(
                "INSERT INTO import_refusal VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                [
                    (run.id, run.kept + n, run.authority, r.volume, r.line, r.record, r.field, r.value, r.rule.name,
                     r.rule.because, r.first_line)
                    for n, r in enumerate(fitting)
                ],
            )  # fmt: skip
        run.kept += len(fitting)

    async def find(self, authority: str, id: UUID, refusals: int = 0) -> RunReport | None:
        """The run with its first refusals; another council's is not found."""
        async with self._acting(authority) as conn:
            row = await conn.fetchrow("SELECT * FROM import_run WHERE authority = $1 AND id = $2", authority, id)
            if row is None:
                return None
            first = await _refusals(conn, id, limit=refusals)
            held = await conn.fetchval(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                " AND classid = $1::int::oid AND objid = hashtext($2)::oid)",
                _LOCK, authority,
            )  # fmt: skip
        return _report(row, first, held)

    async def latest(self, authority: str, limit: int) -> list[UUID]:
        async with self._acting(authority) as conn:
            rows = await conn.fetch(
                "SELECT id FROM import_run WHERE authority = $1 ORDER BY started_at DESC LIMIT $2", authority, limit
            )
        return [row["id"] for row in rows]

    async def taken_back(self, authority: str, file_sha256: str) -> int:
        """How often this file was loaded and taken back."""
        async with self._acting(authority) as conn:
            found: int = await conn.fetchval(
                "SELECT count(*) FROM import_run WHERE authority = $1 AND file_sha256 = $2 AND kind = 'gazetteer'"
                " AND state = 'undone'",
                authority, file_sha256,
            )  # fmt: skip
        return found

    async def later(self, authority: str, than: datetime, *kinds: Kind) -> bool:
        """Whether a run of these kinds that stands, or goes on, began after this moment."""
        async with self._acting(authority) as conn:
            found: bool = await conn.fetchval(
                "SELECT EXISTS (SELECT FROM import_run WHERE authority = $1 AND started_at > $2 AND kind = ANY($3)"
                " AND state IN ('running', 'applied', 'done'))",
                authority, than, list(kinds),
            )  # fmt: skip
        return found

    async def refusals(self, authority: str, id: UUID) -> AsyncIterator[Refusal]:
        """All kept refusals, in the order they were found."""
        async with self._acting(authority) as conn:
            rows = await _refusals(conn, id, limit=KEPT_REFUSALS)
        for row in rows:
            yield row


async def write(conn: Conn, run: Run, ended_at: datetime | None = None) -> None:
    """Keep where the run stands, in the caller's transaction."""
    await conn.execute(
        "UPDATE import_run SET state = $3, phase = $4, done = $5, total = $6, supply = $7, counts = $8, refused = $9,"
        " problem = $10, ended_at = $11 WHERE authority = $1 AND id = $2",
        run.authority, run.id, run.state, run.phase, run.done, run.total, _json(run.supply), _json(dict(run.counts)),
        _json(dict(run.refused)), _json(run.problem), ended_at,
    )  # fmt: skip


@asynccontextmanager
async def alone(pool: asyncpg.Pool[Any], authority: str) -> AsyncIterator[Conn]:
    """A connection that holds the council's lock. Raises `Refused`: `import-under-way`."""
    async with locking(pool) as conn:
        if not await conn.fetchval("SELECT pg_try_advisory_lock($1, hashtext($2))", _LOCK, authority):
            raise Refused(UNDER_WAY)
        yield conn


async def _refusals(conn: Conn, id: UUID, limit: int) -> list[Refusal]:
    rows = await conn.fetch(
        "SELECT volume, line, record, field, value, rule, reason, first_line FROM import_refusal WHERE run_id = $1"
        " ORDER BY ordinal LIMIT $2",
        id, limit,
    )  # fmt: skip
    return [Refusal(**row) for row in rows]


def _report(row: asyncpg.Record, refusals: Iterable[Refusal], held: bool) -> RunReport:
    values = dict(row)
    for name in ("supply", "counts", "refused", "problem"):
        values[name] = orjson.loads(values[name]) if values[name] is not None else None
    if values["state"] in ("running", "applied") and not held:
        values["state"] = "interrupted"
    return RunReport(**values, refusals=list(refusals))


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()

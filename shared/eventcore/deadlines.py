"""Deadlines: commands that fall due. Written by policies with their position, carried out once, by the injected clock."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from pydantic import TypeAdapter

from shared.eventcore.applying import TRANSIENT, describe, is_transient
from shared.eventcore.checkpoints import Conn
from shared.eventcore.clock import Clock, wall_clock
from shared.eventcore.deciding import Decider, Refused
from shared.eventcore.errors import VersionConflict
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata

log = structlog.get_logger()
BATCH = 100
LOOK_SECONDS = 0.5
PUT_OFF = timedelta(minutes=5)
"""Before a deadline that could not be carried out is tried again."""

_DUE = """
    SELECT * FROM deadline WHERE settled_at IS NULL AND due_at <= $1 AND id <> ALL($2::text[])
    ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
"""
_SETTLE = """
    UPDATE deadline d SET settled_at = $1, outcome = u.outcome FROM unnest($2::text[], $3::text[]) AS u(id, outcome) WHERE d.id = u.id
"""


class Deadlines:
    """The `deadline` table. `commands` are the command classes that may fall due, by class name; they hold no personal data."""

    def __init__(self, commands: Iterable[tuple[Decider[Any, Any, Any], type]] = ()) -> None:
        self._known: dict[str, tuple[Decider[Any, Any, Any], type, TypeAdapter[Any]]] = {
            command.__name__: (decider, command, TypeAdapter(command)) for decider, command in commands
        }
        self._put_off: dict[str, datetime] = {}
        """Until when a deadline that failed is passed over."""

    async def set(
        self,
        conn: Conn,
        stream_id: UUID,
        purpose: str,
        due_at: datetime,
        decider: Decider[Any, Any, Any],
        command: Any,
        by: Metadata,
    ) -> None:
        """Set or move the deadline of a stream for a purpose; one that was settled stays settled."""
        name = type(command).__name__
        if self._known.get(name, (None,))[0] is not decider:
            raise TypeError(f"{name} is not among the commands of {decider.kind} that this service lets fall due")
        await conn.execute(
            "INSERT INTO deadline AS d VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id)"
            " DO UPDATE SET due_at = excluded.due_at, arguments = excluded.arguments, metadata = excluded.metadata"
            " WHERE d.settled_at IS NULL",
            deadline_id(stream_id, purpose), by.authority, stream_id, purpose, name,
            self._known[name][2].dump_json(command).decode(), orjson.dumps(by._asdict()).decode(), due_at,
        )  # fmt: skip

    async def call_off(self, conn: Conn, stream_id: UUID, purpose: str, now: datetime) -> None:
        await conn.execute(
            "UPDATE deadline SET settled_at = $2, outcome = 'called off' WHERE id = $1 AND settled_at IS NULL",
            deadline_id(stream_id, purpose), now,
        )  # fmt: skip

    async def carry_out_due(self, pool: asyncpg.Pool[Any], execute: Executor, now: datetime) -> int:
        """Take what is due, no two workers the same and of each stream the earliest; carry it out side by side, note the
        outcomes. Answers how many were settled.

        What hinders one holds up no other. Raises only what is transient, after the others were settled.
        """
        passed_over = [id for id, until in self._put_off.items() if now < until]
        async with pool.acquire() as conn, conn.transaction():
            first: dict[UUID, asyncpg.Record] = {}
            for row in await conn.fetch(_DUE, now, passed_over, BATCH):
                first.setdefault(row["stream_id"], row)
            due = list(first.values())
            # The command id makes a crash between a command and this transaction's commit harmless.
            found = await asyncio.gather(*(self._carry_out(row, execute) for row in due), return_exceptions=True)
            outcomes = {row["id"]: out for row, out in zip(due, found, strict=True) if isinstance(out, str)}
            await conn.execute(_SETTLE, now, list(outcomes), list(outcomes.values()))
        for id in outcomes:
            self._put_off.pop(id, None)
        for row, problem in zip(due, found, strict=True):
            if isinstance(problem, BaseException):
                self._hindered(row, problem, now)
        return len(outcomes)

    def _hindered(self, row: asyncpg.Record, problem: BaseException, now: datetime) -> None:
        if isinstance(problem, VersionConflict):  # a busy stream: at the next look, and nobody waits for it
            log.warning("deadline.stream_busy", stream_id=row["stream_id"])
            return
        if is_transient(problem):
            raise problem
        log.error("deadline.failed", stream_id=row["stream_id"], type=row["command"], problem=describe(problem))
        self._put_off[row["id"]] = now + PUT_OFF

    async def _carry_out(self, row: asyncpg.Record, execute: Executor) -> str:
        decider, _, adapter = self._known[row["command"]]
        by = Metadata(**{**orjson.loads(row["metadata"]), "command_id": f"deadline:{row['id']}", "origin": "deadline"})
        try:
            # The deadline asks for it, however its command comes to look: one that was moved is the same.
            command = adapter.validate_json(row["arguments"])
            await execute(decider, row["stream_id"], command, by=by, asked=by.command_id)
        except Refused as refusal:
            return f"refused: {refusal.rule.name}"
        return "done"


def deadline_id(stream_id: UUID, purpose: str) -> str:
    return hashlib.sha256(f"{stream_id}|{purpose}".encode()).hexdigest()[:40]


class DeadlineWorker:
    """The `deadlines` role: looks at the injected clock, so that a rehearsal can run at any speed."""

    def __init__(self, deadlines: Deadlines, pool: asyncpg.Pool[Any], execute: Executor, clock: Clock) -> None:
        self._deadlines, self._pool, self._execute, self._clock = deadlines, pool, execute, clock
        self.settled = 0
        self.looked_at = wall_clock()

    def progress(self) -> dict[str, Any]:
        return {"settled": self.settled, "looked_at": self.looked_at.isoformat()}

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            done = 0
            try:
                done = await self._deadlines.carry_out_due(self._pool, self._execute, self._clock())
                self.settled += done
            except TRANSIENT as problem:
                log.warning("deadlines.look_failed", problem=describe(problem))
            self.looked_at = wall_clock()
            if not done:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

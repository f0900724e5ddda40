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
BATCH = 50
LOOK_SECONDS = 0.5
PUT_OFF = timedelta(minutes=5)
"""Before a deadline that could not be carried out is tried again."""

_NEXT = """
    SELECT * FROM deadline WHERE settled_at IS NULL AND due_at <= $1 AND id <> ALL($2::text[])
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
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
        """Take what is due (no two workers the same), carry it out, note the outcome. Answers how many were settled.

        Each in a transaction of its own: what hinders one holds up no other. Raises only what is transient.
        """
        settled = 0
        waiting: list[str] = []
        async with pool.acquire() as conn:
            for _ in range(BATCH):
                passed_over = [*waiting, *(id for id, until in self._put_off.items() if now < until)]
                async with conn.transaction():
                    row = await conn.fetchrow(_NEXT, now, passed_over)
                    if row is None:
                        break
                    # The command id makes a crash between the command and this transaction's commit harmless.
                    try:
                        outcome = await self._carry_out(row, execute)
                    except VersionConflict:  # a busy stream: at the next look, and nobody waits for it
                        log.warning("deadline.stream_busy", stream_id=row["stream_id"])
                        waiting.append(row["id"])
                        continue
                    except Exception as problem:
                        if is_transient(problem):
                            raise
                        log.error(
                            "deadline.failed",
                            stream_id=row["stream_id"],
                            type=row["command"],
                            problem=describe(problem),
                        )
                        self._put_off[row["id"]] = now + PUT_OFF
                        continue
                    await conn.execute(
                        "UPDATE deadline SET settled_at = $2, outcome = $3 WHERE id = $1", row["id"], now, outcome
                    )
                self._put_off.pop(row["id"], None)
                settled += 1
        return settled

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
            if done < BATCH:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

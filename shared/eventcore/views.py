"""The views worker: keeps read models up with Kafka, one position per shard, saved with the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from shared.eventcore.checkpoints import Conn
from shared.eventcore.projection import View, ViewTable, ViewTransaction, ddl, later_indexes
from shared.eventcore.recording import Recorded
from shared.eventcore.tracing import following

log = structlog.get_logger()
_SET_UP = 0x4D56
"""Advisory lock: one process at a time creates the tables of views."""
_UNTRACED = nullcontext()


class ViewReader:
    """A view as a `Reader`: applies its handlers to the tables in `schema` (the view's own, or a rebuild's)."""

    def __init__(self, view: View, schema: str | None = None, *, fresh: bool = False) -> None:
        """`fresh`: the tables were empty when this reader began, and most rows will be new."""
        self.view = view
        self.schema = schema or view.name
        self._copied = set(view.tables) if fresh else set[type[ViewTable]]()

    @property
    def consumer(self) -> str:
        return f"view:{self.schema}"

    def wants(self, wire: str) -> bool:
        return wire in self.view.handlers

    async def handle(self, conn: Conn, events: Sequence[Recorded[Any]]) -> None:
        tx, span = ViewTransaction(conn, self.view, self.schema, self._copied), f"view {self.view.name}"
        for event in events:
            # A span for those that were traced; entering one that does nothing costs more than most handlers.
            with following(event, span) if event.metadata.traceparent else _UNTRACED:
                if (waiting := self.view.handlers[event.type](tx, event)) is not None:
                    await waiting
        await tx.flush()


async def create_tables(conn: Conn, view: View, schema: str) -> None:
    for statement in [*ddl(view, schema), *later_indexes(view, schema)]:
        await conn.execute(statement)


async def set_up(pool: asyncpg.Pool[Any], views: Sequence[View], now: Callable[[], datetime]) -> list[View]:
    """Create the tables of views that have none. Answers the views that stand in another version and want a rebuild."""
    stale = []
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("SELECT pg_advisory_xact_lock($1, 0)", _SET_UP)
        standing = {r["name"]: r["version"] for r in await conn.fetch("SELECT name, version FROM view_version")}
        for view in views:
            if view.name not in standing:
                await create_tables(conn, view, view.name)
                await conn.execute("INSERT INTO view_version VALUES ($1, $2, NULL, $3)", view.name, view.version, now())
                log.info("view.created", view=view.name, version=view.version)
            elif standing[view.name] != view.version:
                stale.append(view)
    return stale

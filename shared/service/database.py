"""A read of the database in the name of one council: row-level security shows its rows and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from shared.service.auth import Authority

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[Any] | asyncpg.pool.PoolConnectionProxy[Any]
else:  # FastAPI evaluates the annotations of routes, and asyncpg's classes cannot be subscripted then
    Connection = Any


ACQUIRE_SECONDS = 5
"""How long a request waits for a free connection before it is told to come back."""


async def read_as(authority: str, conn: Connection) -> None:
    """Show this transaction the rows of `authority` only. The setting ends with the transaction."""
    await conn.execute("SELECT set_config('moot.authorities', $1, true)", authority)


async def reading(request: Request, authority: Authority) -> AsyncIterator[Connection]:
    pool: asyncpg.Pool[Any] = request.app.state.pool
    async with (
        pool.acquire(timeout=ACQUIRE_SECONDS) as conn,
        conn.transaction(readonly=True, isolation="repeatable_read"),
    ):
        await read_as(authority, conn)
        yield conn


Reading = Annotated[Connection, Depends(reading, scope="function")]
"""Parameter of a GET route: a connection inside a read-only transaction that sees one moment and one council. It is
given back before the answer is sent, so that a slow caller holds no connection."""

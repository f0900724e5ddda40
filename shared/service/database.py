"""A read of the database in the name of one council: row-level security shows its rows and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import Depends, Request
from sqlalchemy import JSON, Select
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from shared.service.auth import Authority

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[Any] | asyncpg.pool.PoolConnectionProxy[Any]
else:  # FastAPI evaluates the annotations of routes, and asyncpg's classes cannot be subscripted then
    Connection = Any


_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]
ACQUIRE_SECONDS = 5
"""How long a request waits for a free connection before it is told to come back."""


async def read_as(authority: str, conn: Connection) -> None:
    """Show this transaction the rows of `authority` only. The setting ends with the transaction."""
    await conn.execute("SELECT set_config('moot.authorities', $1, true)", authority)


@asynccontextmanager
async def reading_on(pool: asyncpg.Pool[Any], authority: str) -> AsyncIterator[Connection]:
    """A connection inside a read-only transaction that sees one moment and one council. Also for an answer that streams
    on after its route has returned."""
    async with (
        pool.acquire(timeout=ACQUIRE_SECONDS) as conn,
        conn.transaction(readonly=True, isolation="repeatable_read"),
    ):
        await read_as(authority, conn)
        yield conn


async def reading(request: Request, authority: Authority) -> AsyncIterator[Connection]:
    async with reading_on(request.app.state.pool, authority) as conn:
        yield conn


Reading = Annotated[Connection, Depends(reading, scope="function")]
"""Parameter of a GET route: a connection as of `reading_on`. It is
given back before the answer is sent, so that a slow caller holds no connection."""


def compiled(statement: Select[*tuple[Any, ...]]) -> tuple[str, list[Any]]:
    """A statement of SQLAlchemy Core as PostgreSQL's text and arguments, for `conn.cursor` and its like."""
    made = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return str(made), [made.params[name] for name in made.positiontup or ()]


async def fetch(conn: Connection, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The rows of a typed `select(...)` over view tables, by column name; JSON columns are read."""
    sql, arguments = compiled(statement)
    json = [column.key for column in statement.selected_columns if isinstance(column.type, JSON)]
    rows = [dict(row) for row in await conn.fetch(sql, *arguments)]
    for row in rows:
        row.update({key: orjson.loads(row[key]) for key in json if row[key] is not None})
    return rows

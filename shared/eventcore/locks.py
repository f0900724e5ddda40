"""Work that one worker at a time does, across processes: under PostgreSQL's session advisory locks.

Connections of our pools are given back as they are (`store.as_it_is`). So a lock that is still held then would be held by
whoever gets the connection next, who knows nothing of it, and the work would never be done again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from shared.eventcore.checkpoints import Conn

UNLOCK_SECONDS = 5.0


@asynccontextmanager
async def locking(pool: asyncpg.Pool[Any]) -> AsyncIterator[Conn]:
    """A connection on which to take session locks. None outlasts the block, whatever happens in it; where they cannot be
    given back, the session ends."""
    async with pool.acquire() as conn:
        try:
            yield conn
        finally:
            try:
                await conn.execute("SELECT pg_advisory_unlock_all()", timeout=UNLOCK_SECONDS)
            except BaseException:
                conn.terminate()
                raise

"""Parked events that an operator asked to have applied again, by the process that runs their readers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from shared.eventcore.applying import TRANSIENT, Reader, retry_parked
from shared.eventcore.opening import Opener

log = structlog.get_logger()
LOOK_SECONDS = 1.0


class Retrying:
    """Looks in `parked_retry` for sequences of its readers. A request is forgotten once it was tried: what failed again stays
    parked, with its problem and one attempt more, and may be asked for again."""

    def __init__(
        self, readers: Iterable[Reader], pool: asyncpg.Pool[Any], opener: Opener, clock: Callable[[], datetime]
    ) -> None:
        self._readers = {reader.consumer: reader for reader in readers}
        self._pool, self._opener, self._clock = pool, opener, clock
        self.retried = 0
        self.looked_at = clock()

    def progress(self) -> dict[str, Any]:
        return {"retried": self.retried, "looked_at": self.looked_at.isoformat()}

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.look()
            except (*TRANSIENT, asyncpg.PostgresError) as problem:
                log.warning("retrying.session_ended", problem=type(problem).__name__)
            self.looked_at = self._clock()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    async def look(self) -> None:
        """Try what was asked for so far. Two processes that try the same one take turns, so that neither does harm."""
        async with self._pool.acquire() as conn:
            asked = "SELECT consumer, source, stream_id FROM parked_retry WHERE consumer = ANY($1) ORDER BY asked_at"
            for where in await conn.fetch(asked, list(self._readers)):
                consumer, source, stream_id = where
                applied, problem = await retry_parked(conn, self._readers[consumer], source, stream_id, self._opener)
                await conn.execute(
                    "DELETE FROM parked_retry WHERE (consumer, source, stream_id) = ($1, $2, $3)", *where
                )
                self.retried += 1
                log.info(
                    "event.retried",
                    consumer=consumer,
                    stream_id=str(stream_id),
                    count=applied,
                    problem=problem or "none",
                )

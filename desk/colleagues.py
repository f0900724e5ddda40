"""What officers are called. Services record an id that says nothing; whoever has signed in at this desk is known to it by name.

A name that is lost, or of somebody who never signed in here, costs a name on a page and no fact: the id stands for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from desk.sessions import Sealing
from shared.eventcore.clock import Clock, system_clock

TABLE = "CREATE TABLE IF NOT EXISTS colleague (id uuid PRIMARY KEY, sealed bytea NOT NULL, signed_in_at timestamptz NOT NULL)"
LOOKED_UP_EVERY = timedelta(minutes=1)


class Colleagues:
    """The names of officers by the id under which services record them, sealed under the desk's key."""

    def __init__(self, pool: asyncpg.Pool, sealing: Sealing, now: Clock = system_clock) -> None:
        self._pool, self._sealing, self._now = pool, sealing, now
        self._names: dict[str, str] = {}
        self._looked_up: datetime | None = None

    async def prepare(self) -> None:
        """Make the table where it is missing."""
        await self._pool.execute(TABLE)

    async def note(self, officer: str, name: str) -> None:
        """Somebody has signed in. Their name is known here at once, to other replicas within `LOOKED_UP_EVERY`."""
        bound = UUID(officer)
        await self._pool.execute(
            "INSERT INTO colleague VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET sealed = $2, signed_in_at = $3",
            bound, self._sealing.seal(name, bound.bytes), self._now(),
        )  # fmt: skip
        self._looked_up = None

    async def names(self) -> dict[str, str]:
        """Every name by id."""
        now = self._now()
        if self._looked_up is None or now - self._looked_up >= LOOKED_UP_EVERY:
            rows = await self._pool.fetch("SELECT id, sealed FROM colleague")
            opened = {str(row["id"]): self._sealing.open(row["sealed"], row["id"].bytes) for row in rows}
            self._names = {officer: name for officer, name in opened.items() if name}
            self._looked_up = now
        return self._names

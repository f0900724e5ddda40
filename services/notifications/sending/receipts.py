"""Asking GOV.UK Notify what became of messages whose receipt did not come: the fallback of its callbacks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from services.notifications.messages.decider import FinalWord, RecordReceipt, messages
from services.notifications.sending.desk import Desk, following
from shared.events.values_notifications import MessageChannel

FIRST: Final = timedelta(minutes=5)
"""Receipts come within seconds or minutes. From then on the wait doubles."""
KEPT: Final = timedelta(days=7)
"""How long Notify remembers what it sent."""
BATCH: Final = 50

UNHEARD_OF: Final = """
SELECT a.message_id, a.authority, a.provider_reference, a.sent_at
FROM messages.message AS m JOIN messages.attempt AS a USING (message_id)
WHERE m.status = 'sent' AND m.authority = $6 AND m.channel = ANY($1) AND a.sent_at BETWEEN $2 AND $3
  AND a.failed_at IS NULL AND a.provider_reference ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  AND a.message_id <> ALL($4)
ORDER BY a.sent_at LIMIT $5
"""


class Telling(Protocol):
    """A provider that can be asked."""

    async def status(self, reference: str) -> FinalWord | None: ...


class Receipts:
    """Asks again and again, less often each time. What it knows of when to ask may be lost: then it asks once more."""

    def __init__(self, desk: Desk, authority: str, provider: Telling, channels: list[MessageChannel]) -> None:
        self._desk, self._authority, self._provider, self._channels = desk, authority, provider, channels
        self._core = desk.core
        self._next: dict[UUID, datetime] = {}
        self.asked = 0

    async def ask(self) -> int:
        """Ask of those whose turn it is; how many they were."""
        now = self._core.clock()
        self._next = {message: at for message, at in self._next.items() if at > now}
        rows = await self._core.pool.fetch(
            UNHEARD_OF, self._channels, now - KEPT, now - FIRST, list(self._next), BATCH, self._authority
        )  # fmt: skip
        for row in rows:
            self._next[row["message_id"]] = now + (now - row["sent_at"])
            outcome = await self._provider.status(row["provider_reference"])
            self.asked += 1
            if outcome is not None:
                await self._record(row["message_id"], row["authority"], row["provider_reference"], outcome)
        return len(rows)

    async def _record(self, message: UUID, authority: str, reference: str, outcome: FinalWord) -> None:
        history = await self._core.history(message, authority)
        by = following(history, f"receipt:{reference}:{outcome}")
        await self._desk.carry_out(messages, message, RecordReceipt(reference, outcome, self._core.clock()), by)

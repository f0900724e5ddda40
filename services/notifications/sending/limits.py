"""Staying below what a provider allows, and leaving a channel alone while its provider takes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from shared.events.values_notifications import MessageChannel

SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)


class TokenBucket:
    """At most `per_minute` takings a minute, evenly; after a quiet time a second's worth at once."""

    def __init__(
        self,
        per_minute: int,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._rate: Final = per_minute / 60
        self._burst: Final = max(1.0, self._rate)
        self._monotonic, self._sleep = monotonic, sleep
        self._tokens, self._at = self._burst, monotonic()

    async def take(self) -> None:
        """Wait for one's turn. Whoever comes first goes first."""
        now = self._monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - 1
        self._at = now
        if self._tokens < 0:
            await self._sleep(-self._tokens / self._rate)


class Pauses:
    """Channels that wait: until a limit ends, or, longer each time, until their provider takes something again."""

    def __init__(self) -> None:
        self._until: dict[MessageChannel, datetime] = {}
        self._wait: dict[MessageChannel, timedelta] = {}

    def until(self, channel: MessageChannel, instant: datetime) -> None:
        self._until[channel] = max(instant, self._until.get(channel, instant))

    def closed(self, channel: MessageChannel, now: datetime) -> None:
        wait = self._wait.get(channel, SHORTEST)
        self._wait[channel] = min(wait * 2, LONGEST)
        self.until(channel, now + wait)

    def works(self, channel: MessageChannel) -> None:
        self._wait.pop(channel, None)

    def is_open(self, channel: MessageChannel, now: datetime) -> bool:
        return channel not in self._until or self._until[channel] <= now

"""How many requests one caller may send: a token bucket for each, in the memory of each process.

Against one who floods a council's service, on purpose or by a loop gone wrong. Counted per token's subject where the token was
verified, and per address before that. A deployment with several processes lets through as many times more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.service.problems import Problem

BURST_SECONDS = 2.0
"""A caller that was quiet for so long may send so many seconds' worth at once."""
REMEMBERED = 10_000
"""Callers whose buckets are kept. Beyond them the full buckets are dropped, which are like those nobody has."""


class Limit:
    """Lets each caller send `per_second` requests. `clock` is monotonic, in seconds."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._cost, self._clock = 1 / per_second, clock
        self._burst = max(BURST_SECONDS, self._cost)
        self._full_at: dict[str, float] = {}
        """By caller: when its bucket will be full again. All that a token bucket has to know."""

    def take(self, caller: str) -> None:
        """Take one from the caller's bucket. Raises `Problem` (429 with `Retry-After`) when none is left."""
        now = self._clock()
        full_at = max(self._full_at.get(caller, now), now) + self._cost
        if (wait := full_at - now - self._burst) > 0:
            raise too_many(math.ceil(wait))
        if len(self._full_at) >= REMEMBERED and caller not in self._full_at:
            self._forget(now)
        self._full_at[caller] = full_at

    def _forget(self, now: float) -> None:
        self._full_at = {caller: at for caller, at in self._full_at.items() if at > now}
        if len(self._full_at) >= REMEMBERED:  # more at once than anybody has: made up, to fill our memory
            self._full_at.clear()


def too_many(seconds: int) -> Problem:
    return Problem(
        429, "too-many-requests", "You are sending more requests than are accepted from one caller.",
        next=f"Wait {seconds} seconds, then send the same request with the same Idempotency-Key again.",
        headers={"Retry-After": str(seconds)},
    )  # fmt: skip


class AddressLimit:
    """Middleware: holds each address to `limit`, but for the paths in `free` (probes and measurements)."""

    def __init__(self, app: ASGIApp, *, limit: Limit, free: frozenset[str]) -> None:
        self._app, self._limit, self._free = app, limit, free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in self._free and (client := scope.get("client")):
            try:
                self._limit.take(client[0])
            except Problem as problem:
                await problem.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

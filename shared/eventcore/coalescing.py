"""Natural batching: what arrives while the previous flush runs goes out together with the next one. Never a timer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

I = TypeVar("I")  # noqa: E741 - item
O = TypeVar("O")  # noqa: E741 - outcome


class Coalescer(Generic[I, O]):
    """Concurrent callers of one process share a round trip and a commit. `flush` answers an outcome or an exception per item."""

    def __init__(self, flush: Callable[[Sequence[I]], Awaitable[Sequence[O | Exception]]], *, most: int = 256) -> None:
        self._flush, self._most = flush, most
        self._waiting: deque[tuple[I, asyncio.Future[O]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: I) -> O:
        future: asyncio.Future[O] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            try:
                outcomes: Sequence[O | Exception] = await self._flush([item for item, _ in batch])
            except Exception as problem:  # the whole flush failed: each caller learns it
                outcomes = [problem] * len(batch)
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if future.done():
                    continue  # its caller went away
                if isinstance(outcome, Exception):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    async def drain(self) -> None:
        """Wait until nothing is under way, for a graceful stop."""
        if self._worker is not None:
            await self._worker

"""Natural batching: what arrives while earlier flushes run goes out together with the next one. Never a timer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar, cast

I = TypeVar("I")  # noqa: E741 - item
O = TypeVar("O")  # noqa: E741 - outcome


class Coalescer(Generic[I, O]):
    """Concurrent callers of one process share a round trip and a commit. `flush` answers an outcome or an exception per item.

    At most `lanes` flushes are under way at a time, each with at most `most` items: while one waits for the database or its
    disk, this process works for the callers of another.
    """

    def __init__(
        self, flush: Callable[[Sequence[I]], Awaitable[Sequence[O | Exception]]], *, most: int = 256, lanes: int = 2
    ) -> None:
        self._flush, self._most, self._lanes = flush, most, lanes
        self._waiting: deque[tuple[I, asyncio.Future[O]]] = deque()
        self._workers: set[asyncio.Task[None]] = set()

    async def __call__(self, item: I) -> O:
        future: asyncio.Future[O] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._workers) < self._lanes:
            self._open_lane()
        return await future

    def _open_lane(self) -> None:
        self._workers.add(asyncio.create_task(self._work()))

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._flush_next()
        finally:
            # In the same step as the last look at what waits: whoever comes next finds a free lane, not a worker that has left.
            self._workers.discard(cast("asyncio.Task[None]", asyncio.current_task()))
            if self._waiting and not self._workers:  # cancelled: another takes over
                self._open_lane()

    async def _flush_next(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            outcomes: Sequence[O | Exception] = await self._flush([item for item, _ in batch])
        except Exception as problem:  # the whole flush failed: each caller learns it
            outcomes = [problem] * len(batch)
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue  # its caller went away
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    async def drain(self) -> None:
        """Wait until nothing is under way, for a graceful stop."""
        while self._workers:
            await asyncio.wait(set(self._workers))

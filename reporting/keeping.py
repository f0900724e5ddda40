"""From the topics of every context into the archive: the one worker of the reporting process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from reporting.archive import Archive
from shared.eventcore.clock import wall_clock
from shared.eventcore.following import Following
from shared.eventcore.kafka import BROKER_LOST, Stored

log = structlog.get_logger()

MOST_EVENTS = 5_000
MOST_BYTES = 4 * 1024 * 1024
"""Payload of one batch."""
PAUSE_SECONDS = 0.5


class Keeping:
    """Keeps the events of `contexts` in the archive at `root`, those of `seconds` together in one batch."""

    def __init__(self, root: Path, bootstrap: str, contexts: Sequence[str], *, seconds: float) -> None:
        self._root, self._bootstrap, self._contexts, self._seconds = root, bootstrap, contexts, seconds
        self.following = False
        self.kept = self.batches = self.files = self.waiting = self.missing = 0
        self.looked_at = wall_clock()

    def progress(self) -> dict[str, Any]:
        """`kept` and `batches` since the start; `missing`: shards whose topic has lost something."""
        return {
            "kept": self.kept,
            "batches": self.batches,
            "files": self.files,
            "waiting": self.waiting,
            "missing": self.missing,
            "looked_at": self.looked_at.isoformat(),
        }

    async def ready(self) -> None:
        """Raises while the broker does not answer."""
        if not self.following:
            raise ConnectionError("no topic is followed")

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what has come by then is kept. Raises `Unusable`."""
        while not stop.is_set():
            try:
                await self._session(stop)
            except BROKER_LOST as problem:
                self.looked_at = wall_clock()  # alive and trying: an outage elsewhere is no reason to restart us
                log.warning("keeping.interrupted", problem=type(problem).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), PAUSE_SECONDS)
            finally:
                self.following, self.waiting = False, 0

    async def _session(self, stop: asyncio.Event) -> None:
        """Whatever goes wrong ends the session: the next one recovers the archive, and begins where that stands."""
        with Archive(self._root) as archive:
            self.files = archive.files
            async with Following(self._bootstrap, self._contexts, archive.places) as following:
                await self._follow(archive, following, stop)

    async def _follow(self, archive: Archive, following: Following, stop: asyncio.Event) -> None:
        self.following = True
        batch: list[Stored] = []
        size, since, untidy = 0, 0.0, True
        while not stop.is_set():
            fresh = await following.next()
            self.looked_at, self.missing = wall_clock(), len(following.missing)
            if fresh and not batch:
                since = time.monotonic()
            batch += fresh
            size += sum(len(event.payload) for event in fresh)
            self.waiting = len(batch)
            if batch and (len(batch) >= MOST_EVENTS or size >= MOST_BYTES or time.monotonic() - since >= self._seconds):
                await self._keep(archive, batch, following)
                batch, size, untidy = [], 0, True
            elif not fresh and untidy:
                untidy = await asyncio.to_thread(archive.merge, finished_days=True)
        if batch:
            await self._keep(archive, batch, following)

    async def _keep(self, archive: Archive, batch: list[Stored], following: Following) -> None:
        await asyncio.to_thread(archive.append, batch, following.places)
        await asyncio.to_thread(archive.merge, finished_days=False)
        self.kept += len(batch)
        self.batches += 1
        self.waiting, self.files = 0, archive.files

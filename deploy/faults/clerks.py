"""Clerks at work in all services: command after command, and they keep every receipt.

A command without an answer, or answered 503, has an unknown outcome. The clerk repeats it with the same key until it is
answered, so that in the end the ledger knows of every command whether it happened, and how often it should be found.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

PAUSE = 0.5
"""Seconds that a clerk takes a breath between two commands."""
ANSWERED_WITHIN = 180.0
"""Seconds after which a clerk gives up on a command, which fails the run."""
AGAIN_AFTER = 0.25
"""Sooner than `Retry-After` asks, to measure an outage finely."""


class NeverAnswered(Exception):
    """A command was repeated for `ANSWERED_WITHIN` seconds in vain, or was refused although it must not be."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A command that was answered: where its last event is said to stand, and how many events it must have brought."""

    service: str
    stream_id: UUID
    version: int
    position: int
    events: int
    asked_at: float
    """When it was first asked, by the monotonic clock."""
    answered_at: float
    asked: int
    """How often it was asked."""


@dataclass
class Ledger:
    """Everything that was acknowledged, and answers that should not be: neither a receipt nor 503 with Retry-After."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    wrong_answers: Counter[str] = field(default_factory=Counter)

    def of(self, service: str) -> list[Acknowledged]:
        return [receipt for receipt in self.acknowledged if receipt.service == service]


class Office:
    """Whether clerks work at all. They do while it is open; closed, no request is under way."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.opened = asyncio.Event()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def open(self) -> None:
        self.opened.set()

    async def close(self) -> None:
        """Returns when every command that was asked is answered."""
        self.opened.clear()
        await self._idle.wait()

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()


class Desk:
    """Where the clerks of one service ask its API."""

    def __init__(self, office: Office, service: str, api: str, token: str) -> None:
        self._office, self._service = office, service
        self._http = httpx.AsyncClient(
            base_url=api, timeout=10, trust_env=False, headers={"Authorization": f"Bearer {token}"}
        )
        self._cases = itertools.count(1)
        self._shared: asyncio.Task[Acknowledged] | None = None

    @asynccontextmanager
    async def staffed(self, clerks: int, errand: Callable[[Desk, int], Awaitable[None]]) -> AsyncIterator[None]:
        """Raises, in a group, what a clerk raised."""
        async with self._http, asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._clerk(errand)) for _ in range(clerks)]
            yield
            for task in tasks:
                task.cancel()

    async def _clerk(self, errand: Callable[[Desk, int], Awaitable[None]]) -> None:
        for case in self._cases:
            await errand(self, case)

    async def shared(self, path: str, body: Mapping[str, Any], *, events: int) -> UUID:
        """The stream of a command that only the first clerk gives."""
        if self._shared is None:
            self._shared = asyncio.create_task(self.command(path, body, events=events))
        return (await asyncio.shield(self._shared)).stream_id

    async def command(self, path: str, body: Mapping[str, Any] | None, *, events: int) -> Acknowledged:
        """Ask when the office is open, until it is answered. Raises `NeverAnswered`."""
        await asyncio.sleep(PAUSE)
        await self._office.opened.wait()
        async with self._office.asking():
            return await self._ask(path, body, events)

    async def _ask(self, path: str, body: Mapping[str, Any] | None, events: int) -> Acknowledged:
        key, asked_at = str(uuid4()), time.monotonic()
        for asked in itertools.count(1):
            answer = await self._send(path, body, key)
            if answer is not None:
                receipt = answer.json()
                done = Acknowledged(
                    self._service, UUID(receipt["stream_id"]), receipt["version"], receipt["position"], events,
                    asked_at, time.monotonic(), asked,
                )  # fmt: skip
                self._office.ledger.acknowledged.append(done)
                return done
            if time.monotonic() - asked_at > ANSWERED_WITHIN:
                raise NeverAnswered(f"POST {path} has no answer after {ANSWERED_WITHIN:.0f} s and {asked} attempts")
            await asyncio.sleep(AGAIN_AFTER)
        raise AssertionError("unreachable")

    async def _send(self, path: str, body: Mapping[str, Any] | None, key: str) -> httpx.Response | None:
        """The answer that acknowledges, or None when the same must be sent again."""
        try:
            answer = await self._http.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None  # no answer: it may have happened or not
        problem = "" if answer.is_success else answer.json().get("type", "").rpartition(":")[2]
        match answer.status_code:
            case 200 | 201:
                return answer
            case 503 if "Retry-After" in answer.headers:
                return None
            case 409 if problem == "version-conflict":
                return None  # three others were quicker; it says so, and to send it again
            case status if status >= 500:
                self._office.ledger.wrong_answers[f"{self._service}: {status} {problem}"] += 1
                return None
            case status:
                raise NeverAnswered(f"{self._service}: POST {path} was answered {status} {problem}")

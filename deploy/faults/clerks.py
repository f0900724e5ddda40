"""Clerks at work: each takes a household from its address to the register, command after command, and keeps every receipt.

A command without an answer, or answered 503, has an unknown outcome. The clerk repeats it with the same key until it is
answered, so that in the end the ledger knows of every command whether it happened, and how often it should be found.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

PAUSE = 0.25
"""Seconds that a clerk takes a breath between two commands."""
ANSWERED_WITHIN = 60.0
"""Seconds after which a clerk gives up on a command, which fails the run."""
AGAIN_AFTER = 0.25
"""Sooner than `Retry-After` asks, to measure an outage finely."""
DISTRICTS = 8


class NeverAnswered(Exception):
    """A command was repeated for `ANSWERED_WITHIN` seconds in vain, or was refused although it must not be."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A command that was answered: where its last event is said to stand, and how many events it must have brought."""

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


class Office:
    """Some clerks at one API. They work while the office is open; closed, no request is under way."""

    def __init__(self, api: str, token: str) -> None:
        self.ledger = Ledger()
        self._http = httpx.AsyncClient(
            base_url=api, timeout=10, trust_env=False, headers={"Authorization": f"Bearer {token}"}
        )
        self._open = asyncio.Event()
        self._cases = itertools.count(1)
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def staffed(self, clerks: int) -> AsyncIterator[None]:
        """Raises what a clerk raised."""
        async with self._http, asyncio.TaskGroup() as group:
            commons = await self._ask("/properties", PROPERTY | {"address": {"property": "The Commons"}}, events=1)
            tasks = [group.create_task(self._clerk(commons.stream_id)) for _ in range(clerks)]
            yield
            for task in tasks:
                task.cancel()

    def open(self) -> None:
        self._open.set()

    async def close(self) -> None:
        """Returns when every command that was asked is answered."""
        self._open.clear()
        await self._idle.wait()

    async def _clerk(self, commons: UUID) -> None:
        for case in self._cases:
            await self._household(case, commons)

    async def _household(self, case: int, commons: UUID) -> None:
        """A new property and a new application, each changed several times; the elector is added by a policy.

        Anonymous, since such an application is never listed and need not wait five working days (RPR 2001 r.29(4)).
        """
        home = (await self.command("/properties", PROPERTY | {"address": address(case)}, events=1)).stream_id
        areas = {"district": f"FT{case % DISTRICTS}", "ward": "Fault"}
        await self.command(f"/properties/{home}/allocation", {"areas": areas, "reason": "fault run"}, events=1)
        await self.command(f"/properties/{home}/electoral", {"electoral": True, "because": "seen"}, events=1)
        form = (await self.command("/applications/entered", application(case), events=2)).stream_id
        await self.command(f"/applications/{form}/property", {"property_id": str(home)}, events=1)
        await self.command(f"/applications/{form}/dwp-result", {"verdict": "green"}, events=2)
        await self.command(f"/applications/{form}/allowance", {"second_officer": "another"}, events=1)
        # The one property that all clerks write to, so that order is proven where it is contended.
        because = {"electoral": case % 2 == 0, "because": f"case {case}"}
        await self.command(f"/properties/{commons}/electoral", because, events=1)

    async def command(self, path: str, body: Mapping[str, Any], *, events: int) -> Acknowledged:
        """Ask when the office is open, until it is answered. Raises `NeverAnswered`."""
        await asyncio.sleep(PAUSE)
        await self._open.wait()
        return await self._ask(path, body, events)

    async def _ask(self, path: str, body: Mapping[str, Any], events: int) -> Acknowledged:
        self._under_way += 1
        self._idle.clear()
        try:
            key, asked_at = str(uuid4()), time.monotonic()
            for asked in itertools.count(1):
                answer = await self._send(path, body, key)
                if answer is not None:
                    receipt = answer.json()
                    done = Acknowledged(
                        UUID(receipt["stream_id"]), receipt["version"], receipt["position"], events,
                        asked_at, time.monotonic(), asked,
                    )  # fmt: skip
                    self.ledger.acknowledged.append(done)
                    return done
                if time.monotonic() - asked_at > ANSWERED_WITHIN:
                    raise NeverAnswered(f"POST {path} has no answer after {ANSWERED_WITHIN:.0f} s and {asked} attempts")
                await asyncio.sleep(AGAIN_AFTER)
            raise AssertionError("unreachable")
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _send(self, path: str, body: Mapping[str, Any], key: str) -> httpx.Response | None:
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
                self.ledger.wrong_answers[f"{status} {problem}"] += 1
                return None
            case status:
                raise NeverAnswered(f"POST {path} was answered {status} {problem}")


PROPERTY: dict[str, Any] = {"class_code": "RD", "logical_status": 1, "lpi_status": 1, "postal": True}


def address(case: int) -> dict[str, str]:
    return {"property": str(case), "street": "Fault Lane", "town": "Mootham", "postcode": "ZZ99 9ZZ"}


def application(case: int) -> dict[str, Any]:
    """Somebody invented, on paper."""
    return {
        "channel": "paper",
        "reference": f"F-{case}",
        "name": {"first": "Sorrel", "last": "Faultfinder"},
        "address": address(case),
        "date_of_birth": "1980-12-01",
        "nino": f"XX {case // 10000 % 100:02} {case // 100 % 100:02} {case % 100:02} A",
        "nationalities": "GB",
        "anonymous": True,
    }

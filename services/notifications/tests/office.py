"""A correspondence office at work, for tests: news from other services, an officer at the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.notifications.main import service
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.policy import PolicyReader
from shared.eventcore.rebuild import rebuild
from shared.eventcore.recording import Metadata, Recorded, shard_of
from shared.eventcore.testing.core import AUTHORITY, Core, by
from shared.events.definition import REGISTRY
from shared.events.values import PersonId
from shared.service.tests.provider import Provider


@dataclass
class Desk:
    core: Core
    client: httpx.AsyncClient
    idp: Provider

    def on(self, day: date) -> None:
        """Move the service's clock to nine o'clock of a day."""
        self.core.clock.offset += datetime.combine(day, time(9), UTC) - self.core.clock()

    def later(self, wait: timedelta) -> None:
        self.core.clock.offset += wait

    async def news(self, fact: Any, times: int = 1) -> None:
        """Something that happened in another service, as it arrives here, once or more often."""
        stream, now = uuid4(), self.core.clock()
        recorded = Recorded(
            fact, REGISTRY.of(fact).wire, stream, "foreign", 1, shard_of(stream), 1, now, now,
            Metadata("officer-elsewhere", AUTHORITY, str(uuid4())),
        )  # fmt: skip
        for _ in range(times):
            for policy in service.policies:
                reader = PolicyReader(policy, self.core.execute, self.core.opener, Deadlines())
                if reader.wants(recorded.type):
                    async with self.core.pool.acquire() as conn, conn.transaction():
                        await reader.handle(conn, [recorded])
        await self.follow()

    async def follow(self) -> None:
        for view in service.views:
            await self.core.catch_up(view)

    def headers(self, *roles: str) -> dict[str, str]:
        return self.idp.bearer(sub="officer", roles=list(roles or ("correspondence",))) | {
            "Idempotency-Key": str(uuid4())
        }

    async def post(self, path: str, body: Any = None, *roles: str) -> httpx.Response:
        answer = await self.client.post(path, json=body, headers=self.headers(*roles))
        await self.follow()
        return answer

    async def done(self, path: str, body: Any = None) -> Any:
        answer = await self.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json() if answer.headers["content-type"].startswith("application/json") else answer.text

    async def refused(self, path: str, body: Any = None) -> str:
        answer = await self.post(path, body)
        assert answer.status_code in (409, 422), answer.text
        return str(answer.json()["type"]).rpartition(":")[2]

    async def get(self, path: str, *roles: str) -> Any:
        answer = await self.client.get(path, headers=self.headers(*roles))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def erase(self, person: UUID) -> None:
        await self.core.execute.erase(PersonId(person), legal_basis="UK GDPR art.17", asked_by="the person", by=by())
        self.core.keys._cache.clear()
        await self.follow()

    async def rebuilt_views_are_equal(self) -> None:
        for view in service.views:
            result = await rebuild(self.core.pool, "notifications", view, self.core.opener, self.core.clock)
            assert result.equal

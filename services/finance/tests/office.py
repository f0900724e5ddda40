"""A finance office at work, for tests: news from committees, officers at the API, and all that follows by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.finance.main import service
from shared.eventcore.applying import apply
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.policy import PolicyReader
from shared.eventcore.rebuild import rebuild
from shared.eventcore.recording import Metadata, Recorded, shard_of
from shared.eventcore.testing.core import AUTHORITY, Core, by
from shared.events.committees import CommitteeSeatLeft, CommitteeSeatTaken, MemberLeftOffice, MemberTookOffice
from shared.events.definition import REGISTRY, Sealed
from shared.events.values import PersonId, Ward
from shared.events.values_committees import CommitteeId, MemberId
from shared.service.tests.provider import Provider

COUNCIL, PLANNING = CommitteeId(UUID(int=50)), CommitteeId(UUID(int=51))


@dataclass
class Office:
    core: Core

    def on(self, day: date) -> None:
        """Move the service's clock to nine o'clock of a day."""
        self.core.clock.offset += datetime.combine(day, time(9), UTC) - self.core.clock()

    async def follow(self) -> None:
        """Let policies and views take in everything, until nothing new happens."""
        stands = -1
        while stands != (stands := await self.core.pool.fetchval("SELECT count(*) FROM event")):
            events = await self.core.store.read(after=0, limit=10_000)
            for reader in self._readers():
                async with self.core.pool.acquire() as conn:
                    await apply(conn, reader, "finance", events, self.core.opener, self.core.clock)
        for view in service.views:
            await self.core.catch_up(view)
        assert await self.core.pool.fetch("SELECT problem FROM parked") == []

    async def news(self, fact: Any) -> None:
        """Something that happened in committees, as it arrives here: its personal values sealed."""
        stream = uuid4()
        recorded = Recorded(
            fact, REGISTRY.of(fact).wire, stream, "foreign", 1, shard_of(stream), 1, self.core.clock(), self.core.clock(),
            Metadata("officer-of-committees", AUTHORITY, str(uuid4())),
        )  # fmt: skip
        for reader in self._readers():
            if reader.wants(recorded.type):
                async with self.core.pool.acquire() as conn, conn.transaction():
                    await reader.handle(conn, [recorded])

    def _readers(self) -> list[PolicyReader]:
        return [PolicyReader(p, self.core.execute, self.core.opener, Deadlines()) for p in service.policies]

    async def councillor(self, took_office: date, *, ward: bool = True) -> tuple[MemberId, PersonId]:
        member, person = MemberId(uuid4()), PersonId(uuid4())
        await self.news(
            MemberTookOffice(
                member, person, 7, Sealed("v1.x"), Sealed("v1.x"), took_office, ward=Ward("E05999001") if ward else None,
                contact=Sealed("v1.x"),
            )
        )  # fmt: skip
        return member, person

    async def takes_seat(self, member: MemberId, role: Any, day: date, body: CommitteeId = COUNCIL) -> None:
        await self.news(CommitteeSeatTaken(body, member, role, day))

    async def leaves_seat(self, member: MemberId, role: Any, day: date, body: CommitteeId = COUNCIL) -> None:
        await self.news(CommitteeSeatLeft(body, member, role, day))

    async def leaves(self, member: MemberId, person: PersonId, day: date) -> None:
        await self.news(MemberLeftOffice(member, person, day, "resigned"))

    async def erase(self, person: PersonId) -> None:
        await self.core.execute.erase(person, legal_basis="UK GDPR art.17", asked_by="the person", by=by())
        self.core.keys._cache.clear()

    async def rebuilt_views_are_equal(self) -> None:
        for view in service.views:
            result = await rebuild(self.core.pool, "finance", view, self.core.opener, self.core.clock)
            assert result.equal


@dataclass
class Desk:
    """Officers at the API: `maker` and `checker` are two people, both may approve."""

    office: Office
    client: httpx.AsyncClient
    idp: Provider

    def _headers(self, who: str, *roles: str) -> dict[str, str]:
        granted = list(roles or ("finance-clerk", "finance-approver"))
        return self.idp.bearer(sub=who, roles=granted) | {"Idempotency-Key": str(uuid4())}

    async def post(self, path: str, body: Any = None, who: str = "maker", *roles: str) -> httpx.Response:
        answer = await self.client.post(path, json=body, headers=self._headers(who, *roles))
        await self.office.follow()
        return answer

    async def done(self, path: str, body: Any = None, who: str = "maker") -> Any:
        answer = await self.post(path, body, who)
        assert answer.status_code in (200, 201), answer.text
        return answer.json() if answer.headers["content-type"].startswith("application/json") else answer.text

    async def refused(self, path: str, body: Any = None, who: str = "maker") -> str:
        answer = await self.post(path, body, who)
        assert answer.status_code in (409, 422), answer.text
        return str(answer.json()["type"]).rpartition(":")[2]

    async def get(self, path: str, *roles: str) -> Any:
        answer = await self.client.get(path, headers=self._headers("reader", *roles))
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.headers["content-type"].startswith("application/json") else answer.text

    async def pay_run(self, year: int, month: int) -> dict[str, Any]:
        """Calculate and approve a run; answers its page."""
        run = f"/pay-years/{year}/runs/{month}"
        await self.done(f"{run}/calculation")
        page = await self.get(run)
        await self.done(f"{run}/approval", {key: page[key] for key in ("payable", "recoverable")}, "checker")
        approved: dict[str, Any] = await self.get(run)
        return approved

    async def payee(self, member: MemberId, name: str, account: str = "66374958", sort_code: str = "08-99-99") -> None:
        details = {
            "name": name, "pay_reference": f"M-{name[:1]}", "ni_number": "AB123456C", "sort_code": sort_code,
            "account_number": account,
        }  # fmt: skip
        await self.done(f"/members/{member}/payee", details)
        await self.done(f"/members/{member}/payee/confirmation", {"called_back": True}, "checker")

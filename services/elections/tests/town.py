"""A town that polls, for tests: elections on a store of its own, and registration's facts coming in as events alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from services.elections.policies import POLICIES
from services.elections.polls.commands import CreateElection, ProposedContest
from services.elections.polls.decider import elections
from services.elections.views import VIEWS
from shared.eventcore.applying import apply, parked
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.deciding import Decider
from shared.eventcore.policy import PolicyReader
from shared.eventcore.testing.core import Core, by
from shared.eventcore.views import ViewReader
from shared.events.elections import ElectionId, ElectoralArea, Organisation
from shared.events.registration import (
    ElectorAdded,
    PostalVoteGranted,
    PropertyAllocated,
)
from shared.events.values import (
    ElectoralAreas,
    ElectorId,
    ElectorNumber,
    FranchiseFacts,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
    Ward,
)
from shared.law.voting_systems import PollKind

COUNCIL = Organisation("Mootshire District Council", "mootshire")
GORSE, HEATH = ElectoralArea("ward", "Gorse", "E05999001"), ElectoralArea("ward", "Heath", "E05999002")
WHOLE = ElectoralArea("authority", "Mootshire", "E07000999")
MAY = date(2026, 5, 7)
BOTH = ("local", "parliamentary")

FACTS: Decider[Any, None, Any] = Decider("fact", None, lambda events, _: events, lambda state, _: state)
"""Registration as elections see it: whatever it says, happened."""


@dataclass
class Town:
    core: Core
    registration: Core

    def on(self, day: date, at: time = time(9)) -> None:
        """Move the clocks to a moment (UTC)."""
        for core in (self.core, self.registration):
            core.clock.offset += datetime.combine(day, at, UTC) - core.clock()

    async def do(self, decider: Any, stream: UUID, *commands: Any) -> None:
        for command in commands:
            await self.core.execute(decider, stream, command, by=by())

    async def create(self, kind: PollKind = PollKind.LOCAL, *areas: ElectoralArea, **more: Any) -> ElectionId:
        identity = ElectionId(uuid4())
        seats = 1 if kind.elects else 0
        contests = tuple(
            ProposedContest(a, seats, f"{kind.value}.{a.name.lower()}", "Shall it be?") for a in areas or (GORSE, HEATH)
        )
        created_on = self.core.clock().date()
        command = CreateElection(
            identity, kind, more.pop("day", MAY), COUNCIL, contests, (), "moothall", created_on=created_on, **more
        )
        await self.do(elections, identity, command)
        return identity

    async def happened(self, stream: UUID, *events: Any) -> None:
        """Registration tells of facts."""
        await self.registration.execute(FACTS, stream, events, by=by())

    async def home(self, ward: ElectoralArea = GORSE, **areas: str) -> PropertyId:
        identity = PropertyId(uuid4())
        known = ElectoralAreas(PollingDistrict("AB"), Ward(ward.code), **areas)
        await self.happened(identity, PropertyAllocated(identity, known, "boundary", date(2025, 1, 1)))
        return identity

    async def elector(
        self, home: PropertyId, number: int, district: str = "AB", votes_in: tuple[str, ...] = BOTH, **more: Any
    ) -> ElectorId:
        identity, person = ElectorId(uuid4()), PersonId(uuid4())
        added = ElectorAdded(
            identity, person, PersonName("Ada", "Marsh"), FranchiseFacts(date(1980, 12, 1), nationalities=("GB",)), home,
            ElectorNumber(PollingDistrict(district), number), date(2025, 12, 1), more.pop("effective_on", date(2026, 1, 2)),
            "monthly", votes_in=votes_in, **more,
        )  # fmt: skip
        await self.happened(identity, added)
        return identity

    async def posts(self, elector: ElectorId, until: date = date(2028, 1, 31), **more: Any) -> UUID:
        stream = uuid4()
        granted = PostalVoteGranted(
            elector, PersonId(uuid4()), "maximum", date(2026, 1, 2), until, date(2026, 1, 2), **more
        )
        await self.happened(stream, granted)
        return stream

    async def settle(self) -> None:
        """Let every policy and view see everything; nothing may be parked on the way."""
        views = [(ViewReader(view), view.sources) for view in VIEWS]
        policies = [(PolicyReader(p, self.core.execute, self.core.opener, Deadlines()), p.sources) for p in POLICIES]
        last = -1
        while last != (last := (await self.core.pool.fetchval("SELECT coalesce(max(position), 0) FROM event"))):
            for reader, sources in (*views, *policies):
                for source in (self.core, self.registration):
                    if source.context in sources:
                        events = await source.store.read(after=0, limit=10_000)
                        async with self.core.pool.acquire() as conn:
                            await apply(conn, reader, source.context, events, self.core.opener, self.core.clock)
        async with self.core.pool.acquire() as conn:
            assert await parked(conn) == []

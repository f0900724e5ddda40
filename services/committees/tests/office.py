"""A committee office at work, for tests: what officers do, in a line each, through the deciders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from services.committees.bodies.decider import CreateCommittee, TakeSeat, committees
from services.committees.main import service
from services.committees.meetings.commands import ScheduleMeeting
from services.committees.meetings.decider import meetings
from services.committees.members.decider import TakeOffice, members
from services.committees.tests.sentences import IN_AUGUST, PLANNING, person, schedule
from shared.eventcore.clock import LONDON
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.policy import PolicyReader
from shared.eventcore.rebuild import rebuild
from shared.eventcore.recording import Receipt
from shared.eventcore.testing.core import Core, by
from shared.events.values import PersonName, Ward
from shared.events.values_committees import MeetingId, MemberId, OfficeContact


@dataclass
class Office:
    core: Core

    def __post_init__(self) -> None:
        self.go_to(IN_AUGUST)
        self.deadlines = Deadlines(service.deadlines)
        self.reacted_to = 0

    def go_to(self, instant: datetime) -> None:
        self.core.clock.offset += instant - self.core.clock()

    async def do(self, decider: Any, stream: UUID, *commands: Any) -> Receipt:
        for command in commands:
            receipt = await self.core.execute(decider, stream, command, by=by())
        return receipt

    async def catch_up(self) -> None:
        """Views first, then policies, until nothing more follows."""
        await self._views()
        while await self._policies():
            await self._views()

    async def _views(self) -> None:
        for view in service.views:
            await self.core.catch_up(view)

    async def _policies(self) -> int:
        events = await self.core.store.read(after=self.reacted_to)
        readers = [PolicyReader(p, self.core.execute, self.core.opener, self.deadlines) for p in service.policies]
        for stored in events:
            async with self.core.pool.acquire() as conn, conn.transaction():
                opened = await self.core.opener.open(conn, [stored])
                for reader in readers:
                    await reader.handle(conn, [event for event in opened if reader.wants(event.type)])
            self.reacted_to = stored.position
        return len(events)

    async def let_time_pass(self, until: date) -> None:
        """Carry out what falls due up to a day, and what follows from it."""
        self.go_to(datetime.combine(until, time(9), LONDON))
        while await self.deadlines.carry_out_due(self.core.pool, self.core.execute, self.core.clock()):
            await self.catch_up()

    async def rebuilt_views_are_equal(self) -> None:
        for view in service.views:
            assert (await rebuild(self.core.pool, "committees", view, self.core.opener, self.core.clock)).equal

    async def elect(self, member: MemberId, first: str, last: str, ward: str = "Lantern", **kw: Any) -> None:
        contact = OfficeContact(
            f"{first}@mootshire.example".lower(), "01632 960001", ("Town Hall", "Gavelford"), "ZZ1 1AA"
        )
        command = TakeOffice(
            member, person(member), PersonName(first, last), kw.pop("party", "Independent"),
            kw.pop("from_on", date(2023, 5, 8)), ward=Ward("E05999001"), ward_title=ward, contact=contact, **kw,
        )  # fmt: skip
        await self.do(members, member, command)

    async def create(self, committee: Any = PLANNING, title: str = "Planning Committee", **kw: Any) -> None:
        command = CreateCommittee(
            committee, title, kw.pop("kind", "ordinary"), kw.pop("seats", 13), date(2023, 5, 23), **kw
        )
        await self.do(committees, committee, command)

    async def seat(self, member: MemberId, role: Any = "member", on: date = date(2023, 5, 23)) -> None:
        await self.do(committees, PLANNING, TakeSeat(member, role, on))

    async def call(self, **kw: Any) -> MeetingId:
        """Schedule a meeting; `sitting`, `room`, `kit`, `members` and so on as in `sentences.schedule`."""
        command: ScheduleMeeting = schedule(kw.pop("meeting", MeetingId(uuid4())), **kw)
        await self.do(meetings, command.meeting_id, command)
        return command.meeting_id

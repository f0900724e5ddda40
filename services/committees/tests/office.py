"""A committee office at work, for tests: what officers do, in a line each, through the deciders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from services.committees.meetings.commands import ScheduleMeeting
from services.committees.meetings.decider import meetings
from services.committees.tests.sentences import IN_AUGUST, schedule
from shared.eventcore.recording import Receipt
from shared.eventcore.testing.core import Core, by
from shared.events.values_committees import MeetingId


@dataclass
class Office:
    core: Core

    def __post_init__(self) -> None:
        self.core.clock.offset += IN_AUGUST - self.core.clock()

    async def do(self, decider: Any, stream: UUID, *commands: Any) -> Receipt:
        for command in commands:
            receipt = await self.core.execute(decider, stream, command, by=by())
        return receipt

    async def call(self, **kw: Any) -> MeetingId:
        """Schedule a meeting; `sitting`, `room`, `kit`, `members` and so on as in `sentences.schedule`."""
        command: ScheduleMeeting = schedule(kw.pop("meeting", MeetingId(uuid4())), **kw)
        await self.do(meetings, command.meeting_id, command)
        return command.meeting_id

"""Stories of committees: a member in and out of office, in and out of the chair, and summoned to a meeting that moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

from services.committees.bodies.decider import CreateCommittee, LeaveSeat, TakeSeat, committees
from services.committees.meetings.commands import (
    AddAgendaItem,
    Body,
    CallMember,
    CancelMeeting,
    MoveMeeting,
    PublishAgenda,
    ScheduleMeeting,
)
from services.committees.meetings.decider import meetings
from services.committees.members.decider import LeaveOffice, TakeOffice, members
from shared.events.values import PersonId, PersonName, Ward
from shared.events.values_committees import AgendaItemId, CommitteeId, MeetingId, MemberId, NoticeRule, Sitting
from tests.contract.emission import story

ADA, HERSELF = MemberId(UUID(int=1)), PersonId(UUID(int=2))
PLANNING, CABINET = CommitteeId(UUID(int=3)), CommitteeId(UUID(int=4))
ADA_MARSH = PersonName("Ada", "Marsh")
MAY = date(2026, 5, 19)
BEA, MEETING, ITEM = MemberId(UUID(int=5)), MeetingId(UUID(int=6)), AgendaItemId(UUID(int=7))
EVENING, AUGUST = Sitting(date(2026, 9, 23), time(19), time(21)), datetime(2026, 8, 10, 9, tzinfo=UTC)

EMITTED = (
    *story(
        members,
        TakeOffice(ADA, HERSELF, ADA_MARSH, "Independent", date(2023, 5, 8), ward=Ward("E05999001")),
        LeaveOffice(date(2027, 5, 10), "term-ended"),
    ),
    *story(members, TakeOffice(ADA, HERSELF, ADA_MARSH, "", MAY)),
    *story(
        committees,
        CreateCommittee(PLANNING, "Planning Committee", "ordinary", 9, date(2026, 4, 1)),
        TakeSeat(ADA, "chair", MAY),
        LeaveSeat(ADA, date(2026, 10, 2), "Resigned."),
    ),
    *story(
        committees,
        CreateCommittee(CABINET, "Cabinet", "executive", 9, date(2026, 4, 1)),
        TakeSeat(ADA, "cabinet-member", MAY),
        TakeSeat(ADA, "leader", date(2026, 6, 1)),
        LeaveSeat(ADA, date(2026, 10, 1), "Resigned."),
    ),
    *story(
        meetings,
        ScheduleMeeting(
            MEETING, Body(PLANNING, "Planning Committee", "ordinary", NoticeRule()), EVENING, AUGUST, members=(ADA,)
        ),
        AddAgendaItem(ITEM, "Minutes", AUGUST),
        PublishAgenda(AUGUST, AUGUST),
        CallMember(BEA),
        MoveMeeting(Sitting(date(2026, 9, 30), time(19), time(21)), "Hall closed", AUGUST),
        CancelMeeting("No business", date(2026, 8, 11)),
    ),
)

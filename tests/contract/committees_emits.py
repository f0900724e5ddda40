"""Stories of committees: a member in and out of office, and in and out of the chair."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.committees.bodies.decider import CreateCommittee, LeaveSeat, TakeSeat, committees
from services.committees.members.decider import LeaveOffice, TakeOffice, members
from shared.events.values import PersonId, PersonName, Ward
from shared.events.values_committees import CommitteeId, MemberId
from tests.contract.emission import story

ADA, HERSELF = MemberId(UUID(int=1)), PersonId(UUID(int=2))
PLANNING, CABINET = CommitteeId(UUID(int=3)), CommitteeId(UUID(int=4))
ADA_MARSH = PersonName("Ada", "Marsh")
MAY = date(2026, 5, 19)

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
)

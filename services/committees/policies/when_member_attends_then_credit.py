"""Being at a meeting in the room, in one's own seat or another's, ends an absence. [LGA 1972 s.85(1)-(2)]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.committees.members.decider import CreditAttendance, members
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import AttendanceRecorded


@policy("when_member_attends_then_credit", on=[AttendanceRecorded])
def credit_attendance(event: Recorded[AttendanceRecorded]) -> Iterable[Any]:
    at = event.data
    if at.attendance in ("present", "substitute"):
        yield Do(members, at.member_id, CreditAttendance(at.meeting_id, at.on_day))

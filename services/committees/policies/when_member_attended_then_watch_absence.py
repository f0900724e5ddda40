"""Six months without attendance cost the office: the officers are warned at four, five and five and a half, and then.
[LGA 1972 s.85(1)]"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from services.committees.members.decider import WarnOfAbsence, members
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import MemberAttended, MemberTookOffice
from shared.events.values_committees import AbsenceStage
from shared.law.meetings import absence


@policy("when_member_attended_then_watch_absence", on=[MemberTookOffice, MemberAttended])
def watch_absence(event: Recorded[MemberTookOffice] | Recorded[MemberAttended]) -> Iterable[Any]:
    first_term_day = isinstance(event.data, MemberTookOffice)
    last = event.data.from_on if isinstance(event.data, MemberTookOffice) else event.data.attended_on
    clock = absence(last)
    stages: list[tuple[AbsenceStage, date]] = [*clock.alerts, ("lapsed", clock.lapses_after + timedelta(days=1))]
    for stage, day in stages:
        due = datetime.combine(day, time(), LONDON)
        # Of a member who is recorded long after the election nobody told us when they came: the first attendance will.
        if not first_term_day or due > event.recorded_at:
            # A later attendance has deadlines of its own; one that was overtaken finds that and stays silent.
            yield Later(due, members, event.stream_id, WarnOfAbsence(stage, last), f"absence {stage} since {last}")

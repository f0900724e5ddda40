"""A proclaimed holiday and a timetable that spans it: the timetable is worked out anew, whichever came first.
[RPA 1983 s.119; Sch 1 r.2; SI 2006/3304 Sch 2 r.2]"""

from __future__ import annotations

from collections.abc import Iterable

from services.elections.polls.commands import CountHolidays
from services.elections.polls.decider import elections
from shared.eventcore.clock import london_date
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.elections import BankHolidayProclaimed, TimetableEntered


@policy("when_holiday_meets_timetable_then_recompute", on=[BankHolidayProclaimed, TimetableEntered])
def recompute_timetable(event: Recorded[BankHolidayProclaimed] | Recorded[TimetableEntered]) -> Iterable[Do]:
    today = london_date(event.recorded_at)
    match event.data:
        case BankHolidayProclaimed(holiday=holiday, elections=spanned):
            for election in spanned:
                yield Do(elections, election, CountHolidays((holiday,), today), f"{holiday.name} proclaimed")
        case TimetableEntered(election_id=election, holidays=holidays) if holidays:
            yield Do(elections, election, CountHolidays(holidays, today), "holidays proclaimed before")

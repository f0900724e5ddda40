"""A timetable is entered in the council's calendar, so that a holiday proclaimed later finds it, and one proclaimed before
is found."""

from __future__ import annotations

from collections.abc import Iterable

from services.elections.calendar.decider import EnterTimetable, bank_holidays
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.elections import TimetableFixed, calendar_id
from shared.events.values import Authority


@policy("when_timetable_fixed_then_enter_it", on=[TimetableFixed])
def enter_timetable(event: Recorded[TimetableFixed]) -> Iterable[Do]:
    days = [step.day for step in event.data.steps]
    command = EnterTimetable(event.data.election_id, min(days), max(days))
    yield Do(bank_holidays, calendar_id(Authority(event.authority)), command, "timetable fixed")

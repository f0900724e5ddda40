"""Before a declaration ends its maker is reminded, and once more if nothing comes. [RPR 2001 r.25; EC guidance]"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from services.registration.declarations.decider import RemindOfRenewal, declarations
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import DeclarationReminderGiven, DeclarationRenewed, DeclarationTookEffect
from shared.law.declarations import first_reminder, second_reminder

Event = DeclarationTookEffect | DeclarationRenewed | DeclarationReminderGiven


@policy(
    "when_declaration_runs_then_remind_of_its_end",
    on=[DeclarationTookEffect, DeclarationRenewed, DeclarationReminderGiven],
)
def remind(event: Recorded[Event]) -> Iterable[Any]:
    match event.data:
        case DeclarationTookEffect(category=category, effective_on=since, until=until):
            yield due(event, 1, until, first_reminder(category, since, until).first)
        case DeclarationRenewed(category=category, effective_on=since, until=until):
            yield due(event, 1, until, first_reminder(category, since, until).first)
        case DeclarationReminderGiven(category=category, reminder=1, until=until, given_on=given_on):
            again = second_reminder(category, given_on)
            if again is not None:
                yield due(event, 2, until, again.first)
        case _:
            return


def due(event: Recorded[Event], reminder: int, until: date, on: date) -> Later:
    # The purpose names the term: a renewed one has deadlines of its own, and those of the old one change nothing.
    purpose = f"reminder {reminder} of {until.isoformat()}"
    at = datetime.combine(on, time(), LONDON)
    return Later(at, declarations, event.stream_id, RemindOfRenewal(reminder, until, on), purpose)

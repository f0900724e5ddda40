"""Nobody waits for an invitation longer than the law allows, or for a reminder: what no officer sends goes out when due.

[RPA 1983 s.9E; RPR 2001 r.32ZC-32ZD] The visit and all that follows it are an officer's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from services.registration.invitations.commands import GiveInvitation, GiveReminder
from services.registration.invitations.decider import invitations
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, Never, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import (
    InvitationClosed,
    InvitationGiven,
    InvitationReminderGiven,
    PotentialElectorFound,
)
from shared.law.invitations import REMINDERS

INVITATION = "invitation"


def reminder(nth: int) -> str:
    return f"reminder {nth} of an invitation"


@policy(
    "when_potential_elector_is_found_then_invite_and_remind",
    on=[PotentialElectorFound, InvitationGiven, InvitationReminderGiven, InvitationClosed],
)
def invite_and_remind(event: Recorded[Any]) -> Iterable[Later | Never]:
    match event.data:
        case PotentialElectorFound(invite_by=day):
            yield at(day, event, GiveInvitation(day), INVITATION)
        case InvitationGiven(next_on=day):
            yield Never(event.stream_id, INVITATION)
            yield at(day, event, GiveReminder(1, day), reminder(1))
        case InvitationReminderGiven(nth=nth, next_on=day) if nth < REMINDERS.on(day):
            yield at(day, event, GiveReminder(nth + 1, day), reminder(nth + 1))
        case InvitationClosed(closed_on=day):
            yield Never(event.stream_id, INVITATION)
            for nth in range(1, REMINDERS.on(day) + 1):
                yield Never(event.stream_id, reminder(nth))
        case _:
            return


def at(day: date, event: Recorded[Any], command: Any, purpose: str) -> Later:
    return Later(datetime.combine(day, time(), LONDON), invitations, event.stream_id, command, purpose)

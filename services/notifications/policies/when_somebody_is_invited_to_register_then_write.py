"""Who should be registered and is not is invited, reminded and, if need be, required to apply. [RPA 1983 s.9E; RPR 2001 r.32ZC-32ZE]

Somebody who is invited is written to as an applicant is: by the id under which registration knows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ApplicationRequired, InvitationGiven, InvitationReminderGiven
from shared.events.values_notifications import Recipient
from shared.law.invitations import PENALTY_PENCE

Step = InvitationGiven | InvitationReminderGiven | ApplicationRequired


def invited(event: Recorded[Step]) -> Recipient:
    return Recipient("applicant", event.stream_id, event.data.person_id)


@policy(
    "when_somebody_is_invited_to_register_then_write",
    on=[InvitationGiven, InvitationReminderGiven, ApplicationRequired],
    given=wishes_of(invited),
)
def invite(wanted: Preferences, event: Recorded[Step]) -> Iterable[Do]:
    match event.data:
        case InvitationGiven():
            yield message(event, "registration-invitation", invited(event), {}, wanted)
        case InvitationReminderGiven():
            yield message(event, "registration-invitation-reminder", invited(event), {}, wanted)
        case ApplicationRequired(required_on=on, apply_by=until):
            data = {"apply_by": until.isoformat(), "pence": str(PENALTY_PENCE.on(on))}
            yield message(event, "registration-requirement", invited(event), data, wanted)
        case _:
            assert_never(event.data)

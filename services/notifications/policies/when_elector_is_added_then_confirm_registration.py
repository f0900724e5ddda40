"""Who applied and was added to the register is told so, and who is on it again after all. Entries taken over from another
system answer no application."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorAdded
from shared.events.values_notifications import Recipient


def elector(event: Recorded[ElectorAdded]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy("when_elector_is_added_then_confirm_registration", on=[ElectorAdded], given=wishes_of(elector))
def confirm_registration(wanted: Preferences, event: Recorded[ElectorAdded]) -> Iterable[Do]:
    added = event.data
    data = {"effective_on": (added.in_force_since or added.effective_on).isoformat()}
    if added.reinstated:
        yield message(event, "registration-reinstated", elector(event), data, wanted)
    elif added.application_id is not None:
        yield message(event, "registration-confirmation", elector(event), data, wanted)

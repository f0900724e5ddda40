"""Who applied and was added to the register is told so. Entries taken over from another system answer no application."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import letter
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorAdded
from shared.events.values_notifications import Recipient


@policy("when_elector_is_added_then_confirm_registration", on=[ElectorAdded])
def confirm_registration(event: Recorded[ElectorAdded]) -> Iterable[Do]:
    added = event.data
    if added.application_id is not None:
        data = {"effective_on": added.effective_on.isoformat()}
        yield letter(event, "registration-confirmation", Recipient("elector", added.elector_id, added.person_id), data)

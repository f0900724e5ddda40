"""Whose declaration is about to end is reminded to renew it. [RPR 2001 r.25; RPA 1985 s.1D-1E; EC guidance]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import DeclarationReminderGiven
from shared.events.values_notifications import Recipient


def elector(event: Recorded[DeclarationReminderGiven]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy("when_declaration_is_about_to_end_then_remind", on=[DeclarationReminderGiven], given=wishes_of(elector))
def remind(wanted: Preferences, event: Recorded[DeclarationReminderGiven]) -> Iterable[Do]:
    data = {"until": event.data.until.isoformat()}
    yield message(event, f"renewal-reminder-{event.data.category}", elector(event), data, wanted)

"""Absent voters are asked to apply or to sign again, and reminded. [RPA 2000 Sch 4 para 3; RPR 2001 r.60A; EC-E]

A proxy who votes by post applies anew themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import RenewalReminderSent, RenewalRequested
from shared.events.values_notifications import Recipient

Asked = Recorded[RenewalRequested] | Recorded[RenewalReminderSent]


def addressee(event: Asked) -> Recipient:
    asked = event.data
    return Recipient("elector", asked.elector_id, asked.person_id, asked.arrangement == "postal-proxy")


@policy("when_renewal_is_asked_for_then_write", on=[RenewalRequested, RenewalReminderSent], given=wishes_of(addressee))
def ask_for_renewal(wanted: Preferences, event: Asked) -> Iterable[Do]:
    asked = event.data
    template = "signature-refresh" if asked.need == "signature" else f"{asked.arrangement}-renewal"
    if isinstance(asked, RenewalReminderSent):
        template += "-reminder"
    yield message(event, template, addressee(event), {"answer_by": asked.answer_by.isoformat()}, wanted)

"""Absent voters are asked to apply or to sign again, and reminded. [RPA 2000 Sch 4 para 3; RPR 2001 r.60A; EC-E]

Of a proxy who votes by post no other service knows an address; the registration office writes to these itself.
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


def elector(event: Asked) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy("when_renewal_is_asked_for_then_write", on=[RenewalRequested, RenewalReminderSent], given=wishes_of(elector))
def ask_for_renewal(wanted: Preferences, event: Asked) -> Iterable[Do]:
    asked = event.data
    if asked.arrangement == "postal-proxy":
        return
    template = "signature-refresh" if asked.need == "signature" else f"{asked.arrangement}-renewal"
    if isinstance(asked, RenewalReminderSent):
        template += "-reminder"
    yield message(event, template, elector(event), {"answer_by": asked.answer_by.isoformat()}, wanted)

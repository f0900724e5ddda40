"""Whose application was rejected is told the reasons in writing, and that they may appeal. [RPA 1983 s.56; RPR 2001 r.32]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ApplicationRejected
from shared.events.values_notifications import Recipient


def applicant(event: Recorded[ApplicationRejected]) -> Recipient:
    return Recipient("applicant", event.stream_id, event.data.person_id)


@policy("when_application_is_rejected_then_give_reasons", on=[ApplicationRejected], given=wishes_of(applicant))
def give_reasons(wanted: Preferences, event: Recorded[ApplicationRejected]) -> Iterable[Do]:
    rejected = event.data
    data = {"determined_on": rejected.determined_on.isoformat(), "reasons": ",".join(rejected.reasons)}
    yield message(event, "registration-rejection", applicant(event), data, wanted)

"""Who applied and left something out, or could not be confirmed by any record, is asked for it. [RPR 2001 r.26, r.26B]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ApplicationFoundIncomplete, EvidenceRequested
from shared.events.values_notifications import Recipient

Wanting = ApplicationFoundIncomplete | EvidenceRequested


def applicant(event: Recorded[Wanting]) -> Recipient:
    return Recipient("applicant", event.stream_id, event.data.person_id)


@policy(
    "when_application_wants_something_then_ask_for_it",
    on=[ApplicationFoundIncomplete, EvidenceRequested],
    given=wishes_of(applicant),
)
def ask_for_what_is_wanting(wanted: Preferences, event: Recorded[Wanting]) -> Iterable[Do]:
    if event.data.person_id is None:  # recorded before it said who
        return
    if isinstance(event.data, EvidenceRequested):
        data = {"requested_on": event.data.requested_on.isoformat()}
        yield message(event, "evidence-request", applicant(event), data, wanted)
    else:
        data = {"missing": ",".join(event.data.missing)}
        yield message(event, "application-incomplete", applicant(event), data, wanted)

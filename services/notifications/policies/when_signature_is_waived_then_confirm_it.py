"""Who need not sign is told so: the elector, or the elector's proxy who votes by post. [RPR 2001 r.51B]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import SignatureWaived
from shared.events.values_notifications import Recipient


def signer(event: Recorded[SignatureWaived]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id, event.data.whose == "proxy")


@policy("when_signature_is_waived_then_confirm_it", on=[SignatureWaived], given=wishes_of(signer))
def confirm_waiver(wanted: Preferences, event: Recorded[SignatureWaived]) -> Iterable[Do]:
    yield message(event, "signature-waived", signer(event), {"waived_on": event.data.waived_on.isoformat()}, wanted)

"""Whose signature nobody could check a postal vote against is asked for a better picture, and told what is wrong. [RPR 2001 r.51(3)]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import FreshSignatureRequested
from shared.events.values_notifications import Recipient


def signer(event: Recorded[FreshSignatureRequested]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id, event.data.whose == "proxy")


@policy("when_fresh_signature_is_requested_then_write", on=[FreshSignatureRequested], given=wishes_of(signer))
def ask_for_fresh_signature(wanted: Preferences, event: Recorded[FreshSignatureRequested]) -> Iterable[Do]:
    yield message(event, "fresh-signature", signer(event), {"fault": event.data.fault}, wanted)

"""Who may vote by proxy is told so, and for how long. Who the proxy is, the elector knows. [RPR 2001 r.57]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ProxyAppointed
from shared.events.values_notifications import Recipient


def elector(event: Recorded[ProxyAppointed]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy("when_proxy_is_appointed_then_confirm_it", on=[ProxyAppointed], given=wishes_of(elector))
def confirm_proxy(wanted: Preferences, event: Recorded[ProxyAppointed]) -> Iterable[Do]:
    appointed, to = event.data, elector(event)
    starts = {"valid_from": appointed.valid_from.isoformat()}
    if appointed.poll is not None:
        yield message(event, "proxy-for-one-poll", to, {"poll": appointed.poll.isoformat()}, wanted)
    elif appointed.valid_until is not None:
        period = starts | {"valid_until": appointed.valid_until.isoformat()}
        yield message(event, "proxy-for-a-period", to, period, wanted)
    else:
        yield message(event, "proxy-confirmation", to, starts, wanted)

"""A proxy is told for whom they may vote and how long, whether by post, and when it ends. [RPR 2001 r.57; RPA 2000 Sch 4 para 6-7]

The letter names the elector, and the elector's owner alone says how they are called, when it is written. What ends because its
time is over was told from the start; a postal vote that ends with the appointment is not told beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.policies.when_absent_vote_is_refused_then_give_reasons import reasons_told
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import (
    PostalProxyEnded,
    PostalProxyGranted,
    PostalProxyRefused,
    ProxyAppointed,
    ProxyEnded,
)
from shared.events.values_notifications import Recipient

Fact = (
    Recorded[ProxyAppointed]
    | Recorded[ProxyEnded]
    | Recorded[PostalProxyGranted]
    | Recorded[PostalProxyRefused]
    | Recorded[PostalProxyEnded]
)


def proxy(event: Fact) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.proxy_id, as_proxy=True)


@policy(
    "when_somebody_acts_as_proxy_then_tell_them",
    on=[ProxyAppointed, ProxyEnded, PostalProxyGranted, PostalProxyRefused, PostalProxyEnded],
    given=wishes_of(proxy),
)
def tell_proxy(wanted: Preferences, event: Fact) -> Iterable[Do]:
    to = proxy(event)
    if to.person_id is None:
        return
    match event.data:
        case ProxyAppointed() as appointed:
            template, data = _appointed(appointed)
        case ProxyEnded(still_acts=True) | ProxyEnded(because="expired"):
            return
        case ProxyEnded(poll=None, ended_on=on):
            template, data = "proxy-appointment-ended", {"ended_on": on.isoformat()}
        case ProxyEnded(poll=poll):
            template, data = "proxy-appointment-for-one-poll-ended", {"poll": poll.isoformat()}
        case PostalProxyGranted(poll=None, valid_from=start, valid_until=until):
            data = {"valid_from": start.isoformat(), "valid_until": until.isoformat()}
            template = "postal-proxy-confirmation"
        case PostalProxyGranted(poll=poll):
            template, data = "postal-proxy-for-one-poll", {"poll": poll.isoformat()}
        case PostalProxyRefused(reasons=reasons):
            template, data = "postal-proxy-refused", {"reasons": reasons_told(reasons)}
        case PostalProxyEnded(because="own-request", ended_on=on):
            template, data = "postal-proxy-ended", {"ended_on": on.isoformat()}
        case PostalProxyEnded():
            return
    yield message(event, template, to, data, wanted)


def _appointed(appointed: ProxyAppointed) -> tuple[str, dict[str, str]]:
    if appointed.poll is not None:
        return "proxy-appointment-for-one-poll", {"poll": appointed.poll.isoformat()}
    starts = {"valid_from": appointed.valid_from.isoformat()}
    if appointed.valid_until is not None:
        return "proxy-appointment-for-a-period", starts | {"valid_until": appointed.valid_until.isoformat()}
    return "proxy-appointment", starts

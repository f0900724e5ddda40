"""An appointment for a poll or a period ends the day after its last, and so does a proxy's vote by post.
[RPA 2000 Sch 4 paras 6-7]"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from services.registration.absent_votes.commands import EndPostalProxy, EndProxy
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import PostalProxyGranted, ProxyAppointed


@policy("when_proxy_is_appointed_then_it_expires", on=[ProxyAppointed, PostalProxyGranted])
def expire_proxy(event: Recorded[ProxyAppointed] | Recorded[PostalProxyGranted]) -> Iterable[Later]:
    elector, until = event.data.elector_id, event.data.valid_until
    if until is None:
        return
    after = until + timedelta(days=1)
    # As with postal votes, the purpose names the day: one that a later appointment overtook finds it running and ends
    # nothing.
    match event.data:
        case ProxyAppointed(poll=poll):
            command: EndProxy | EndPostalProxy = EndProxy(elector, after, "expired", poll)
            purpose = f"proxy {poll or 'standing'} expires {until.isoformat()}"
        case PostalProxyGranted():
            command, purpose = EndPostalProxy(elector, after, "expired"), f"postal proxy expires {until.isoformat()}"
    yield Later(datetime.combine(after, time(), LONDON), absent_votes, event.stream_id, command, purpose)

"""Who left another council's area and was allowed here is told to that council, so that it can end the old entry.

[RPR 2001 r.31C(2)(a); EC guidance on home movers]
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid5

from services.registration.movers.decider import ConfirmMover, movers
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ApplicationAllowed, ApplicationReceived
from shared.events.values import ApplicationId, Authority, MoverNoticeId


async def former_council(lookup: Lookup, event: Recorded[ApplicationAllowed]) -> Authority | None:
    """The other council whose area the applicant left; never an anonymous applicant's."""
    for e in await lookup.history(event.stream_id):
        if isinstance(e.data, ApplicationReceived) and not e.data.anonymous:
            left = e.data.previous_gss_code
            return left if left and left != lookup.authority else None
    return None


@policy("when_application_allowed_then_former_council_is_to_be_told", on=[ApplicationAllowed], given=former_council)
def tell_former_council(council: Authority | None, event: Recorded[ApplicationAllowed]) -> Iterable[Do]:
    if council is not None:
        notice = MoverNoticeId(uuid5(event.stream_id, "mover"))
        command = ConfirmMover(notice, ApplicationId(event.stream_id), council, event.data.determined_on)
        yield Do(movers, notice, command, "an application of a home mover was allowed")

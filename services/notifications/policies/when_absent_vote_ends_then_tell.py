"""Whose postal vote or proxy ends is told: with the registration, for want of a signature, because they or the proxy asked.
[RPA 2000 Sch 4; RPR 2001 r.57, r.60A]

Nobody writes to the dead: such an event names no person. What ends because its time is over was announced by the renewal,
and what takes the place of another is confirmed itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import PostalVoteCancelled, PostalVoteEnded, ProxyEnded
from shared.events.values_notifications import Recipient

Ended = Recorded[PostalVoteCancelled] | Recorded[PostalVoteEnded] | Recorded[ProxyEnded]


def elector(event: Ended) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy(
    "when_absent_vote_ends_then_tell", on=[PostalVoteCancelled, PostalVoteEnded, ProxyEnded], given=wishes_of(elector)
)
def tell_end(wanted: Preferences, event: Ended) -> Iterable[Do]:
    ended = event.data
    if ended.person_id is None:
        return
    if isinstance(ended, PostalVoteCancelled):
        data = {"cancelled_on": ended.cancelled_on.isoformat()}
        yield message(event, "postal-vote-cancelled", elector(event), data, wanted)
        return
    match ended:
        case PostalVoteEnded(because="registration-ended"):
            template = "postal-vote-ended"
        case ProxyEnded(because="registration-ended", poll=None):
            template = "proxy-ended"
        case ProxyEnded(because="signature-not-refreshed"):
            template = "proxy-lapsed"
        case ProxyEnded(because="own-request"):
            template = "proxy-cancelled"
        case ProxyEnded(because="proxy-request"):
            template = "proxy-gave-up"
        case _:
            return
    yield message(event, template, elector(event), {"ended_on": ended.ended_on.isoformat()}, wanted)

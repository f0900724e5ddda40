"""Who may vote by post is told so, for how long, and whether that is shorter than was asked for. [RPR 2001 r.57]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import letter
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import PostalVoteGranted
from shared.events.values_notifications import Recipient


@policy("when_postal_vote_is_granted_then_confirm_it", on=[PostalVoteGranted])
def confirm_postal_vote(event: Recorded[PostalVoteGranted]) -> Iterable[Do]:
    granted = event.data
    to = Recipient("elector", granted.elector_id, granted.person_id)
    if granted.poll is not None:
        yield letter(event, "postal-vote-for-one-poll", to, {"poll": granted.poll.isoformat()})
    else:
        template = "postal-vote-shortened" if granted.shortened else "postal-vote-confirmation"
        period = {"valid_from": granted.valid_from.isoformat(), "valid_until": granted.valid_until.isoformat()}
        yield letter(event, template, to, period)

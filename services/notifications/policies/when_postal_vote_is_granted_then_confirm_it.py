"""Who may vote by post is told so, for how long, and whether that is shorter than was asked for. [RPR 2001 r.57]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import PostalVoteGranted
from shared.events.values_notifications import Recipient


def elector(event: Recorded[PostalVoteGranted]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy("when_postal_vote_is_granted_then_confirm_it", on=[PostalVoteGranted], given=wishes_of(elector))
def confirm_postal_vote(wanted: Preferences, event: Recorded[PostalVoteGranted]) -> Iterable[Do]:
    granted, to = event.data, elector(event)
    if granted.poll is not None:
        yield message(event, "postal-vote-for-one-poll", to, {"poll": granted.poll.isoformat()}, wanted)
    else:
        template = "postal-vote-shortened" if granted.shortened else "postal-vote-confirmation"
        period = {"valid_from": granted.valid_from.isoformat(), "valid_until": granted.valid_until.isoformat()}
        yield message(event, template, to, period, wanted)

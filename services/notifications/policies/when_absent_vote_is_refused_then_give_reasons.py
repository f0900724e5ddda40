"""Whose application to vote by post or by proxy is refused is told why. [RPR 2001 r.57]

The suspicion of fraud is nobody's to read but the police's: of reasons that are not to be told, none is.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import PostalVoteRefused, ProxyRefused
from shared.events.values_notifications import Recipient

NEVER_TOLD = frozenset({"fraudulent-application"})
INSTEAD = "other"


def reasons_told(reasons: Iterable[str]) -> str:
    """What of the reasons is told, for a template."""
    return ",".join([reason for reason in reasons if reason not in NEVER_TOLD] or [INSTEAD])


def elector(event: Recorded[PostalVoteRefused] | Recorded[ProxyRefused]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy("when_absent_vote_is_refused_then_give_reasons", on=[PostalVoteRefused, ProxyRefused], given=wishes_of(elector))
def refuse_absent_vote(
    wanted: Preferences, event: Recorded[PostalVoteRefused] | Recorded[ProxyRefused]
) -> Iterable[Do]:
    template = "postal-vote-refused" if isinstance(event.data, PostalVoteRefused) else "proxy-refused"
    yield message(event, template, elector(event), {"reasons": reasons_told(event.data.reasons)}, wanted)

"""Who was asked to sign again and did not in time votes by proxy no longer. [RPR 2001 r.60A(4)]"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from services.registration.absent_votes.commands import LapseUnanswered
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import RenewalRequested


@policy("when_fresh_signature_is_asked_for_then_proxy_lapses", on=[RenewalRequested])
def lapse(event: Recorded[RenewalRequested]) -> Iterable[Later]:
    asked = event.data
    if asked.need == "signature":
        after = asked.answer_by + timedelta(days=1)
        command = LapseUnanswered(asked.elector_id, asked.campaign_id, after)
        due = datetime.combine(after, time(), LONDON)
        yield Later(due, absent_votes, event.stream_id, command, f"signature lapses {asked.campaign_id}")

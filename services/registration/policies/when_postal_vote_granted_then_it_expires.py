"""A postal vote ends the day after its last: third 31 January, a poll, or the day asked for. [RPA 2000 Sch 4 para 3]"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from services.registration.absent_votes.commands import EndPostalVote
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import PostalVoteGranted


@policy("when_postal_vote_granted_then_it_expires", on=[PostalVoteGranted])
def expire_postal_vote(event: Recorded[PostalVoteGranted]) -> Iterable[Any]:
    elector, until = event.data.elector_id, event.data.valid_until
    after = until + timedelta(days=1)
    # The purpose names the day: a later grant, running longer, has a deadline of its own. One that was overtaken finds
    # the arrangement still running, or gone, and changes nothing.
    purpose = f"postal vote expires {until.isoformat()}"
    command = EndPostalVote(elector, after, "expired")
    yield Later(datetime.combine(after, time(), LONDON), absent_votes, event.stream_id, command, purpose)

"""A postal vote rests on the registration: when the entry ends, so does it. [RPA 2000 Sch 4 para 3; EC-E]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.registration.postal_votes.decider import EndPostalVote, postal_votes
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorRemoved
from shared.events.values import postal_vote_id


@policy("when_elector_removed_then_end_postal_vote", on=[ElectorRemoved])
def end_postal_vote(event: Recorded[ElectorRemoved]) -> Iterable[Any]:
    elector, on = event.data.elector_id, event.data.effective_on
    yield Do(postal_votes, postal_vote_id(elector), EndPostalVote(elector, on, "registration-ended"))

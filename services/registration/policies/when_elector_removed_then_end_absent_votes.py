"""Absent voting rests on the registration: when the entry ends, by a move within the district too, so does all of it.
[RPA 2000 Sch 4 para 3; EC-E]"""

from __future__ import annotations

from collections.abc import Iterable

from services.registration.absent_votes.commands import EndAbsentVotes
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorRemoved, RemovalGround
from shared.events.values import absent_votes_id

DEATH: frozenset[RemovalGround] = frozenset({"death-certificate", "registrar-notice", "satisfied-of-death"})


@policy("when_elector_removed_then_end_absent_votes", on=[ElectorRemoved])
def end_absent_votes(event: Recorded[ElectorRemoved]) -> Iterable[Do]:
    elector, on = event.data.elector_id, event.data.effective_on
    told = event.data.ground not in DEATH
    yield Do(absent_votes, absent_votes_id(elector), EndAbsentVotes(elector, on, told))

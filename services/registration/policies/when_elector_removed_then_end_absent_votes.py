"""Absent voting rests on the registration: when the entry ends, by a move within the district too, so does all of it; when the
entry stands again, by an undone merge or because it never should have ended, so does what ended with it.
[RPA 2000 Sch 4 para 3; EC-E]

One policy for both: a reader that fell behind must not carry out the end after the restoring.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registration.absent_votes.commands import EndAbsentVotes, RestoreAbsentVotes
from services.registration.absent_votes.decider import absent_votes
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorAdded, ElectorRemoved, RemovalGround
from shared.events.values import absent_votes_id
from shared.law.proxies import PROXY_ACTS_FOR_ENOUGH, PROXY_ACTS_FOR_ENOUGH_AT_HOME

DEATH: frozenset[RemovalGround] = frozenset({"death-certificate", "registrar-notice", "satisfied-of-death"})
NO_PLACE_LEFT = frozenset({PROXY_ACTS_FOR_ENOUGH.name, PROXY_ACTS_FOR_ENOUGH_AT_HOME.name})


@dataclass(frozen=True, slots=True)
class Undone:
    """The end of the entry that is undone, and whether its proxies were found to have no place left."""

    ended_on: date
    no_place: bool


async def undone(lookup: Lookup, event: Recorded[Any]) -> Undone | None:
    """None: nothing is."""
    if not (isinstance(event.data, ElectorAdded) and event.data.reinstated):
        return None
    history = await lookup.history(event.stream_id)
    ends = [e.data.effective_on for e in history if e.version < event.version and isinstance(e.data, ElectorRemoved)]
    return Undone(ends[-1], lookup.attempt > 0) if ends else None


@policy("when_elector_removed_then_end_absent_votes", on=[ElectorRemoved, ElectorAdded], given=undone)
def end_absent_votes(end: Undone | None, event: Recorded[ElectorRemoved] | Recorded[ElectorAdded]) -> Iterable[Do]:
    """End them, or have them restored."""
    elector, on = event.data.elector_id, event.data.effective_on
    if isinstance(event.data, ElectorRemoved):
        command = EndAbsentVotes(elector, on, event.data.ground not in DEATH)
        yield Do(absent_votes, absent_votes_id(elector), command)
    elif end is not None:
        again = RestoreAbsentVotes(elector, end.ended_on, on, end.no_place)
        yield Do(absent_votes, absent_votes_id(elector), again, "entry restored", again_on=NO_PLACE_LEFT)

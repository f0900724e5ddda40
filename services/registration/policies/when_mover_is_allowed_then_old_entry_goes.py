"""Who moved within the council has one entry: the old one goes when the application for the new address is allowed.

[RPA 1983 s.10ZE; RPR 2001 r.31C(2)(a)] Only after an officer said that the two are one person who moved; absent votes do not
go along. Whichever comes last, the officer's word or the allowance, brings the removal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.registration.electors.commands import RemoveElector
from services.registration.electors.decider import electors
from shared.eventcore.clock import london_date
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ApplicationAllowed, DuplicateConfirmed
from shared.events.values import EvidenceSource

OLD_ENTRIES = (
    "SELECT one_id FROM duplicates.suspicion"
    " WHERE authority = $1 AND other_id = $2 AND one_kind = 'elector' AND other_kind = 'application' AND moved"
)


async def old_entries(lookup: Lookup, event: Recorded[Any]) -> tuple[tuple[UUID, UUID], ...]:
    """Entries that go, each with the allowed application."""
    match event.data:
        case ApplicationAllowed():
            rows = await lookup.conn.fetch(OLD_ENTRIES, lookup.authority, event.stream_id)
            return tuple((row["one_id"], event.stream_id) for row in rows)
        case DuplicateConfirmed(electors=(elector, *_), applications=(application, *_), moved=True):
            history = await lookup.history(application)
            allowed = any(isinstance(e.data, ApplicationAllowed) for e in history)
            return ((elector, application),) if allowed else ()
        case _:
            return ()


@policy("when_mover_is_allowed_then_old_entry_goes", on=[ApplicationAllowed, DuplicateConfirmed], given=old_entries)
def end_old_entry(leaving: tuple[tuple[UUID, UUID], ...], event: Recorded[Any]) -> Iterable[Do]:
    on = london_date(event.occurred_at)
    for elector, application in leaving:
        source = EvidenceSource("application-allowed", f"application {application}", on)
        yield Do(electors, elector, RemoveElector("moved-within-area", on, (source,)), "moved within the council")

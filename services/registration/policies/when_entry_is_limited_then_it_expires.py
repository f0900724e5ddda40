"""An overseas, service or local-connection entry has a last day; when it comes, the entry is removed. [RPA 1983 s.7B-15; RPA 1985 s.1]"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from services.registration.electors.commands import RemoveElector
from services.registration.electors.decider import electors
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, Never, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorAdded, ElectorRemoved, EntryTermChanged

PURPOSE = "entry expires"


@policy("when_entry_is_limited_then_it_expires", on=[ElectorAdded, EntryTermChanged, ElectorRemoved])
def expire_entry(
    event: Recorded[ElectorAdded] | Recorded[EntryTermChanged] | Recorded[ElectorRemoved],
) -> Iterable[Any]:
    match event.data:
        case ElectorAdded(ends_on=ends_on) | EntryTermChanged(ends_on=ends_on) if ends_on is not None:
            command = RemoveElector("expired", determined_on=ends_on)
            yield Later(datetime.combine(ends_on, time(), LONDON), electors, event.stream_id, command, PURPOSE)
        case ElectorRemoved():
            yield Never(event.stream_id, PURPOSE)
        case _:
            return

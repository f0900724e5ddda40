"""A summons that still waits when its meeting is moved or cancelled is called off: it would call members to a day on which
nothing takes place. What is told instead is `when_meeting_changes_then_tell_those_summoned`.

Which messages there may be follows from the meeting's own history: each is named after the event that it follows from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from services.notifications.messages.decider import CallOff, messages
from services.notifications.policies.when_meeting_changes_then_tell_those_summoned import Changed, summoned
from shared.eventcore.policy import Do, Lookup, policy
from shared.events.committees import MeetingCancelled, MeetingMoved
from shared.events.values_notifications import message_id

CALLS: Final = ("summons", "summons-supplement", "summons-moved")
"""Templates that call members to a meeting."""
STORED: Final = "SELECT id FROM stream WHERE id = ANY($1) AND authority = $2 ORDER BY id"


async def calls(lookup: Lookup, event: Changed) -> Sequence[UUID]:
    """The messages that have called members to the meeting so far."""
    called = summoned(event)
    members = called.members if called else ()
    possible = [
        message_id(f"{event.stream_id}@{version}", template, member)
        for version in range(1, event.version)
        for template in CALLS
        for member in members
    ]
    return [row["id"] for row in await lookup.conn.fetch(STORED, possible, event.authority)]


@policy("when_meeting_changes_then_call_off_what_waits", on=[MeetingMoved, MeetingCancelled], given=calls)
def call_off(waiting: Sequence[UUID], event: Changed) -> Iterable[Do]:
    reason = "meeting moved" if isinstance(event.data, MeetingMoved) else "meeting cancelled"
    for message in waiting:
        yield Do(messages, message, CallOff(reason, event.recorded_at), reason)

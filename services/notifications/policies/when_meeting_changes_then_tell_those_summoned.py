"""Who was summoned to a meeting is summoned anew when it has moved, and told when it will not take place.
[LGA 1972 Sch 12 para 4(2)]"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.notifications.messages.meetings import notices, wishes_of_all
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import MeetingCancelled, MeetingMoved
from shared.events.values_committees import Summons

Changed = Recorded[MeetingMoved] | Recorded[MeetingCancelled]


def summoned(event: Changed) -> Summons | None:
    return event.data.summons if isinstance(event.data, MeetingMoved) else event.data.summoned


@policy(
    "when_meeting_changes_then_tell_those_summoned",
    on=[MeetingMoved, MeetingCancelled],
    given=wishes_of_all(summoned),
)
def tell_those_summoned(wanted: Mapping[UUID, Preferences], event: Changed) -> Iterable[Do]:
    if isinstance(event.data, MeetingMoved):
        return notices(event, "summons-moved", summoned(event), wanted, was=event.data.was.day.isoformat())
    return notices(event, "meeting-cancelled", summoned(event), wanted)

"""The summons: with the agenda every member called is summoned in writing to its business; with a supplement they are told of
what was added. [LGA 1972 Sch 12 para 4(2)(b), s.100B]

The meeting as scheduled summons nobody: a summons names the business, and only the agenda does. Who takes a seat after the
agenda was out is summoned then. The clear days are counted by committees, before it publishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.notifications.messages.meetings import notices, wishes_of_all
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import AgendaPublished, MembersCalled

Called = Recorded[AgendaPublished] | Recorded[MembersCalled]


@policy(
    "when_agenda_is_published_then_summon_members",
    on=[AgendaPublished, MembersCalled],
    given=wishes_of_all(lambda event: event.data.summons),
)
def summon_members(wanted: Mapping[UUID, Preferences], event: Called) -> Iterable[Do]:
    called = event.data
    supplement = isinstance(called, AgendaPublished) and called.pack > 1
    return notices(event, "summons-supplement" if supplement else "summons", called.summons, wanted)

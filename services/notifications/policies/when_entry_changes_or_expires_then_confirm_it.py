"""Who asked for a change of name has it confirmed, who declared again how long the entry lasts now, and whose entry ran out
that it did. [RPA 1983 s.10ZD; RPR 2001 r.26A; RPA 1985 s.1D]

An entry that ends otherwise is told of by what ended it: a review, the register of another place. Nobody writes to the dead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import DeclarationRenewed, ElectorAmended, ElectorRemoved
from shared.events.values_notifications import Recipient

Change = ElectorAmended | DeclarationRenewed | ElectorRemoved


def elector(event: Recorded[Change]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy(
    "when_entry_changes_or_expires_then_confirm_it",
    on=[ElectorAmended, DeclarationRenewed, ElectorRemoved],
    given=wishes_of(elector),
)
def confirm_change(wanted: Preferences, event: Recorded[Change]) -> Iterable[Do]:
    match event.data:
        case ElectorAmended(application_id=None):
            return  # an officer put a name right: nobody asked
        case ElectorAmended(effective_on=on):
            template, data = "name-changed", {"effective_on": on.isoformat()}
        case DeclarationRenewed(until=until):
            template, data = "declaration-renewed", {"until": until.isoformat()}
        case ElectorRemoved(ground="expired", effective_on=on):
            template, data = "registration-expired", {"effective_on": on.isoformat()}
        case ElectorRemoved():
            return
        case _:
            assert_never(event.data)
    yield message(event, template, elector(event), data, wanted)

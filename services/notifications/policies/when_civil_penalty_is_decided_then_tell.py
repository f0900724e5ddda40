"""Who is to pay a civil penalty, or need not after all, is told, with what can be done about it. [RPR 2001 r.32ZF-32ZG]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import (
    CivilPenaltyAppealDismissed,
    CivilPenaltyCancelled,
    CivilPenaltyImposed,
    CivilPenaltyUpheld,
)
from shared.events.values_notifications import Recipient

Decision = CivilPenaltyImposed | CivilPenaltyUpheld | CivilPenaltyAppealDismissed | CivilPenaltyCancelled


def penalised(event: Recorded[Decision]) -> Recipient:
    return Recipient("applicant", event.stream_id, event.data.person_id)


@policy(
    "when_civil_penalty_is_decided_then_tell",
    on=[CivilPenaltyImposed, CivilPenaltyUpheld, CivilPenaltyAppealDismissed, CivilPenaltyCancelled],
    given=wishes_of(penalised),
)
def tell_of_penalty(wanted: Preferences, event: Recorded[Decision]) -> Iterable[Do]:
    match event.data:
        case CivilPenaltyImposed(pence=pence, pay_by=pay, review_by=review):
            data = {"pence": str(pence), "pay_by": pay.isoformat(), "review_by": review.isoformat()}
            yield message(event, "civil-penalty", penalised(event), data, wanted)
        case CivilPenaltyUpheld(reviewed_on=on, appeal_by=until):
            data = {"reviewed_on": on.isoformat(), "appeal_by": until.isoformat()}
            yield message(event, "civil-penalty-upheld", penalised(event), data, wanted)
        case CivilPenaltyAppealDismissed(decided_on=on):
            data = {"decided_on": on.isoformat()}
            yield message(event, "civil-penalty-appeal-dismissed", penalised(event), data, wanted)
        case CivilPenaltyCancelled(cancelled_on=on):
            yield message(event, "civil-penalty-cancelled", penalised(event), {"cancelled_on": on.isoformat()}, wanted)
        case _:
            assert_never(event.data)

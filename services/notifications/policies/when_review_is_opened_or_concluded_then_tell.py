"""Whose entry is under review has notice of it, of a hearing, and of the outcome with the right to appeal. [RPR 2001 r.31D-32]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ReviewConcluded, ReviewHearingCalled, ReviewOpened
from shared.events.values_notifications import Recipient

Step = ReviewOpened | ReviewHearingCalled | ReviewConcluded


def reviewed(event: Recorded[Step]) -> Recipient:
    return Recipient("elector", event.data.elector_id, event.data.person_id)


@policy(
    "when_review_is_opened_or_concluded_then_tell",
    on=[ReviewOpened, ReviewHearingCalled, ReviewConcluded],
    given=wishes_of(reviewed),
)
def tell_of_review(wanted: Preferences, event: Recorded[Step]) -> Iterable[Do]:
    match event.data:
        case ReviewOpened(review="C", answer_by=day) | ReviewHearingCalled(hearing_on=day):
            yield message(event, "review-hearing", reviewed(event), {"hearing_on": day.isoformat()}, wanted)
        case ReviewOpened(review=kind, answer_by=day):
            notice = f"review-notice-{kind.lower()}"
            yield message(event, notice, reviewed(event), {"answer_by": day.isoformat()}, wanted)
        case ReviewConcluded(concluded_on=on, appeal_by=None) as concluded:
            outcome = "review-entitled" if concluded.entitled else "review-not-entitled"
            yield message(event, outcome, reviewed(event), {"concluded_on": on.isoformat()}, wanted)
        case ReviewConcluded(concluded_on=on, appeal_by=until):
            data = {"concluded_on": on.isoformat(), "appeal_by": until.isoformat()}
            yield message(event, "review-not-entitled-appeal", reviewed(event), data, wanted)
        case _:
            assert_never(event.data)

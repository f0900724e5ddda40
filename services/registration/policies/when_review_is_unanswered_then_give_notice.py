"""A request for evidence (review of type B) that nobody answered leads to a notice of type A, and never to removal.

[RPR 2001 r.31D] The day after its last; an answer, an end or another notice calls it off.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from services.registration.electors.commands import OpenReview
from services.registration.electors.decider import electors
from shared.eventcore.clock import LONDON
from shared.eventcore.policy import Later, Never, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorRemoved, ReviewAnswered, ReviewConcluded, ReviewOpened

PURPOSE = "request for evidence unanswered"


@policy(
    "when_review_is_unanswered_then_give_notice", on=[ReviewOpened, ReviewAnswered, ReviewConcluded, ElectorRemoved]
)
def give_notice(event: Recorded[Any]) -> Iterable[Later | Never]:
    match event.data:
        case ReviewOpened(review="B", answer_by=last):
            after = last + timedelta(days=1)
            command = OpenReview("A", after, "The request for evidence was not answered.")
            yield Later(datetime.combine(after, time(), LONDON), electors, event.stream_id, command, PURPOSE)
        case _:
            yield Never(event.stream_id, PURPOSE)

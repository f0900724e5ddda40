"""One reply says that an elector has gone, another that they are there: a review asks the elector. [RPR 2001 r.31D]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.registration.electors.commands import OpenReview
from services.registration.electors.decider import electors
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ResidentsDisagreed

REASON = "replies to the canvass disagree about residence"


@policy("when_residents_disagree_then_review", on=[ResidentsDisagreed])
def review_residence(event: Recorded[ResidentsDisagreed]) -> Iterable[Any]:
    yield Do(electors, event.data.elector_id, OpenReview("B", event.data.found_on, REASON), REASON)

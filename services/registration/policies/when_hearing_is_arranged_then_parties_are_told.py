"""A hearing that has its time and place is called in the case it is about, so that the parties are told. [RPR 2001 r.30, r.31E]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from services.registration.applications.commands import CallHearing
from services.registration.applications.decider import applications
from services.registration.electors.commands import CallReviewHearing
from services.registration.electors.decider import electors
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import HearingArranged


@policy("when_hearing_is_arranged_then_parties_are_told", on=[HearingArranged])
def call_hearing(event: Recorded[HearingArranged]) -> Iterable[Do]:
    hearing = event.data
    match hearing.about:
        case "application":
            call = CallHearing(hearing.notice_on, hearing.day)
            yield Do(applications, hearing.case_id, call, "a hearing was arranged")
        case "review":
            call_review = CallReviewHearing(hearing.notice_on, hearing.day)
            yield Do(electors, hearing.case_id, call_review, "a hearing was arranged")
        case _:
            assert_never(hearing.about)

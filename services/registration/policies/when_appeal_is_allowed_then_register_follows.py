"""What the county court decided is done: the rejected applicant is registered, the removed elector is on the register again.

[RPA 1983 s.56(4), s.13B(3B)]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from services.registration.applications.commands import AllowOnAppeal
from services.registration.applications.decider import applications
from services.registration.electors.commands import ReinstateElector
from services.registration.electors.decider import electors
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import AppealDecided


@policy("when_appeal_is_allowed_then_register_follows", on=[AppealDecided])
def follow_court(event: Recorded[AppealDecided]) -> Iterable[Do]:
    decided = event.data
    if not decided.allowed:
        return
    match decided.about:
        case "rejection":
            allow = AllowOnAppeal(decided.decided_on, decided.at_once)
            yield Do(applications, decided.case_id, allow, "the county court allowed the appeal")
        case "removal":
            reinstate = ReinstateElector(decided.decided_on, decided.at_once)
            yield Do(electors, decided.case_id, reinstate, "the county court allowed the appeal")
        case _:
            assert_never(decided.about)

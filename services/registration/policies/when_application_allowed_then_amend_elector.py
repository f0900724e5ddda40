"""An allowed application to alter an entry (a new name) amends that entry. [RPA 1983 s.10ZD; RPR 2001 r.26A]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.registration.electors.commands import AmendElector
from services.registration.electors.decider import electors
from services.registration.policies.when_application_allowed_then_add_elector import Applicant, applicant_of
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ApplicationAllowed
from shared.events.values import ApplicationId


async def gather(lookup: Lookup, event: Recorded[ApplicationAllowed]) -> Applicant | None:
    return applicant_of([e.data for e in await lookup.history(event.stream_id)])


@policy("when_application_allowed_then_amend_elector", on=[ApplicationAllowed], given=gather)
def amend_elector(applicant: Applicant | None, event: Recorded[ApplicationAllowed]) -> Iterable[Any]:
    allowed = event.data
    if applicant is not None and (entry := applicant.entry_to_alter) is not None:
        command = AmendElector(
            applicant.name,
            allowed.determined_on,
            ApplicationId(event.stream_id),
            effective_on=allowed.effective_on,
            notice=allowed.notice,
        )
        yield Do(electors, entry, command, "application allowed")

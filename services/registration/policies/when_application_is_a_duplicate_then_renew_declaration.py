"""Who applies afresh while a declaration is in force renews it: there is no second entry. [RPA 1985 s.1E; EC guidance]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.registration.declarations.decider import RenewDeclaration, declarations
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events import application_form
from shared.events.definition import known
from shared.events.registration import ApplicationFoundDuplicate, ApplicationReceived, declaration_id
from shared.events.values import ApplicationId


async def gather(lookup: Lookup, event: Recorded[ApplicationFoundDuplicate]) -> ApplicationReceived:
    received: ApplicationReceived = (await lookup.history(event.stream_id))[0].data
    return received


@policy("when_application_is_a_duplicate_then_renew_declaration", on=[ApplicationFoundDuplicate], given=gather)
def renew(received: ApplicationReceived, event: Recorded[ApplicationFoundDuplicate]) -> Iterable[Any]:
    elector = event.data.elector
    if elector is None or received.kind == "ordinary":
        return
    made_on = application_form.declared_on(known(received.form) or {}) or received.received_on
    command = RenewDeclaration(made_on, received.received_on, ApplicationId(event.stream_id))
    yield Do(declarations, declaration_id(elector), command, "applied afresh")

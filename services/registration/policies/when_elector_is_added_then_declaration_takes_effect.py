"""An overseas, service or local-connection entry rests on a declaration, which takes effect with it. [RPA 1983 s.7B-15]"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.registration.declarations.decider import PutIntoEffect, declarations
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events import application_form
from shared.events.definition import known
from shared.events.registration import ApplicationReceived, ElectorAdded, declaration_id


async def gather(lookup: Lookup, event: Recorded[ElectorAdded]) -> date | None:
    """The date on the declaration; None for an entry taken over from another system."""
    application = event.data.application_id
    for happened in await lookup.history(application) if application else ():
        if isinstance(happened.data, ApplicationReceived):
            return application_form.declared_on(known(happened.data.form) or {}) or happened.data.received_on
    return None


@policy("when_elector_is_added_then_declaration_takes_effect", on=[ElectorAdded], given=gather)
def put_into_effect(made_on: date | None, event: Recorded[ElectorAdded]) -> Iterable[Any]:
    added, facts = event.data, known(event.data.franchise)
    if facts is None or facts.category == "ordinary" or added.ends_on is None:
        return
    command = PutIntoEffect(
        added.elector_id, added.person_id, facts.category, added.effective_on, added.ends_on, made_on,
        added.application_id,
    )  # fmt: skip
    yield Do(declarations, declaration_id(added.elector_id), command, "entry added")

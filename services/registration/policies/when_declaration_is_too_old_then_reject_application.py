"""An application whose declaration is older than three months is rejected. [RPA 1983 s.7C(2), s.16; RPA 1985 s.2(3)]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.registration.applications.commands import RejectApplication
from services.registration.applications.decider import applications
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events import application_form
from shared.events.definition import known
from shared.events.registration import ApplicationReceived
from shared.law import declarations as law


@policy("when_declaration_is_too_old_then_reject_application", on=[ApplicationReceived])
def reject(event: Recorded[ApplicationReceived]) -> Iterable[Any]:
    received = event.data
    made_on = application_form.declared_on(known(received.form) or {})
    if received.kind == "ordinary" or made_on is None or law.in_date(made_on, received.received_on):
        return
    command = RejectApplication(received.received_on, (law.TOO_OLD.name,), law.TOO_OLD.because)
    yield Do(applications, event.stream_id, command, "declaration too old")

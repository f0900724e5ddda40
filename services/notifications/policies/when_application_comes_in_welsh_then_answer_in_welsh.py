"""Who applied in Welsh is answered in Welsh, also in what follows from it; unless they ask for something else.
[Welsh Language (Wales) Measure 2011; in England by courtesy]"""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.preferences.decider import AssumeLanguage, preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ApplicationReceived
from shared.events.values_notifications import preferences_stream


@policy("when_application_comes_in_welsh_then_answer_in_welsh", on=[ApplicationReceived])
def answer_in_welsh(event: Recorded[ApplicationReceived]) -> Iterable[Do]:
    if event.data.language == "cy":
        person = event.data.person_id
        yield Do(preferences, preferences_stream(person), AssumeLanguage(person, "cy"), may_refuse=False)

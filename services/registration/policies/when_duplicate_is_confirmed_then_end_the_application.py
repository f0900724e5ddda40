"""An application that repeats an entry or another application becomes its duplicate. [EC guidance on duplicates]"""

from __future__ import annotations

from collections.abc import Iterable

from services.registration.applications.commands import FindDuplicate
from services.registration.applications.decider import applications
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import DuplicateConfirmed


@policy("when_duplicate_is_confirmed_then_end_the_application", on=[DuplicateConfirmed])
def end_the_application(event: Recorded[DuplicateConfirmed]) -> Iterable[Do]:
    """Of two applications the first named ended last: the one just made."""
    confirmed = event.data
    if confirmed.moved or not confirmed.applications:
        return
    repeats, *earlier = confirmed.applications
    elector = confirmed.electors[0] if confirmed.electors else None
    command = FindDuplicate(confirmed.confirmed_on, elector, earlier[0] if earlier else None)
    yield Do(applications, repeats, command, "found to be a duplicate")

"""An entry lasts as long as its declaration: longer by a renewal, no longer after a cancellation. [RPA 1983 s.7C, s.15]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.registration.electors.commands import ChangeTerm
from services.registration.electors.decider import electors
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import DeclarationCancelled, DeclarationRenewed


@policy("when_declaration_changes_then_entry_lasts_as_long", on=[DeclarationRenewed, DeclarationCancelled])
def change_term(event: Recorded[DeclarationRenewed] | Recorded[DeclarationCancelled]) -> Iterable[Any]:
    match event.data:
        case DeclarationRenewed(elector_id=elector, until=until, effective_on=on):
            yield Do(electors, elector, ChangeTerm(until, on), "declaration renewed")
        case DeclarationCancelled(elector_id=elector, cancelled_on=on):
            yield Do(electors, elector, ChangeTerm(on, on), "declaration cancelled")

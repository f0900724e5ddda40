"""A declaration whose entry is off the register is over, whatever is left of its time. [RPA 1983 s.7C, s.15; RPA 1985 s.2]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.registration.declarations.decider import EndDeclaration, declarations
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import ElectorRemoved, declaration_id


@policy("when_elector_removed_then_declaration_ends", on=[ElectorRemoved])
def end_declaration(event: Recorded[ElectorRemoved]) -> Iterable[Any]:
    elector, on = event.data.elector_id, event.data.effective_on
    yield Do(declarations, declaration_id(elector), EndDeclaration(on), "entry removed")

"""A household names somebody who is not on the register: they become a potential elector, to be invited. [RPA 1983 s.9E]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid5

from services.registration.invitations.commands import FindPotentialElector
from services.registration.invitations.decider import invitations
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.definition import known
from shared.events.registration import NewResidentReported
from shared.events.values import PotentialElectorId


@policy("when_new_resident_reported_then_find_potential_elector", on=[NewResidentReported])
def find_potential_elector(event: Recorded[NewResidentReported]) -> Iterable[Any]:
    said = event.data
    name = known(said.name)
    if name is None:  # erased since
        return
    identity = PotentialElectorId(uuid5(said.person_id, "potential-elector"))
    command = FindPotentialElector(
        identity, said.person_id, name, said.property_id, said.reported_on, "canvass", origin=str(said.response_id)
    )
    yield Do(invitations, identity, command, "named in a canvass reply")

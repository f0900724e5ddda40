"""The dwelling of an elector has another address: it was renumbered, renamed, split or merged, and they still live in it.

Residence has not changed, so nobody applies anew: the registration officer alters the address from what they know, with the
next notice, and the entry, its number and its absent votes go on. Whoever lives in another dwelling now has moved, and that
takes an application there and a review or removal here. [RPA 1983 s.5, s.9(2), s.9A, s.13A; EC guidance on maintaining the
register]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.registration.electors.commands import AlterAddress
from services.registration.electors.entry import OnRegister, effect_of
from services.registration.properties.property import REASON_NEEDED
from shared.eventcore.deciding import Refused, Rule
from shared.events.registration import ElectorReaddressed
from shared.law import electors as law

_SOURCE: Final = "RPA 1983 s.9(2), s.9A, s.13A; EC guidance on maintaining the register"
ANOTHER_DWELLING = Rule(
    "another-dwelling",
    "Whoever lives in another dwelling has moved: the entry does not move with them.",
    "RPA 1983 s.10ZC, s.10ZE; RPR 2001 r.31C",
    "Invite an application for the new address, and review or remove this entry.",
)
NOT_A_SUCCESSOR = Rule(
    "not-a-successor",
    "That property did not take the place of the one this entry is at.",
    _SOURCE,
    "Record first what became of the old property: replaced, split or merged. Whoever moved applies anew.",
)
SUCCESSOR_NOT_ELECTORAL = Rule(
    "successor-not-electoral",
    "Nobody can be registered at that property.",
    _SOURCE,
    "Look at why. If people live there, say by hand that it is electoral.",
)
SUCCESSOR_NOT_ALLOCATED = Rule(
    "successor-not-allocated",
    "Nobody knows yet in which polling district that property lies.",
    "RPA 1983 s.18A; RPR 2001 r.38",
    "Allocate the property, then alter the address.",
)
SUCCESSOR_IN_ANOTHER_DISTRICT = Rule(
    "successor-in-another-district",
    "That property lies in another polling district, where this number is none.",
    "RPR 2001 r.38-40",
    "Look at the allocation. If it is right, renumber the elector into that district first.",
)


def readdress(command: AlterAddress, elector: OnRegister) -> Sequence[ElectorReaddressed]:
    """Raises `Refused` unless it is the same dwelling under another address."""
    dwelling, cause = command.dwelling, command.cause
    if dwelling.property_id == elector.home:
        return []
    if cause == "moved":
        raise Refused(ANOTHER_DWELLING)
    if not command.because.strip():
        raise Refused(REASON_NEEDED)
    if elector.name is None:
        raise Refused(law.NOT_ON_REGISTER, "This person's data was erased.")
    if not dwelling.succeeds:
        raise Refused(NOT_A_SUCCESSOR)
    if not dwelling.electoral:
        raise Refused(SUCCESSOR_NOT_ELECTORAL)
    if not dwelling.district:
        raise Refused(SUCCESSOR_NOT_ALLOCATED)
    if dwelling.district != elector.number.district:
        raise Refused(SUCCESSOR_IN_ANOTHER_DISTRICT, f"{dwelling.district}, and the number is {elector.number}.")
    effect = effect_of(command.determined_on, elector, command.programme)
    return [
        ElectorReaddressed(
            elector_id=elector.added.elector_id,
            person_id=elector.added.person_id,
            property_id=dwelling.property_id,
            was=elector.home,
            cause=cause,
            effective_on=effect.on,
            determined_on=command.determined_on,
            notice=effect.notice,
            name=elector.name,
            date_of_birth=elector.birth,
            because=command.because,
        )
    ]

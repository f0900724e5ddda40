"""A notice of alteration, or the revised register, is made for each who has the register with later notices; an officer
hands it over. [RPR 2001 r.97-107, r.113-114]"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.registration.supply.decider import supplies
from services.registration.supply.fingerprint import fingerprint_key
from services.registration.supply.later import Sending, sendings
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import AlterationNoticePublished, RevisedRegisterPublished

NAME = "when_register_is_published_then_later_notices_are_made"


async def gather(lookup: Lookup, event: Recorded[Any]) -> list[Sending]:
    key = fingerprint_key(lookup.execute.blind, lookup.authority)
    return await sendings(lookup.conn, lookup.authority, event.data, f"policy:{NAME}", key)


@policy(NAME, on=[AlterationNoticePublished, RevisedRegisterPublished], given=gather)
def make_later_notices(found: Sequence[Sending], _event: Recorded[Any]) -> Iterable[Do]:
    for sending in found:
        supply = sending.request.supply_id
        yield Do(supplies, supply, sending.request, "register published")
        yield Do(supplies, supply, sending.file, "register published")  # refused where a fee is to be paid first

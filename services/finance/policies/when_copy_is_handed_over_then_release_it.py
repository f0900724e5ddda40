"""A copy that was sold has been handed over by registration: the sale is complete."""

from __future__ import annotations

from collections.abc import Iterable

from services.finance.fees.decider import ReleaseCopy, sales
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import SupplyReleased


@policy("when_copy_is_handed_over_then_release_it", on=[SupplyReleased])
def release_copy(event: Recorded[SupplyReleased]) -> Iterable[Do]:
    if event.data.fee_due:
        yield Do(sales, event.data.supply_id, ReleaseCopy(event.data.released_on), "copy handed over")

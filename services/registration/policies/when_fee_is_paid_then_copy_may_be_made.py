"""The fee for a copy of the register has cleared: news from finance, where the sale has the id of the supply."""

from __future__ import annotations

from collections.abc import Iterable

from services.registration.supply.commands import RecordPayment
from services.registration.supply.decider import supplies
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import FeePaid


@policy("when_fee_is_paid_then_copy_may_be_made", on=[FeePaid])
def allow_copy(event: Recorded[FeePaid]) -> Iterable[Do]:
    """A sale that finance quoted at its own counter is no supply of ours, and refused as unknown."""
    yield Do(supplies, event.data.sale_id, RecordPayment(event.data.cleared_on), "fee paid")

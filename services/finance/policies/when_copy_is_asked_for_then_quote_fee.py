"""A copy of the register that is sold is quoted at the statutory fee. News from registration; the sale has the id of the
supply, so that the payment finds its way back. [RPR 2001 r.110-111, r.120]"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from services.finance.fees.decider import QuoteFee, sales
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import CopyKind
from shared.events.registration import LaterNoticeDue, SupplyRequested
from shared.events.values_finance import SaleId

COPIES: Final[Mapping[str, CopyKind]] = MappingProxyType(
    {"overseas-list": "overseas-list", "marked-register": "marked"}
)
"""What finance calls a document; any other is a register or its notices."""
A_PERSON: Final = "the applicant named in registration's ledger of supplies"
"""Who asks for themselves is known to registration alone."""


@policy("when_copy_is_asked_for_then_quote_fee", on=[SupplyRequested, LaterNoticeDue])
def quote_fee(event: Recorded[SupplyRequested] | Recorded[LaterNoticeDue]) -> Iterable[Do]:
    asked = event.data
    if not asked.fee_due:
        return
    on = asked.requested_on if isinstance(asked, SupplyRequested) else asked.due_on
    copy = COPIES.get(asked.document, "register")
    sale = SaleId(asked.supply_id)
    quote = QuoteFee(sale, asked.person_id, asked.organisation or A_PERSON, copy, asked.form, asked.entries, on)
    yield Do(sales, sale, quote, "copy asked for", may_refuse=False)

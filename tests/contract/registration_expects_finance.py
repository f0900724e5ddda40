"""What registration relies on in finance's facts: that the fee for a copy of the register has cleared."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tests.contract.expectation import Example, Expectation

EXPECTATIONS = (
    Expectation(
        "policy:when_fee_is_paid_then_copy_may_be_made", "finance.fee-paid.v1", {"sale_id": UUID, "cleared_on": date},
        # A sale at finance's own counter is no supply of registration's: nothing follows.
        [Example({"sale_id": "00000000-0000-4000-8000-0000000000d1", "cleared_on": "2026-08-07"})],
    ),
)  # fmt: skip

"""What notifications rely on in finance's facts: who was paid or has paid, and what of it is not sealed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tests.contract.expectation import Example, Expectation

ADA, HERSELF = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"
SALE, BUYER = "00000000-0000-4000-8000-0000000000b1", "00000000-0000-4000-8000-0000000000b2"
QUEUED = "notifications.message-queued.v1"

EXPECTATIONS = (
    Expectation(
        "policy:when_allowance_is_paid_then_send_pay_statement", "finance.allowance-paid.v1",
        {"member_id": UUID, "person_id": UUID, "year": int, "month": int, "paid_on": date, "gross": int},
        [Example(
            {"member_id": ADA, "person_id": HERSELF, "year": 2026, "month": 2, "paid_on": "2026-05-20", "gross": 66_667},
            records=[(QUEUED, {
                "template": "pay-statement", "recipient": {"kind": "member", "id": ADA, "person_id": HERSELF},
                "data": {"month": "2026-05", "paid_on": "2026-05-20", "gross": "66667"},
            })],
        )],
    ),
    Expectation(
        "policy:when_receipt_is_issued_then_send_it", "finance.receipt-issued.v1",
        {"sale_id": UUID, "customer_id": UUID, "year": int, "number": int, "pence": int, "issued_on": date},
        [Example(
            {
                "sale_id": SALE, "customer_id": BUYER, "year": 2026, "number": 12, "pence": 15_200,
                "issued_on": "2026-08-07",
            },
            records=[(QUEUED, {
                "template": "receipt", "recipient": {"kind": "customer", "id": SALE, "person_id": BUYER},
                "data": {"pence": "15200", "issued_on": "2026-08-07", "number": "2026/000012"},
            })],
        )],
    ),
)  # fmt: skip

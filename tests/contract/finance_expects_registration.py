"""What finance relies on in registration's facts: that a copy was asked for, for which a fee is due, and handed over."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from tests.contract.expectation import Example, Expectation

BUYER = "00000000-0000-4000-8000-0000000000b2"
SUPPLY, LATER = "00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000c2"
POLICY, QUOTED = "policy:when_copy_is_asked_for_then_quote_fee", "finance.fee-quoted.v1"
DOCUMENT = Literal["overseas-list", "marked-register"] | str
FORM = Literal["data", "print"]

EXPECTATIONS = (
    Expectation(
        POLICY, "registration.supply-requested.v1",
        {
            "supply_id": UUID, "person_id": UUID, "organisation": str, "document": DOCUMENT, "form": FORM,
            "entries": tuple[int, ...], "fee_due": bool, "requested_on": date,
        },
        [
            Example(
                {
                    "supply_id": SUPPLY, "person_id": BUYER, "organisation": "Example Lists Ltd", "document": "open-register",
                    "form": "data", "entries": [87_412], "fee_due": True, "requested_on": "2026-08-03",
                },
                records=[(QUOTED, {
                    "sale_id": SUPPLY, "customer_id": BUYER, "copy_of": "register", "form": "data", "entries": [87_412],
                    "pence": 15_200, "quoted_on": "2026-08-03",
                })],
            ),
            Example({"fee_due": False}),
        ],
    ),
    Expectation(
        POLICY, "registration.later-notice-due.v1",
        {
            "supply_id": UUID, "person_id": UUID, "organisation": str, "document": DOCUMENT, "form": FORM,
            "entries": tuple[int, ...], "fee_due": bool, "due_on": date,
        },
        [Example(
            {
                "supply_id": LATER, "person_id": BUYER, "organisation": "Example Credit Reference Ltd",
                "document": "notices", "form": "data", "entries": [312], "fee_due": True, "due_on": "2026-09-01",
            },
            records=[(QUOTED, {"sale_id": LATER, "copy_of": "register", "pence": 2_150, "quoted_on": "2026-09-01"})],
        )],
    ),
    Expectation(
        "policy:when_copy_is_handed_over_then_release_it", "registration.supply-released.v1",
        {"supply_id": UUID, "fee_due": bool, "released_on": date},
        # Its fee has not cleared in this story: finance does not call it released.
        [Example({"supply_id": SUPPLY, "fee_due": True, "released_on": "2026-08-07"})],
    ),
)  # fmt: skip

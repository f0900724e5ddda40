"""What registration relies on in notifications' facts: what became of a letter of its canvass."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from tests.contract.expectation import Example, Expectation

RECORDS = "policy:when_canvass_letter_goes_or_comes_back_then_record_it"
CONTACT = {"household.canvass_property_id": UUID, "household.contact_id": UUID}

EXPECTATIONS = (
    # A letter of a canvass that is not known here: nothing follows.
    Expectation(RECORDS, "notifications.message-sent.v1", {"sent_at": datetime, **CONTACT}, [Example({})]),
    Expectation(
        RECORDS, "notifications.message-failed.v1",
        {"failed_at": datetime, "problem": Literal["returned"] | str, "retry_at": datetime | None, **CONTACT},
        [Example({"problem": "returned", "retry_at": None})],
    ),
)  # fmt: skip

"""What finance relies on in committees' facts: who is in which office from when until when, for that is what is paid."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from tests.contract.expectation import Example, Expectation

ADA, HERSELF = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"
BEN, HIMSELF = "00000000-0000-4000-8000-0000000000b1", "00000000-0000-4000-8000-0000000000b2"
PLANNING = "00000000-0000-4000-8000-0000000000c1"
OFFICE = "policy:when_member_takes_or_leaves_office_then_entitlement_follows"
SEAT = "policy:when_seat_is_taken_or_left_then_entitlement_follows"
ROLE = Literal["leader", "deputy-leader", "cabinet-member"] | str
STARTED, ENDED = "finance.entitlement-started.v1", "finance.entitlement-ended.v1"


def takes(member: str, person: str, on: str, ward: str | None) -> dict[str, str | None]:
    return {"member_id": member, "person_id": person, "from_on": on, "ward": ward}


def sits(role: str, **day: str) -> dict[str, str]:
    return {"member_id": ADA, "committee_id": PLANNING, "role": role, **day}


EXPECTATIONS = (
    Expectation(
        OFFICE, "committees.member-took-office.v1",
        {"member_id": UUID, "person_id": UUID, "from_on": date, "ward": str | None},
        [
            Example(
                takes(ADA, HERSELF, "2026-05-11", "E05999001"),
                records=[(STARTED, {
                    "member_id": ADA, "person_id": HERSELF, "office": "basic", "first_day": "2026-05-11",
                })],
            ),
            Example(
                takes(BEN, HIMSELF, "2026-05-20", None),
                records=[(STARTED, {"member_id": BEN, "office": "co-optee", "first_day": "2026-05-20"})],
            ),
        ],
    ),
    Expectation(
        SEAT, "committees.committee-seat-taken.v1",
        {"member_id": UUID, "committee_id": UUID, "role": ROLE, "from_on": date},
        [
            Example(
                sits("chair", from_on="2026-05-19"),
                records=[(STARTED, {"member_id": ADA, "office": f"chair:{PLANNING}", "first_day": "2026-05-19"})],
            ),
            Example(
                sits("leader", from_on="2026-05-19"),
                records=[(STARTED, {"member_id": ADA, "office": "leader", "first_day": "2026-05-19"})],
            ),
        ],
    ),
    Expectation(
        SEAT, "committees.committee-seat-left.v1",
        {"member_id": UUID, "committee_id": UUID, "role": ROLE, "left_on": date},
        [
            Example(
                sits("leader", left_on="2026-10-01"),
                records=[(ENDED, {"member_id": ADA, "office": "leader", "last_day": "2026-10-01"})],
            ),
            Example(
                sits("chair", left_on="2026-10-02"),
                records=[(ENDED, {"member_id": ADA, "office": f"chair:{PLANNING}", "last_day": "2026-10-02"})],
            ),
        ],
    ),
    Expectation(
        OFFICE, "committees.member-left-office.v1", {"member_id": UUID, "left_on": date},
        [Example(
            {"member_id": ADA, "left_on": "2027-05-10"},
            records=[(ENDED, {"member_id": ADA, "office": "basic", "last_day": "2027-05-10"})],
        )],
    ),
)  # fmt: skip

"""What elections rely on in registration's facts: who is on which register, where they live and how they vote. No name, no
address, no birth (ADR 0006)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from tests.contract.expectation import Example, Expectation, Json

ADA, HOME = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000b1"
NOBODY = "00000000-0000-4000-8000-0000000000c1"
VIEW, COUNT = "view:electorate", "policy:when_register_is_altered_then_count_electorate"
REGISTERS = tuple[Literal["parliamentary", "local"] | str, ...]


def known_as(elector: str, number: int, ends_on: str = "2030-11-01") -> Json:
    return {"elector_id": elector, "number": number, "ends_on": ends_on}


EXPECTATIONS = (
    Expectation(
        VIEW, "registration.elector-added.v1",
        {
            "elector_id": UUID, "property_id": UUID, "number.district": str, "number.number": int, "number.suffix": int,
            "effective_on": date, "ends_on": date | None, "votes_in": REGISTERS, "in_force_since": date | None,
        },
        [
            Example(
                {
                    "elector_id": ADA, "property_id": HOME, "number.district": "AB", "number.number": 123,
                    "number.suffix": 0, "effective_on": entered, "ends_on": None, "votes_in": ["local"],
                    "in_force_since": since,
                },
                leaves={"elector": [{
                    "elector_id": ADA, "property_id": HOME, "district": "AB", "number": 123, "suffix": 0,
                    "on_from": "2026-04-01", "ends_on": None, "off_from": None, "local": True, "parliamentary": False,
                }]},
            )
            for entered, since in (("2026-04-01", None), ("2026-07-01", "2026-04-01"))
        ],
    ),
    Expectation(
        VIEW, "registration.elector-franchise-changed.v1", {"elector_id": UUID, "votes_in": REGISTERS},
        [Example(
            {"elector_id": ADA, "votes_in": ["local", "parliamentary"]},
            leaves={"elector": [{"elector_id": ADA, "local": True, "parliamentary": True}]},
        )],
    ),
    Expectation(
        VIEW, "registration.elector-renumbered.v1",
        {"elector_id": UUID, "number.district": str, "number.number": int, "number.suffix": int},
        [Example(
            {"elector_id": ADA, "number.district": "AC", "number.number": 7, "number.suffix": 1},
            leaves={"elector": [{"elector_id": ADA, "district": "AC", "number": 7, "suffix": 1}]},
        )],
    ),
    Expectation(
        VIEW, "registration.entry-term-changed.v1", {"elector_id": UUID, "ends_on": date},
        [Example(
            {"elector_id": ADA, "ends_on": "2030-11-01"},
            leaves={"elector": [{"elector_id": ADA, "ends_on": "2030-11-01"}]},
        )],
    ),
    Expectation(
        VIEW, "registration.elector-removed.v1", {"elector_id": UUID, "effective_on": date},
        [Example(
            {"elector_id": ADA, "effective_on": "2026-06-01"},
            leaves={"elector": [{"elector_id": ADA, "off_from": "2026-06-01"}]},
        )],
    ),
    Expectation(
        VIEW, "registration.postal-vote-granted.v1",
        {"elector_id": UUID, "valid_from": date, "valid_until": date, "poll": date | None},
        [
            Example(
                {"elector_id": ADA, "valid_from": "2026-04-22", "valid_until": "2026-05-07", "poll": "2026-05-07"},
                leaves={"postal_voter": [{
                    "elector_id": ADA, "valid_from": "2026-04-22", "valid_until": "2026-05-07", "poll": "2026-05-07",
                    "ended_on": None,
                }]},
            ),
            Example(
                {"elector_id": ADA, "valid_from": "2026-04-22", "valid_until": "2029-01-31", "poll": None},
                leaves={"postal_voter": [{"elector_id": ADA, "valid_until": "2029-01-31", "poll": None}]},
            ),
        ],
    ),
    Expectation(
        VIEW, "registration.postal-vote-cancelled.v1", {"elector_id": UUID, "cancelled_on": date},
        [Example(
            {"elector_id": ADA, "cancelled_on": "2026-05-01"},
            leaves={"postal_voter": [{"elector_id": ADA, "ended_on": "2026-05-01"}]},
        )],
    ),
    Expectation(
        VIEW, "registration.postal-vote-ended.v1", {"elector_id": UUID, "ended_on": date},
        [Example(
            {"elector_id": ADA, "ended_on": "2026-06-01"},
            leaves={"postal_voter": [{"elector_id": ADA, "ended_on": "2026-06-01"}]},
        )],
    ),
    Expectation(
        VIEW, "registration.property-allocated.v1",
        {
            "property_id": UUID, "areas.ward": str, "areas.parish": str, "areas.parish_ward": str,
            "areas.county_division": str, "areas.constituency": str,
        },
        [Example(
            {
                "property_id": HOME, "areas.ward": "E05999001", "areas.parish": "E04999001", "areas.parish_ward": "",
                "areas.county_division": "E58999001", "areas.constituency": "E14999001",
            },
            leaves={"place": [{
                "property_id": HOME, "ward": "E05999001", "parish": "E04999001", "parish_ward": "",
                "county_division": "E58999001", "constituency": "E14999001",
            }]},
        )],
    ),
    Expectation(
        VIEW, "registration.property-allocation-cleared.v1", {"property_id": UUID},
        [Example({"property_id": HOME}, leaves={"place": []})],
    ),
    # Nothing is polled in this story, so nothing is counted; services/elections/tests has a poll that is.
    Expectation(
        COUNT, "registration.alteration-notice-published.v1",
        {"kind": str, "published_on": date, "positions": tuple[int, ...]},
        [Example({"kind": "monthly", "published_on": "2026-03-02", "positions": [0] * 64})],
    ),
    Expectation(
        COUNT, "registration.revised-register-published.v1", {"published_on": date, "positions": tuple[int, ...]},
        [Example({"published_on": "2026-12-01", "positions": [0] * 64})],
    ),
    Expectation(
        VIEW, "registration.anonymous-entry-listed.v1",
        {
            "entry_id": UUID, "number.district": str, "number.number": int, "number.suffix": int, "effective_on": date,
            "ends_on": date, "votes_in": REGISTERS, "areas.ward": str, "areas.parish": str, "areas.parish_ward": str,
            "areas.county_division": str, "areas.constituency": str,
        },
        [Example(
            {
                "entry_id": NOBODY, "number.district": "AB", "number.number": 57, "number.suffix": 0,
                "effective_on": "2026-04-01", "ends_on": "2027-03-31", "votes_in": ["local"], "areas.ward": "E05999001",
            },
            leaves={
                "elector": [known_as(ADA, 7), known_as(NOBODY, 57, "2027-03-31")],
                "place": [{"property_id": NOBODY, "ward": "E05999001"}],
            },
        )],
    ),
    Expectation(
        VIEW, "registration.anonymous-entry-altered.v1",
        {
            "entry_id": UUID, "number.district": str, "number.number": int, "number.suffix": int, "ends_on": date,
            "votes_in": REGISTERS,
        },
        [Example(
            {
                "entry_id": NOBODY, "number.district": "AB", "number.number": 61, "number.suffix": 0,
                "ends_on": "2028-03-31", "votes_in": ["local", "parliamentary"],
            },
            leaves={"elector": [known_as(ADA, 7), known_as(NOBODY, 61, "2028-03-31")]},
        )],
    ),
    Expectation(
        VIEW, "registration.anonymous-entry-struck-off.v1", {"entry_id": UUID, "effective_on": date},
        [Example(
            {"entry_id": NOBODY, "effective_on": "2028-04-03"},
            leaves={"elector": [
                {"elector_id": ADA, "off_from": "2026-06-01"}, {"elector_id": NOBODY, "off_from": "2028-04-03"},
            ]},
        )],
    ),
)  # fmt: skip

"""What registration relies on in elections' facts: which polls are ahead, where, and the notice that the officer chose."""

from __future__ import annotations

from datetime import date
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from tests.contract.expectation import Example, Expectation

VIEW = "view:polls"
ONE, OTHER = "00000000-0000-4000-8000-0000000000e1", "00000000-0000-4000-8000-0000000000e2"


class Area(TypedDict):
    kind: Literal["ward", "authority", "parish", "polling-districts"] | str
    code: NotRequired[str]
    districts: NotRequired[tuple[str, ...]]


class Contest(TypedDict):
    area: Area


def polled(kind: str, *, code: str = "", districts: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        "contest_id": ONE, "area": {"kind": kind, "name": "Gorse", "code": code, "districts": list(districts)}, "seats": 1,
        "voting_system": "FPTP", "system_source": "RPA 1983", "ballot_id": "local.gorse.2026-05-07", "question": "",
    }  # fmt: skip


EXPECTATIONS = (
    Expectation(
        VIEW, "elections.election-created.v1",
        {
            "election_id": UUID, "polling_day": date, "contests": tuple[Contest, ...],
            "kind": Literal["local", "pcc", "refnp", "parish"] | str,
        },
        [
            Example(
                {"election_id": ONE, "kind": "local", "polling_day": "2026-05-07", "contests": [polled("ward", code="E05999001")]},
                leaves={
                    "poll": [{
                        "election_id": ONE, "poll_type": "local", "polling_day": "2026-05-07", "second_interim": None,
                        "cancelled": False,
                    }],
                    "poll_area": [{"election_id": ONE, "kind": "ward", "code": "E05999001"}],
                },
            ),
            Example(
                {
                    "election_id": OTHER, "kind": "refnp", "polling_day": "2026-06-04",
                    "contests": [polled("polling-districts", districts=("AB",))],
                },
                leaves={"poll_area": [
                    {"election_id": ONE, "kind": "ward", "code": "E05999001"},
                    {"election_id": OTHER, "kind": "polling-districts", "code": "AB"},
                ]},
            ),
            Example(
                {"election_id": "00000000-0000-4000-8000-0000000000e3", "kind": "bid", "polling_day": "2026-07-02"},
                leaves={"poll": [{"election_id": ONE}, {"election_id": OTHER}]},
            ),
        ],
    ),
    Expectation(
        VIEW, "elections.timetable-fixed.v1", {"election_id": UUID, "choices.second_interim": date | None},
        [Example(
            {"election_id": ONE, "choices.second_interim": None}, leaves={"poll": [
                {"election_id": ONE, "second_interim": None}, {"election_id": OTHER, "second_interim": None},
            ]},
        )],
    ),
    Expectation(
        VIEW, "elections.timetable-recomputed.v1", {"election_id": UUID, "choices.second_interim": date | None},
        [Example(
            {"election_id": ONE, "choices.second_interim": "2026-04-21"}, leaves={"poll": [
                {"election_id": ONE, "second_interim": "2026-04-21"}, {"election_id": OTHER, "second_interim": None},
            ]},
        )],
    ),
    Expectation(
        VIEW, "elections.election-cancelled.v1", {"election_id": UUID},
        [Example({"election_id": OTHER}, leaves={"poll": [
            {"election_id": ONE, "cancelled": False}, {"election_id": OTHER, "cancelled": True},
        ]})],
    ),
)  # fmt: skip

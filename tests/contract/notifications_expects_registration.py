"""What notifications rely on in registration's facts: to whom something is to be said, and what of it is not sealed."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from tests.contract.expectation import Example, Expectation, Json

ADA, HERSELF = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"
FORM = UUID("00000000-0000-4000-8000-0000000000f1")


def queued(template: str, kind: str, about: object, data: Json) -> list[tuple[str, Json]]:
    to = {"kind": kind, "id": str(about), "person_id": HERSELF}
    return [("notifications.message-queued.v1", {"template": template, "recipient": to, "data": data})]


def granted(until: str, **terms: object) -> Json:
    period = {"valid_from": "2026-04-22", "valid_until": until, "poll": None, "shortened": False}
    return {"elector_id": ADA, "person_id": HERSELF, **period, **terms}


def told(template: str, until: str) -> list[tuple[str, Json]]:
    return queued(template, "elector", ADA, {"valid_from": "2026-04-22", "valid_until": until})


EXPECTATIONS = (
    Expectation(
        "policy:when_elector_is_added_then_confirm_registration", "registration.elector-added.v1",
        {"elector_id": UUID, "person_id": UUID, "application_id": UUID | None, "effective_on": date},
        [
            Example(
                {"elector_id": ADA, "person_id": HERSELF, "application_id": str(FORM), "effective_on": "2026-04-01"},
                records=queued("registration-confirmation", "elector", ADA, {"effective_on": "2026-04-01"}),
            ),
            Example({"application_id": None}),
        ],
    ),
    Expectation(
        "policy:when_application_is_rejected_then_give_reasons", "registration.application-rejected.v1",
        {"person_id": UUID, "determined_on": date, "reasons": tuple[str, ...]},
        [Example(
            {"person_id": HERSELF, "determined_on": "2026-03-13", "reasons": ["not-resident", "not-eligible"]},
            records=queued("registration-rejection", "applicant", FORM, {
                "determined_on": "2026-03-13", "reasons": "not-resident,not-eligible",
            }),
            stream=FORM,
        )],
    ),
    Expectation(
        "policy:when_postal_vote_is_granted_then_confirm_it", "registration.postal-vote-granted.v1",
        {
            "elector_id": UUID, "person_id": UUID, "valid_from": date, "valid_until": date, "poll": date | None,
            "shortened": bool,
        },
        [
            Example(granted("2029-01-31"), records=told("postal-vote-confirmation", "2029-01-31")),
            Example(granted("2026-11-01", shortened=True), records=told("postal-vote-shortened", "2026-11-01")),
            Example(
                granted("2026-05-07", poll="2026-05-07"),
                records=queued("postal-vote-for-one-poll", "elector", ADA, {"poll": "2026-05-07"}),
            ),
        ],
    ),
    Expectation(
        "policy:when_declaration_is_about_to_end_then_remind", "registration.declaration-reminder-given.v1",
        {
            "elector_id": UUID, "person_id": UUID, "until": date,
            "category": Literal["overseas", "forces", "crown", "local-connection"],
        },
        [Example(
            {"elector_id": ADA, "person_id": HERSELF, "category": "forces", "until": "2031-03-31"},
            records=queued("renewal-reminder-forces", "elector", ADA, {"until": "2031-03-31"}),
        )],
    ),
    Expectation(
        "policy:when_application_comes_in_welsh_then_answer_in_welsh", "registration.application-received.v1",
        {"person_id": UUID, "language": Literal["cy"] | str},
        [
            Example(
                {"person_id": HERSELF, "language": "cy"},
                records=[("notifications.preferences-recorded.v1", {
                    "correspondent_id": HERSELF, "channel": "letter", "language": "cy", "source": "application-form",
                })],
            ),
            Example({"person_id": HERSELF, "language": "en"}),
        ],
    ),
)  # fmt: skip

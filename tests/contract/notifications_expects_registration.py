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


def invited(template: str, data: Json) -> list[tuple[str, Json]]:
    return queued(template, "applicant", FORM, data)


def reviewed(template: str, data: Json) -> list[tuple[str, Json]]:
    return queued(template, "elector", ADA, data)


INVITED, ENTRY = {"person_id": HERSELF}, {"elector_id": ADA, "person_id": HERSELF}
"""Whom the policy writes to: who is invited by the stream of the invitation, an elector by id."""
WRITES = "policy:when_somebody_is_invited_to_register_then_write"
PENALISES = "policy:when_civil_penalty_is_decided_then_tell"
REVIEWS = "policy:when_review_is_opened_or_concluded_then_tell"

EXPECTATIONS = (
    Expectation(
        WRITES, "registration.invitation-given.v1", {"person_id": UUID},
        [Example(INVITED, records=invited("registration-invitation", {}), stream=FORM)],
    ),
    Expectation(
        WRITES, "registration.invitation-reminder-given.v1", {"person_id": UUID},
        [Example(INVITED, records=invited("registration-invitation-reminder", {}), stream=FORM)],
    ),
    Expectation(
        WRITES, "registration.application-required.v1", {"person_id": UUID, "required_on": date, "apply_by": date},
        [Example(
            {**INVITED, "required_on": "2026-10-27", "apply_by": "2026-11-24"},
            records=invited("registration-requirement", {"apply_by": "2026-11-24", "pence": "8000"}), stream=FORM,
        )],
    ),
    Expectation(
        PENALISES, "registration.civil-penalty-imposed.v1",
        {"person_id": UUID, "pence": int, "pay_by": date, "review_by": date},
        [Example(
            {**INVITED, "pence": 8000, "pay_by": "2026-12-23", "review_by": "2026-12-09"},
            records=invited("civil-penalty", {"pence": "8000", "pay_by": "2026-12-23", "review_by": "2026-12-09"}),
            stream=FORM,
        )],
    ),
    Expectation(
        PENALISES, "registration.civil-penalty-upheld.v1", {"person_id": UUID, "reviewed_on": date, "appeal_by": date},
        [Example(
            {**INVITED, "reviewed_on": "2026-12-11", "appeal_by": "2026-12-29"},
            records=invited("civil-penalty-upheld", {"reviewed_on": "2026-12-11", "appeal_by": "2026-12-29"}),
            stream=FORM,
        )],
    ),
    Expectation(
        PENALISES, "registration.civil-penalty-cancelled.v1", {"person_id": UUID, "cancelled_on": date},
        [Example(
            {**INVITED, "cancelled_on": "2026-12-11"},
            records=invited("civil-penalty-cancelled", {"cancelled_on": "2026-12-11"}), stream=FORM,
        )],
    ),
    Expectation(
        REVIEWS, "registration.review-opened.v1",
        {"elector_id": UUID, "person_id": UUID, "review": Literal["A", "B", "C"], "answer_by": date},
        [
            Example(
                {**ENTRY, "review": "B", "answer_by": "2026-06-29"},
                records=reviewed("review-notice-b", {"answer_by": "2026-06-29"}),
            ),
            Example(
                {**ENTRY, "review": "C", "answer_by": "2026-06-08"},
                records=reviewed("review-hearing", {"hearing_on": "2026-06-08"}),
            ),
        ],
    ),
    Expectation(
        REVIEWS, "registration.review-hearing-called.v1", {"elector_id": UUID, "person_id": UUID, "hearing_on": date},
        [Example(
            {**ENTRY, "hearing_on": "2026-06-22"}, records=reviewed("review-hearing", {"hearing_on": "2026-06-22"}),
        )],
    ),
    Expectation(
        REVIEWS, "registration.review-concluded.v1",
        {"elector_id": UUID, "person_id": UUID, "entitled": bool, "concluded_on": date, "appeal_by": date | None},
        [
            Example(
                {**ENTRY, "entitled": True, "concluded_on": "2026-06-22", "appeal_by": None},
                records=reviewed("review-entitled", {"concluded_on": "2026-06-22"}),
            ),
            Example(
                {**ENTRY, "entitled": False, "concluded_on": "2026-06-22", "appeal_by": "2026-07-06"},
                records=reviewed("review-not-entitled-appeal", {"concluded_on": "2026-06-22", "appeal_by": "2026-07-06"}),
            ),
        ],
    ),
    Expectation(
        "policy:when_elector_is_added_then_confirm_registration", "registration.elector-added.v1",
        {
            "elector_id": UUID, "person_id": UUID, "application_id": UUID | None, "effective_on": date, "reinstated": bool,
            "in_force_since": date | None,
        },
        [
            Example(
                {
                    "elector_id": ADA, "person_id": HERSELF, "application_id": str(FORM), "effective_on": "2026-04-01",
                    "reinstated": False, "in_force_since": None,
                },
                records=queued("registration-confirmation", "elector", ADA, {"effective_on": "2026-04-01"}),
            ),
            Example({"application_id": None, "reinstated": False}),
            Example(
                {
                    "elector_id": ADA, "person_id": HERSELF, "effective_on": "2026-07-01", "reinstated": True,
                    "in_force_since": "2026-04-01",
                },
                records=queued("registration-reinstated", "elector", ADA, {"effective_on": "2026-04-01"}),
            ),
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
    Expectation(
        "policy:when_proxy_is_appointed_then_confirm_it", "registration.proxy-appointed.v1",
        {"elector_id": UUID, "person_id": UUID, "valid_from": date, "valid_until": date | None, "poll": date | None},
        [
            Example(
                {"elector_id": ADA, "person_id": HERSELF, "valid_from": "2026-04-22", "valid_until": None, "poll": None},
                records=queued("proxy-confirmation", "elector", ADA, {"valid_from": "2026-04-22"}),
            ),
            Example(
                {"elector_id": ADA, "person_id": HERSELF, "valid_until": "2026-05-07", "poll": "2026-05-07"},
                records=queued("proxy-for-one-poll", "elector", ADA, {"poll": "2026-05-07"}),
            ),
        ],
    ),
    Expectation(
        "policy:when_absent_vote_is_refused_then_give_reasons", "registration.postal-vote-refused.v1",
        {"elector_id": UUID, "person_id": UUID, "reasons": tuple[str, ...]},
        [Example(
            {"elector_id": ADA, "person_id": HERSELF, "reasons": ["dob-not-provided", "fraudulent-application"]},
            records=queued("postal-vote-refused", "elector", ADA, {"reasons": "dob-not-provided"}),
        )],
    ),
    Expectation(
        "policy:when_absent_vote_is_refused_then_give_reasons", "registration.proxy-refused.v1",
        {"elector_id": UUID, "person_id": UUID, "reasons": tuple[str, ...]},
        [Example(
            {"elector_id": ADA, "person_id": HERSELF, "reasons": ["proxy-limits"]},
            records=queued("proxy-refused", "elector", ADA, {"reasons": "proxy-limits"}),
        )],
    ),
    Expectation(
        "policy:when_absent_vote_ends_then_tell", "registration.postal-vote-ended.v1",
        {"elector_id": UUID, "person_id": UUID | None, "ended_on": date, "because": Literal["registration-ended"] | str},
        [
            Example(
                {"elector_id": ADA, "person_id": HERSELF, "ended_on": "2026-06-01", "because": "registration-ended"},
                records=queued("postal-vote-ended", "elector", ADA, {"ended_on": "2026-06-01"}),
            ),
            Example({"person_id": None, "because": "registration-ended"}),
        ],
    ),
    Expectation(
        "policy:when_absent_vote_ends_then_tell", "registration.proxy-ended.v1",
        {
            "elector_id": UUID, "person_id": UUID | None, "ended_on": date, "poll": date | None,
            "because": Literal["registration-ended", "signature-not-refreshed"] | str,
        },
        [
            Example(
                {
                    "elector_id": ADA, "person_id": HERSELF, "ended_on": "2026-06-01", "poll": None,
                    "because": "registration-ended",
                },
                records=queued("proxy-ended", "elector", ADA, {"ended_on": "2026-06-01"}),
            ),
            Example({"person_id": None, "because": "registration-ended"}),
        ],
    ),
    Expectation(
        "policy:when_renewal_is_asked_for_then_write", "registration.renewal-requested.v1",
        {
            "elector_id": UUID, "person_id": UUID, "answer_by": date,
            "arrangement": Literal["postal-vote", "proxy", "postal-proxy"], "need": Literal["reapplication", "signature"],
        },
        [
            Example(
                {
                    "elector_id": ADA, "person_id": HERSELF, "answer_by": "2029-01-31", "arrangement": "postal-vote",
                    "need": "reapplication",
                },
                records=queued("postal-vote-renewal", "elector", ADA, {"answer_by": "2029-01-31"}),
            ),
            Example({"arrangement": "postal-proxy", "need": "reapplication"}),
        ],
    ),
    Expectation(
        "policy:when_renewal_is_asked_for_then_write", "registration.renewal-reminder-sent.v1",
        {
            "elector_id": UUID, "person_id": UUID, "answer_by": date,
            "arrangement": Literal["postal-vote", "proxy", "postal-proxy"], "need": Literal["reapplication", "signature"],
        },
        [Example(
            {
                "elector_id": ADA, "person_id": HERSELF, "answer_by": "2027-03-14", "arrangement": "proxy",
                "need": "signature",
            },
            records=queued("signature-refresh-reminder", "elector", ADA, {"answer_by": "2027-03-14"}),
        )],
    ),
)  # fmt: skip

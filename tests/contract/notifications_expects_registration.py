"""What notifications rely on in registration's facts: to whom something is to be said, and what of it is not sealed."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from shared.events.registration.electors import RemovalGround
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


def objecting(template: str, data: Json) -> tuple[str, Json]:
    """To an objector, of whom nothing is known but the entry."""
    to = {"kind": "elector", "id": ADA, "person_id": None}
    return ("notifications.message-queued.v1", {"template": template, "recipient": to, "data": data})


def reviewed(template: str, data: Json) -> list[tuple[str, Json]]:
    return queued(template, "elector", ADA, data)


HOUSEHOLD = {
    "property_id": "00000000-0000-4000-8000-0000000000b1", "canvass_property_id": str(FORM),
    "contact_id": "00000000-0000-4000-8000-0000000000b2",
}  # fmt: skip
WRITTEN_TO = {
    "property_id": HOUSEHOLD["property_id"], "contact_id": HOUSEHOLD["contact_id"], "made_on": "2026-07-20", "batch": "CCA-1",
}  # fmt: skip


def round_letter(template: str) -> list[tuple[str, Json]]:
    """The letter to a household, which goes with its batch."""
    said = {
        "household": HOUSEHOLD,
        "template": template,
        "batch": "canvass-2026-CCA-1",
        "asked_by": "officer-elsewhere",
    }
    return [("notifications.household-letter-queued.v1", said)]


BEN = "00000000-0000-4000-8000-0000000000b1"
"""A proxy, as a person."""
TELLS_PROXIES = "policy:when_somebody_acts_as_proxy_then_tell_them"


def proxy_told(template: str, data: Json) -> list[tuple[str, Json]]:
    to = {"kind": "elector", "id": ADA, "person_id": BEN, "as_proxy": True}
    return [("notifications.message-queued.v1", {"template": template, "recipient": to, "data": data})]


INVITED, ENTRY = {"person_id": HERSELF}, {"elector_id": ADA, "person_id": HERSELF}
"""Whom the policy writes to: who is invited by the stream of the invitation, an elector by id."""
WRITES = "policy:when_somebody_is_invited_to_register_then_write"
PENALISES = "policy:when_civil_penalty_is_decided_then_tell"
WANTS = "policy:when_application_wants_something_then_ask_for_it"
HEARS = "policy:when_objection_is_heard_or_disallowed_then_tell"
CONFIRMS = "policy:when_entry_changes_or_expires_then_confirm_it"
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
        PENALISES, "registration.civil-penalty-appeal-dismissed.v1", {"person_id": UUID, "decided_on": date},
        [Example(
            {**INVITED, "decided_on": "2027-02-01"},
            records=invited("civil-penalty-appeal-dismissed", {"decided_on": "2027-02-01"}), stream=FORM,
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
        WANTS, "registration.evidence-requested.v1", {"person_id": UUID | None, "requested_on": date},
        [Example(
            {"person_id": HERSELF, "requested_on": "2026-03-05"},
            records=invited("evidence-request", {"requested_on": "2026-03-05"}), stream=FORM,
        )],
    ),
    Expectation(
        WANTS, "registration.application-found-incomplete.v1", {"person_id": UUID | None, "missing": tuple[str, ...]},
        [Example(
            {"person_id": HERSELF, "missing": ["dob", "nino"]},
            records=invited("application-incomplete", {"missing": "dob,nino"}), stream=FORM,
        )],
    ),
    Expectation(
        HEARS, "registration.hearing-called.v1",
        {"person_id": UUID | None, "hearing_on": date, "objectors": tuple[UUID, ...]},
        [Example(
            {"person_id": HERSELF, "hearing_on": "2026-03-18", "objectors": [ADA]},
            records=[
                *invited("application-hearing", {"hearing_on": "2026-03-18"}),
                objecting("objection-hearing", {"hearing_on": "2026-03-18"}),
            ],
            stream=FORM,
        )],
    ),
    Expectation(
        HEARS, "registration.objection-disallowed.v1", {"objector": UUID, "disallowed_on": date, "hearing_until": date},
        [Example(
            {"objector": ADA, "disallowed_on": "2026-03-10", "hearing_until": "2026-03-13"},
            records=[objecting("objection-disallowed", {"disallowed_on": "2026-03-10", "hearing_until": "2026-03-13"})],
        )],
    ),
    Expectation(
        CONFIRMS, "registration.elector-amended.v1",
        {"elector_id": UUID, "person_id": UUID, "effective_on": date, "application_id": UUID | None},
        [Example(
            {**ENTRY, "effective_on": "2026-04-01", "application_id": str(FORM)},
            records=reviewed("name-changed", {"effective_on": "2026-04-01"}),
        )],
    ),
    Expectation(
        CONFIRMS, "registration.declaration-renewed.v1", {"elector_id": UUID, "person_id": UUID, "until": date},
        [Example({**ENTRY, "until": "2029-11-01"}, records=reviewed("declaration-renewed", {"until": "2029-11-01"}))],
    ),
    Expectation(
        CONFIRMS, "registration.elector-removed.v1",
        {"elector_id": UUID, "person_id": UUID, "ground": RemovalGround, "effective_on": date},
        [Example(
            {**ENTRY, "ground": "expired", "effective_on": "2026-12-01"},
            records=reviewed("registration-expired", {"effective_on": "2026-12-01"}),
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
            "because": Literal["registration-ended", "signature-not-refreshed", "own-request", "proxy-request"] | str,
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
            Example(
                {
                    "elector_id": ADA, "person_id": BEN, "answer_by": "2029-01-31", "arrangement": "postal-proxy",
                    "need": "reapplication",
                },
                records=proxy_told("postal-proxy-renewal", {"answer_by": "2029-01-31"}),
            ),
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
    Expectation(
        "policy:when_fresh_signature_is_requested_then_write", "registration.fresh-signature-requested.v1",
        {"elector_id": UUID, "person_id": UUID, "whose": Literal["elector", "proxy"], "fault": str},
        [
            Example(
                {"elector_id": ADA, "person_id": HERSELF, "whose": "elector", "fault": "too-small"},
                records=queued("fresh-signature", "elector", ADA, {"fault": "too-small"}),
            ),
            Example(
                {"elector_id": ADA, "person_id": BEN, "whose": "proxy", "fault": "too-small"},
                records=proxy_told("fresh-signature", {"fault": "too-small"}),
            ),
        ],
    ),
    Expectation(
        "policy:when_canvass_contact_is_made_then_write", "registration.canvass-contact-made.v1",
        {"property_id": UUID, "contact_id": UUID, "contact": Literal["form"] | str, "number": int, "made_on": date, "batch": str},
        [
            Example({**WRITTEN_TO, "contact": "cca", "number": 1}, records=round_letter("canvass-communication-a"), stream=FORM),
            Example({**WRITTEN_TO, "contact": "phone", "number": 2}, stream=FORM),
        ],
    ),
    Expectation(
        "policy:when_absent_vote_ends_then_tell", "registration.postal-vote-cancelled.v1",
        {"elector_id": UUID, "person_id": UUID | None, "cancelled_on": date},
        [
            Example(
                {**ENTRY, "cancelled_on": "2026-04-21"},
                records=queued("postal-vote-cancelled", "elector", ADA, {"cancelled_on": "2026-04-21"}),
            ),
            Example({"person_id": None}),
        ],
    ),
    Expectation(
        "policy:when_signature_is_waived_then_confirm_it", "registration.signature-waived.v1",
        {"elector_id": UUID, "person_id": UUID, "waived_on": date, "whose": Literal["elector", "proxy"]},
        [Example(
            {"elector_id": ADA, "person_id": BEN, "waived_on": "2026-04-21", "whose": "proxy"},
            records=proxy_told("signature-waived", {"waived_on": "2026-04-21"}),
        )],
    ),
    Expectation(
        TELLS_PROXIES, "registration.proxy-appointed.v1",
        {"elector_id": UUID, "proxy_id": UUID, "valid_from": date, "valid_until": date | None, "poll": date | None},
        [Example(
            {"elector_id": ADA, "proxy_id": BEN, "valid_from": "2026-04-22", "valid_until": None, "poll": None},
            records=proxy_told("proxy-appointment", {"valid_from": "2026-04-22"}),
        )],
    ),
    Expectation(
        TELLS_PROXIES, "registration.proxy-ended.v1",
        {
            "elector_id": UUID, "proxy_id": UUID, "ended_on": date, "poll": date | None, "still_acts": bool,
            "because": Literal["expired"] | str,
        },
        [
            Example(
                {
                    "elector_id": ADA, "proxy_id": BEN, "ended_on": "2026-06-01", "poll": None, "still_acts": False,
                    "because": "replaced",
                },
                records=proxy_told("proxy-appointment-ended", {"ended_on": "2026-06-01"}),
            ),
            Example({"still_acts": False, "because": "expired"}),
        ],
    ),
    Expectation(
        TELLS_PROXIES, "registration.postal-proxy-granted.v1",
        {"elector_id": UUID, "proxy_id": UUID, "valid_from": date, "valid_until": date, "poll": date | None},
        [Example(
            {"elector_id": ADA, "proxy_id": BEN, "valid_from": "2026-04-22", "valid_until": "2029-01-31", "poll": None},
            records=proxy_told("postal-proxy-confirmation", {"valid_from": "2026-04-22", "valid_until": "2029-01-31"}),
        )],
    ),
    Expectation(
        TELLS_PROXIES, "registration.postal-proxy-refused.v1",
        {"elector_id": UUID, "proxy_id": UUID | None, "reasons": tuple[str, ...]},
        [
            Example(
                {"elector_id": ADA, "proxy_id": BEN, "reasons": ["dob-not-provided"]},
                records=proxy_told("postal-proxy-refused", {"reasons": "dob-not-provided"}),
            ),
            Example({"proxy_id": None}),
        ],
    ),
    Expectation(
        TELLS_PROXIES, "registration.postal-proxy-ended.v1",
        {"elector_id": UUID, "proxy_id": UUID, "ended_on": date, "because": Literal["own-request"] | str},
        [
            Example(
                {"elector_id": ADA, "proxy_id": BEN, "ended_on": "2026-06-01", "because": "own-request"},
                records=proxy_told("postal-proxy-ended", {"ended_on": "2026-06-01"}),
            ),
            Example({"because": "appointment-ended"}),
        ],
    ),
)  # fmt: skip

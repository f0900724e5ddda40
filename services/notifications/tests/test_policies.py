"""Who is written to because of what other services tell."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.notifications.policies import POLICIES
from services.notifications.policies.when_allowance_is_paid_then_send_pay_statement import send_pay_statement
from services.notifications.policies.when_application_is_rejected_then_give_reasons import give_reasons
from services.notifications.policies.when_elector_is_added_then_confirm_registration import confirm_registration
from services.notifications.policies.when_postal_vote_is_granted_then_confirm_it import confirm_postal_vote
from services.notifications.policies.when_receipt_is_issued_then_send_it import send_receipt
from services.notifications.templates.registry import template
from shared.eventcore.recording import Metadata, Recorded
from shared.events.definition import REGISTRY, Sealed
from shared.events.finance import AllowancePaid, ReceiptIssued
from shared.events.registration import ApplicationRejected, ElectorAdded, PostalVoteGranted
from shared.events.values import ElectorNumber

AT = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
STREAM, PERSON, SEALED = UUID(int=1), UUID(int=2), Sealed("v1.x")
DAY, LATER = date(2026, 5, 7), date(2029, 5, 6)


def heard(fact):
    return Recorded(
        fact, REGISTRY.of(fact).wire, STREAM, "foreign", 7, 0, 1, AT, AT, Metadata("officer", "E07000999", "c")
    )


def added(application):
    return ElectorAdded(
        UUID(int=3), PERSON, SEALED, SEALED, UUID(int=4), ElectorNumber("AB", 1), DAY, DAY, "monthly",
        application_id=application, contact=SEALED,
    )  # fmt: skip


def granted(**terms):
    return PostalVoteGranted(UUID(int=3), PERSON, "maximum", DAY, LATER, DAY, ballot_address=SEALED, **terms)


REJECTED = ApplicationRejected(PERSON, DAY, ("not-resident", "not-eligible"), SEALED)
PAID = AllowancePaid(UUID(int=5), PERSON, 2026, 1, DAY, 66_667, (), SEALED, SEALED)
RECEIPT = ReceiptIssued(UUID(int=6), PERSON, 2026, 1, 15_200, "card", DAY)
CASES = [
    (confirm_registration, added(UUID(int=9)), "registration-confirmation", "elector"),
    (give_reasons, REJECTED, "registration-rejection", "applicant"),
    (confirm_postal_vote, granted(), "postal-vote-confirmation", "elector"),
    (confirm_postal_vote, granted(shortened=True), "postal-vote-shortened", "elector"),
    (confirm_postal_vote, granted(poll=DAY), "postal-vote-for-one-poll", "elector"),
    (send_pay_statement, PAID, "pay-statement", "member"),
    (send_receipt, RECEIPT, "receipt", "customer"),
]


@pytest.mark.parametrize(("policy", "fact", "name", "kind"), CASES)
def test_a_fact_is_followed_by_one_letter_that_holds_all_its_template_asks_for(policy, fact, name, kind):
    (first,), (again,) = policy.react(heard(fact)), policy.react(heard(fact))
    queue = first.command
    assert first.stream_id == again.stream_id == queue.message_id
    assert (queue.template, queue.recipient.kind, queue.source_event) == (name, kind, f"{STREAM}@7")
    made = template(queue.template, queue.template_version, queue.language)
    assert made.fields.keys() == queue.data.keys()
    assert made.filled(queue.data)


def test_an_entry_taken_over_from_another_system_is_not_confirmed():
    assert list(confirm_registration.react(heard(added(None)))) == []


def test_the_rejection_goes_to_the_application_it_is_about():
    (step,) = give_reasons.react(heard(REJECTED))
    assert step.command.recipient.id == STREAM
    assert step.command.data["reasons"] == "not-resident,not-eligible"


def test_every_policy_has_a_case_here():
    assert {case[0] for case in CASES} == set(POLICIES)

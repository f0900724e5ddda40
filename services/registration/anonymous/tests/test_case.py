"""The rules of one anonymous case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registration.anonymous.commands import (
    ConfirmIdentity,
    DiscloseRecord,
    EndEntry,
    GiveNumber,
    GrantAnonymity,
    IdentifyHome,
    IssueDocument,
    ProposeGrant,
    TakeApplication,
    TakeEvidence,
    TurnDown,
    WriteReminder,
)
from services.registration.anonymous.decider import Case, cases
from services.registration.anonymous.events import AnonymityGranted, DocumentIssued, ReminderWritten
from shared.eventcore.testing.specs import spec
from shared.events.values import (
    ElectoralAreas,
    ElectorNumber,
    PersonId,
    PollingDistrict,
    PropertyId,
    Ward,
)
from shared.law.effect import PollAhead, Programme
from shared.law.polls import PollType

HERSELF, HOME = PersonId(UUID(int=2)), PropertyId(UUID(int=3))
FORM = {
    "fn": "Zephyrine", "ln": "Quillfeather", "dob": "1980-12-01", "nino": "AB123456D", "nat": "GB",
    "regproperty": "Flat 2", "regstreet": "10 Gorse Lane", "regpostcode": "ZZ1 1AA",
}  # fmt: skip
AREAS = ElectoralAreas(PollingDistrict("AB"), Ward("E05999001"))
TAKE = TakeApplication(HERSELF, "P-1", "paper", "ordinary", date(2026, 4, 28), FORM)
HOMED, IDENTIFIED = IdentifyHome(HOME, AREAS), ConfirmIdentity("documents")
ORDER = TakeEvidence("restraining-order", date(2026, 1, 5))
PROPOSE = ProposeGrant("one", date(2026, 4, 28))
GRANT = GrantAnonymity("two", date(2026, 4, 28))
NUMBER = GiveNumber(ElectorNumber(PollingDistrict("AB"), 57), date(2025, 12, 1), date(2026, 4, 28))
POLL = PollAhead(PollType.LOCAL, date(2026, 5, 7))


def after(*commands):
    """A spec in which these commands were given."""
    events = ()
    for command in commands:
        events += tuple(cases.decide(command, cases.fold(events)))
    return spec(cases).given(*events)


READY = (TAKE, HOMED, IDENTIFIED, ORDER, PROPOSE)


def test_two_officers_grant_for_twelve_months_from_the_next_notice():
    after(*READY).when(GRANT).then(
        AnonymityGranted(HERSELF, "two", date(2026, 4, 28), date(2026, 6, 1), "monthly", date(2027, 5, 31))
    )


def test_the_officer_who_proposed_does_not_grant():
    after(*READY).when(replace(GRANT, officer="one")).refused("maker-is-checker")


def test_nobody_grants_what_nobody_proposed():
    after(*READY[:-1]).when(GRANT).refused("not-proposed")


@pytest.mark.parametrize(
    ("missing", "rule"),
    [(HOMED, "address-not-identified"), (IDENTIFIED, "identity-not-verified"), (ORDER, "evidence-needed")],
)
def test_a_grant_rests_on_a_home_an_identity_and_evidence(missing, rule):
    after(*(done for done in READY[:-1] if done is not missing)).when(PROPOSE).refused(rule)


def test_edge_case_15_an_application_six_working_days_before_the_poll_is_in_the_final_notice_and_five_is_not():
    in_time = replace(GRANT, determined_on=date(2026, 4, 28), programme=Programme((POLL,)))
    (granted,) = after(*READY).when(in_time).events
    assert (granted.notice, granted.effective_on) == ("final", date(2026, 4, 29))
    (late,) = after(*READY).when(replace(in_time, determined_on=date(2026, 4, 29))).events
    assert (late.notice, late.effective_on) == ("monthly", date(2026, 6, 1))


def test_an_attestation_is_good_for_one_to_five_years():
    nurse = TakeEvidence("nurse", date(2026, 1, 5), date(2031, 1, 5))
    assert after(TAKE).when(nurse).refusal is None
    for until in (None, date(2027, 1, 4), date(2031, 1, 6)):
        after(TAKE).when(replace(nurse, valid_until=until)).refused("attestation-term")


def test_only_listed_offices_and_orders_count():
    after(TAKE).when(replace(ORDER, kind="neighbour")).refused("unknown-evidence")


def test_an_order_that_has_run_out_grants_nothing():
    over = replace(ORDER, valid_until=date(2026, 4, 27))
    after(TAKE, HOMED, IDENTIFIED, over).when(PROPOSE).refused("evidence-not-in-force")


def test_evidence_may_name_another_of_the_household():
    (taken,) = after(TAKE).when(replace(ORDER, of_household=UUID(int=9))).events
    assert taken.of_household == UUID(int=9)


def test_each_renewal_needs_evidence_of_its_own_and_two_officers():
    entered = after(*READY, GRANT)
    entered.when(replace(PROPOSE, proposed_on=date(2027, 3, 2))).refused("evidence-needed")
    again = after(*READY, GRANT, ORDER, replace(PROPOSE, proposed_on=date(2027, 3, 2)))
    (renewed,) = again.when(replace(GRANT, determined_on=date(2027, 3, 2))).events
    assert (renewed.effective_on, renewed.ends_on) == (date(2027, 4, 1), date(2028, 3, 31))


def test_edge_case_17_a_new_number_makes_the_document_due_again_and_issuing_it_settles_that():
    other = replace(NUMBER, number=ElectorNumber(PollingDistrict("AB"), 61), numbered_in=date(2026, 12, 1))
    issued = (*READY, GRANT, NUMBER, IssueDocument(date(2026, 6, 2)))
    assert not outdated(*issued)
    assert outdated(*issued, other)
    after(*issued, other).when(IssueDocument(date(2026, 12, 3))).then(
        DocumentIssued(other.number, 2, date(2026, 12, 3))
    )
    assert not outdated(*issued, other, IssueDocument(date(2026, 12, 3)))


def outdated(*commands):
    events = ()
    for command in commands:
        events += tuple(cases.decide(command, cases.fold(events)))
    case = cases.fold(events)
    assert isinstance(case, Case)
    return case.document_is_outdated


def test_a_term_is_reminded_of_once():
    written = WriteReminder(date(2027, 3, 2))
    after(*READY, GRANT).when(written).then(ReminderWritten(date(2027, 3, 2), date(2027, 5, 31)))
    after(*READY, GRANT, written).when(written).then()


def test_an_entry_expires_on_its_last_day_and_not_before():
    after(*READY, GRANT).when(EndEntry("expired", date(2027, 5, 31))).refused("not-expired")
    assert after(*READY, GRANT).when(EndEntry("expired", date(2027, 6, 1))).refusal is None


def test_a_case_turned_down_is_closed():
    down = TurnDown(date(2026, 5, 1), ("evidence-not-in-force",))
    after(TAKE, down).when(ORDER).refused("case-closed")
    after(*READY, GRANT).when(down).refused("case-closed")


def test_the_record_is_opened_to_the_few_who_have_a_right_to_it():
    asked = DiscloseRecord("police", "Chief Superintendent, ref. 7", "one", date(2026, 7, 1))
    assert after(*READY, GRANT).when(asked).refusal is None
    after(*READY, GRANT).when(replace(asked, recipient="credit-reference-agency")).refused("no-right-to-the-record")


def test_a_form_sent_twice_counts_once_and_an_unreadable_one_is_refused():
    after(TAKE).when(TAKE).then()
    spec(cases).when(replace(TAKE, form=FORM | {"dob": "first of May"})).refused("unreadable-answer")


def test_nothing_happens_to_a_case_that_is_not_there():
    spec(cases).when(PROPOSE).refused("no-such-case")

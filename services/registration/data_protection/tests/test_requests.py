"""The rules of one request about one's own data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.registration.data_protection.requests.decider import (
    AskIdentity,
    CheckPack,
    DecideRectification,
    DisclosePack,
    ExtendTime,
    PreparePack,
    ProveIdentity,
    ReceiveRequest,
    RefuseRequest,
    TellRecipients,
    WithdrawRequest,
    requests,
)
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    CorrectingEvent,
    SubjectIdentityProved,
    SubjectRequestExtended,
    SubjectRequestId,
    SubjectRequestReceived,
)
from shared.events.values import PersonId
from shared.law.subject_rights import answer_by

CASE, HERSELF = SubjectRequestId(UUID(int=1)), PersonId(UUID(int=2))
ASKED = ReceiveRequest(CASE, HERSELF, "access", "letter", date(2026, 3, 3), "All of it, please")
WRONG = ReceiveRequest(CASE, HERSELF, "rectification", "e-mail", date(2026, 3, 3), "I was born in May")
PROVED = ProveIdentity("documents", date(2026, 3, 4))
MADE = PreparePack("one", datetime(2026, 3, 10, 12, tzinfo=UTC), "aa", 7)
PASSED = CheckPack("two", "aa", True)
GONE = DisclosePack("one", "aa", "post", date(2026, 3, 12))
FACT = CorrectingEvent(UUID(int=5), 3, "moothall.registration.clerical-error-corrected.v1")
PUT_RIGHT = DecideRectification("one", True, "The form says May.", (FACT,), date(2026, 3, 10))
COPY, RECORD = UUID(int=7), UUID(int=8)


def after(*commands):
    """A spec in which these commands were given."""
    events = ()
    for command in commands:
        events += tuple(requests.decide(command, requests.fold(events)))
    return spec(requests).given(*events)


@pytest.mark.parametrize(
    ("began", "last"),
    [
        (date(2026, 3, 3), date(2026, 4, 7)),  # 3 April is Good Friday, 6 April Easter Monday
        (date(2026, 1, 30), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 6, 9), date(2026, 7, 9)),
    ],
)
def test_the_answer_is_due_on_the_same_day_of_the_next_month_or_the_working_day_after(began, last):
    assert answer_by(began) == last


def test_the_month_runs_from_receipt():
    after().when(ASKED).then(
        SubjectRequestReceived(CASE, HERSELF, "access", "letter", date(2026, 3, 3), date(2026, 4, 7), ASKED.said)
    )


def test_it_runs_from_the_proof_where_proof_was_asked_for():
    proved = ProveIdentity("documents", date(2026, 3, 16))
    after(ASKED).when(proved).then(SubjectIdentityProved(CASE, date(2026, 3, 16), "documents", date(2026, 4, 7)))
    after(ASKED, AskIdentity(date(2026, 3, 4))).when(proved).then(
        SubjectIdentityProved(CASE, date(2026, 3, 16), "documents", date(2026, 4, 16))
    )


def test_two_months_more_are_told_within_the_first_month_and_once():
    longer = ExtendTime("complex", date(2026, 4, 7))
    after(ASKED, PROVED).when(longer).then(SubjectRequestExtended(CASE, date(2026, 4, 7), "complex", date(2026, 6, 3)))
    after(ASKED, PROVED).when(ExtendTime("complex", date(2026, 4, 8))).refused("extension-too-late")
    after(ASKED, PROVED, longer).when(longer).refused("extension-too-late")


def test_nothing_is_given_before_it_is_known_who_asks():
    after(ASKED).when(MADE).refused("identity-not-proved")
    after(WRONG).when(PUT_RIGHT).refused("identity-not-proved")


def test_a_pack_goes_only_after_a_second_officer_has_passed_that_very_pack():
    made = (ASKED, PROVED, MADE)
    after(ASKED, PROVED).when(GONE).refused("pack-not-prepared")
    after(*made).when(GONE).refused("pack-not-checked")
    after(*made).when(CheckPack("one", "aa", True)).refused("maker-is-checker")
    after(*made).when(CheckPack("two", "bb", True)).refused("pack-changed")
    after(*made, CheckPack("two", "aa", False)).when(GONE).refused("pack-not-checked")
    after(*made, PASSED, MADE).when(GONE).refused("pack-not-checked")
    assert after(*made, PASSED).when(GONE).refusal is None
    after(*made, PASSED, GONE).when(GONE).refused("request-closed")


def test_access_and_rectification_are_answered_in_their_own_ways():
    after(ASKED, PROVED).when(PUT_RIGHT).refused("another-right")
    after(WRONG, PROVED).when(MADE).refused("another-right")


def test_what_is_upheld_names_how_it_was_corrected_and_what_is_not_names_nothing():
    after(WRONG, PROVED).when(DecideRectification("one", True, "Yes", (), date(2026, 3, 10))).refused(
        "correction-needed"
    )
    after(WRONG, PROVED).when(DecideRectification("one", False, "No", (FACT,), date(2026, 3, 10))).refused(
        "correction-needed"
    )


def test_the_case_is_closed_when_everybody_who_has_the_wrong_data_was_told_or_it_is_said_why_not():
    def tell(*told, others=""):
        return TellRecipients(frozenset({COPY, RECORD}), told, others, date(2026, 3, 12))

    after(WRONG, PROVED).when(tell(COPY, RECORD)).refused("correction-not-decided")
    decided = (WRONG, PROVED, PUT_RIGHT)
    after(*decided).when(tell(COPY)).refused("recipients-not-told")
    assert after(*decided).when(tell(COPY, others="impossible")).refusal is None
    after(*decided, tell(COPY, RECORD)).when(PUT_RIGHT).refused("request-closed")


@pytest.mark.parametrize(
    "end", [RefuseRequest("manifestly-unfounded", "", date(2026, 3, 9)), WithdrawRequest(date(2026, 3, 9))]
)
def test_a_request_refused_or_withdrawn_is_closed(end):
    after(ASKED, PROVED, end).when(MADE).refused("request-closed")


def test_nothing_happens_to_a_request_that_nobody_made():
    spec(requests).when(PROVED).refused("no-such-request")

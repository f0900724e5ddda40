"""Reviews of type A, B and C to their end. Days are those of the law's reading in registration-law 2.6."""

from dataclasses import replace
from datetime import date

from services.registration.electors.commands import (
    AnswerReview,
    AskForReviewHearing,
    CallReviewHearing,
    ConcludeReview,
    OpenReview,
)
from services.registration.tests.test_electors import ADDED, ID, ON_REGISTER, PERSON, electors, spec
from shared.events.registration import (
    ReviewAnswered,
    ReviewConcluded,
    ReviewHearingAsked,
    ReviewHearingCalled,
    ReviewOpened,
)

A = ReviewOpened(ID, PERSON, "A", date(2026, 6, 1), date(2026, 6, 15))
B = ReviewOpened(ID, PERSON, "B", date(2026, 6, 1), date(2026, 6, 29))
C = ReviewOpened(ID, PERSON, "C", date(2026, 6, 1), date(2026, 6, 8))
ASKED = ReviewHearingAsked(ID, PERSON, date(2026, 6, 15))
CALLED = ReviewHearingCalled(ID, PERSON, date(2026, 6, 16), date(2026, 6, 22))


def test_a_hearing_may_be_asked_for_until_the_last_day_and_once():
    noticed = ON_REGISTER.given(A)
    noticed.when(AskForReviewHearing(date(2026, 6, 15))).then(ASKED)
    noticed.when(AskForReviewHearing(date(2026, 6, 16))).refused("review-hearing-not-possible")
    noticed.given(ASKED).when(AskForReviewHearing(date(2026, 6, 15))).refused("review-hearing-not-possible")
    ON_REGISTER.given(B).when(AskForReviewHearing(date(2026, 6, 2))).refused("review-hearing-not-possible")


def test_who_asked_to_be_heard_is_heard_before_the_entry_goes_and_may_appeal():
    asked = ON_REGISTER.given(A, ASKED)
    asked.when(ConcludeReview(False, date(2026, 6, 30))).refused("review-hearing-to-come")
    asked.when(OpenReview("B", date(2026, 6, 30))).refused("review-hearing-to-come")
    asked.when(CallReviewHearing(date(2026, 6, 16), date(2026, 6, 18))).refused("hearing-out-of-time")
    asked.when(CallReviewHearing(date(2026, 6, 16), date(2026, 6, 22))).then(CALLED)
    heard = asked.given(CALLED)
    heard.when(ConcludeReview(False, date(2026, 6, 19))).refused("review-hearing-to-come")
    heard.when(ConcludeReview(False, date(2026, 6, 22))).then(
        ReviewConcluded(ID, PERSON, False, date(2026, 6, 22), appeal_by=date(2026, 7, 6))
    )


def test_silence_after_a_notice_of_type_a_leaves_no_appeal():
    ON_REGISTER.given(A).when(ConcludeReview(False, date(2026, 6, 16))).then(
        ReviewConcluded(ID, PERSON, False, date(2026, 6, 16))
    )
    ON_REGISTER.given(A).when(CallReviewHearing(date(2026, 6, 16), date(2026, 6, 22))).refused(
        "review-hearing-not-asked"
    )


def test_an_answer_to_a_request_for_evidence_lets_the_officer_go_on_at_once():
    answered = ReviewAnswered(ID, PERSON, date(2026, 6, 5), "tenancy agreement")
    ON_REGISTER.given(B).when(AnswerReview(date(2026, 6, 5), "tenancy agreement")).then(answered)
    told = ON_REGISTER.given(B, answered)
    told.when(AnswerReview(date(2026, 6, 6))).nothing_happens()
    told.when(OpenReview("A", date(2026, 6, 8))).then(
        replace(A, notice_on=date(2026, 6, 8), answer_by=date(2026, 6, 22))
    )
    told.when(ConcludeReview(False, date(2026, 7, 30))).refused("evidence-review-leads-to-notice")


def test_a_hearing_of_type_c_ends_with_a_decision_that_may_be_appealed():
    ON_REGISTER.given(C).when(ConcludeReview(False, date(2026, 6, 8))).then(
        ReviewConcluded(ID, PERSON, False, date(2026, 6, 8), appeal_by=date(2026, 6, 22))
    )
    ON_REGISTER.given(C).when(ConcludeReview(True, date(2026, 6, 8))).then(
        ReviewConcluded(ID, PERSON, True, date(2026, 6, 8))
    )


def test_an_anonymous_elector_is_on_no_list_of_reviews():
    [review] = spec(electors).given(replace(ADDED, anonymous=True)).when(OpenReview("A", date(2026, 6, 1))).events
    assert not review.listed

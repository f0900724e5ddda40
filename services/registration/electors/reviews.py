"""A review of an elector's entitlement: notice of type A, B or C, the answer, a hearing, the outcome. [RPR 2001 r.31D-31F]

A: the registration officer believes that there is none; the elector may ask for a hearing, else the entry goes and no
appeal lies. B: the officer is unsure and asks for evidence; silence leads to a notice of type A, never to removal.
C: a hearing at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from services.registration.electors.commands import (
    AnswerReview,
    AskForReviewHearing,
    CallReviewHearing,
    ConcludeReview,
    OpenReview,
    Review,
)
from services.registration.electors.entry import OnRegister, UnderReview
from shared.eventcore.deciding import Refused
from shared.events.registration import (
    ReviewAnswered,
    ReviewConcluded,
    ReviewHearingAsked,
    ReviewHearingCalled,
    ReviewOpened,
)
from shared.law import electors as law
from shared.law import registration

Event = ReviewOpened | ReviewAnswered | ReviewHearingAsked | ReviewHearingCalled | ReviewConcluded


def decide(command: Review, elector: OnRegister) -> Sequence[Event]:
    identity, person = elector.added.elector_id, elector.added.person_id
    match command:
        case OpenReview():
            return [opened(command, elector)]
        case AnswerReview(on, note):
            return [] if running(elector).answered else [ReviewAnswered(identity, person, on, note)]
        case AskForReviewHearing(on):
            review = running(elector)
            if review.opened.review != "A" or review.hearing_asked or on > review.opened.answer_by:
                raise Refused(law.HEARING_NOT_POSSIBLE)
            return [ReviewHearingAsked(identity, person, on)]
        case CallReviewHearing(notice_on, hearing_on):
            if not running(elector).hearing_asked:
                raise Refused(law.HEARING_NOT_ASKED)
            check_window(notice_on, hearing_on)
            return [ReviewHearingCalled(identity, person, notice_on, hearing_on)]
        case ConcludeReview():
            return [concluded(command, elector)]
        case _:
            assert_never(command)


def running(elector: OnRegister) -> UnderReview:
    if elector.review is None:
        raise Refused(law.NO_REVIEW)
    return elector.review


def opened(command: OpenReview, elector: OnRegister) -> ReviewOpened:
    open_one, on = elector.review, command.notice_on
    if open_one is not None:
        notice = open_one.opened
        if notice.review == "B" and not open_one.answered and on <= notice.answer_by:
            raise Refused(law.REVIEW_RUNNING, f"It may be answered until {notice.answer_by:%-d %B %Y}.")
        if open_one.hearing_asked:
            raise Refused(law.HEARING_TO_COME)
    match command.review:
        case "A":
            answer_by = registration.review_type_a_ends(on).date
        case "B":
            answer_by = registration.review_type_b_ends(on).date
        case "C":
            answer_by = check_window(on, command.hearing_on)
        case _:
            assert_never(command.review)
    added = elector.added
    listed = not added.anonymous
    return ReviewOpened(added.elector_id, added.person_id, command.review, on, answer_by, command.reason, listed)


def check_window(notice_on: date, hearing_on: date | None) -> date:
    """The day of the hearing. Raises `Refused` outside the third to seventh working day after the notice."""
    window = registration.hearing_window(notice_on)
    if hearing_on is None or not window.first <= hearing_on <= window.last:
        raise Refused(law.REVIEW_HEARING_OUT_OF_TIME, f"{window.first:%-d %B} to {window.last:%-d %B %Y}.")
    return hearing_on


def concluded(command: ConcludeReview, elector: OnRegister) -> ReviewConcluded:
    review, on, added = running(elector), command.concluded_on, elector.added
    heard = review.hearing_on is not None
    if not command.entitled:
        notice = review.opened
        if notice.review == "B":
            raise Refused(law.EVIDENCE_REVIEW_LEADS_TO_NOTICE)
        if review.hearing_asked and (review.hearing_on is None or on < review.hearing_on):
            raise Refused(law.HEARING_TO_COME)
        may_still_answer = on < review.hearing_on if review.hearing_on else on <= notice.answer_by
        if may_still_answer:
            raise Refused(law.REVIEW_RUNNING, f"It may be answered until {notice.answer_by:%-d %B %Y}.")
    appeal_by = registration.appeal_by(on).date if heard and not command.entitled else None
    return ReviewConcluded(added.elector_id, added.person_id, command.entitled, on, command.reason, appeal_by)


def evolve(elector: OnRegister, event: Event) -> OnRegister:
    match event:
        case ReviewOpened(review=kind, answer_by=day):
            opened_one = UnderReview(event, hearing_on=day if kind == "C" else None)
            return replace(elector, review=opened_one, found_not_entitled=False)
        case ReviewConcluded(entitled=entitled):
            return replace(elector, review=None, found_not_entitled=not entitled)
        case _ if elector.review is None:
            raise ValueError("a review is answered and heard while it runs")
        case ReviewAnswered():
            return replace(elector, review=replace(elector.review, answered=True))
        case ReviewHearingAsked():
            return replace(elector, review=replace(elector.review, hearing_asked=True))
        case ReviewHearingCalled(hearing_on=on):
            return replace(elector, review=replace(elector.review, hearing_on=on))
        case _:
            assert_never(event)

"""One enquiry, from receipt to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.notifications.enquiries.decider import AnswerEnquiry, CloseEnquiry, LinkEnquiry, LogEnquiry, enquiries
from shared.eventcore.testing.specs import spec
from shared.events.notifications import EnquiryAnswered, EnquiryClosed, EnquiryLinked, EnquiryLogged
from shared.events.values import PersonId
from shared.events.values_notifications import EnquiryId, enquiry_of_email

ID, PERSON = EnquiryId(UUID(int=3)), PersonId(UUID(int=4))
DAY, TODAY = date(2026, 6, 5), date(2026, 6, 8)
ELECTOR = UUID(int=9)
LOG = LogEnquiry(ID, PERSON, "letter", "foi", DAY, "A Sample", "a@example.org", "How many electors?", TODAY)
LOGGED = EnquiryLogged(
    ID, PERSON, "letter", "foi", DAY, date(2026, 7, 6), "FOIA 2000 s.10(1), (6)", "A Sample", "a@example.org",
    "How many electors?",
)  # fmt: skip
ANSWERED = EnquiryAnswered(ID, PERSON, TODAY, "87,412.")
CLOSED = EnquiryClosed(ID, TODAY, "answered")


def test_an_enquiry_is_logged_with_the_day_by_which_it_is_answered():
    spec(enquiries).when(LOG).then(LOGGED)


def test_an_enquiry_is_logged_once_and_not_twice_in_two_ways():
    spec(enquiries).given(LOGGED).when(LOG).nothing_happens()
    spec(enquiries).given(LOGGED).when(replace(LOG, kind="eir")).refused("already-logged")


def test_an_email_fetched_twice_is_the_same_enquiry():
    assert enquiry_of_email("E07000999", "<1@example.org> ") == enquiry_of_email("E07000999", "<1@example.org>")
    assert enquiry_of_email("E07000998", "<1@example.org>") != enquiry_of_email("E07000999", "<1@example.org>")


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"summary": " \n"}, "summary-needed"),
        ({"received_on": date(2026, 6, 9)}, "received-in-the-future"),
        ({"received_on": date(2004, 12, 31)}, "due-day-unknown"),
    ],
)
def test_an_enquiry_that_cannot_be_is_refused(changed, rule):
    spec(enquiries).when(replace(LOG, **changed)).refused(rule)


def test_an_enquiry_is_linked_once_to_what_it_is_about():
    link, linked = LinkEnquiry("elector", ELECTOR), EnquiryLinked(ID, "elector", ELECTOR)
    spec(enquiries).given(LOGGED).when(link).then(linked)
    spec(enquiries).given(LOGGED, linked).when(link).nothing_happens()
    spec(enquiries).when(link).refused("unknown-enquiry")


def test_an_enquiry_is_answered_and_closed():
    spec(enquiries).given(LOGGED).when(AnswerEnquiry(" 87,412.\n", TODAY)).then(ANSWERED)
    spec(enquiries).given(LOGGED, ANSWERED).when(CloseEnquiry("answered", TODAY)).then(CLOSED)
    spec(enquiries).given(LOGGED, ANSWERED, CLOSED).when(CloseEnquiry("answered", TODAY)).nothing_happens()


def test_an_enquiry_without_an_answer_is_not_closed_as_answered():
    spec(enquiries).given(LOGGED).when(CloseEnquiry("answered", TODAY)).refused("enquiry-not-answered")
    spec(enquiries).given(LOGGED).when(AnswerEnquiry(" ", TODAY)).refused("answer-needed")


def test_a_request_for_information_always_needs_a_reply():
    spec(enquiries).given(LOGGED).when(CloseEnquiry("no-reply-needed", TODAY)).refused("request-needs-answer")
    general = replace(LOGGED, kind="general")
    spec(enquiries).given(general).when(CloseEnquiry("no-reply-needed", TODAY)).then(
        EnquiryClosed(ID, TODAY, "no-reply-needed")
    )


def test_a_closed_enquiry_stays_as_it_was_closed():
    closed = spec(enquiries).given(LOGGED, ANSWERED, CLOSED)
    closed.when(AnswerEnquiry("More.", TODAY)).refused("enquiry-closed")
    closed.when(CloseEnquiry("withdrawn", TODAY)).refused("enquiry-closed")

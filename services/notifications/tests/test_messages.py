"""One message: queued once, written out, sent, delivered or tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notifications.messages.decider import (
    CallOff,
    ComposeLetter,
    QueueMessage,
    RecordDelivered,
    RecordFailure,
    RecordReceipt,
    RecordSent,
    messages,
)
from shared.eventcore.testing.specs import spec
from shared.events.notifications import (
    LetterComposed,
    MessageCalledOff,
    MessageDelivered,
    MessageFailed,
    MessageQueued,
    MessageSent,
)
from shared.events.values_notifications import Recipient, message_id

AT = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
ID = message_id("0@1", "receipt")
FACTS = (ID, Recipient("customer", UUID(int=5)), "receipt", 1, "letter", {"number": "2026/000001"}, "0@1", AT)
QUEUE, QUEUED = QueueMessage(*FACTS), MessageQueued(*FACTS)
EMAIL = replace(QUEUED, channel="email")
COMPOSED, SENT = LetterComposed(ID, 1, "ab", AT), MessageSent(ID, 1, AT)
DELIVERED = MessageDelivered(ID, 1, AT)


def failed_at(problem, attempt=1, at=AT, again=None):
    return MessageFailed(ID, attempt, at, problem, again)


def test_one_event_gives_one_message_however_often_it_is_delivered():
    spec(messages).when(QUEUE).then(QUEUED)
    spec(messages).given(QUEUED).when(QUEUE).nothing_happens()
    spec(messages).given(QUEUED, COMPOSED, SENT, DELIVERED).when(QUEUE).nothing_happens()
    assert message_id("0@1", "receipt") == ID != message_id("0@2", "receipt")


def test_a_letter_is_written_out_posted_and_delivered():
    spec(messages).given(QUEUED).when(ComposeLetter("ab", AT)).then(COMPOSED)
    spec(messages).given(QUEUED, COMPOSED).when(RecordSent(AT)).then(SENT)
    spec(messages).given(QUEUED, COMPOSED, SENT).when(RecordDelivered(AT)).then(DELIVERED)


def test_what_is_recorded_twice_happened_once():
    spec(messages).given(QUEUED, COMPOSED).when(ComposeLetter("ab", AT)).nothing_happens()
    spec(messages).given(QUEUED, COMPOSED, SENT).when(RecordSent(AT)).nothing_happens()
    spec(messages).given(QUEUED, COMPOSED, SENT, DELIVERED).when(RecordDelivered(AT)).nothing_happens()


def test_a_letter_is_not_posted_before_it_is_written_out_but_an_email_is_sent():
    spec(messages).given(QUEUED).when(RecordSent(AT)).refused("letter-not-composed")
    spec(messages).given(EMAIL).when(RecordSent(AT, "p-1")).then(MessageSent(ID, 1, AT, "p-1"))
    spec(messages).given(EMAIL).when(ComposeLetter("ab", AT)).refused("not-a-letter")


def test_what_was_not_sent_is_neither_delivered_nor_returned():
    spec(messages).given(QUEUED, COMPOSED).when(RecordDelivered(AT)).refused("message-not-sent")
    spec(messages).given(QUEUED, COMPOSED).when(RecordFailure("returned", AT)).refused("message-not-sent")
    spec(messages).when(RecordDelivered(AT)).refused("unknown-message")


def test_a_letter_that_came_back_has_failed_for_good_even_if_it_was_thought_to_have_arrived():
    for history in ((QUEUED, COMPOSED, SENT), (QUEUED, COMPOSED, SENT, DELIVERED)):
        spec(messages).given(*history).when(RecordFailure("returned", AT)).then(failed_at("returned"))
    gone = spec(messages).given(QUEUED, COMPOSED, SENT, failed_at("returned"))
    gone.when(ComposeLetter("cd", AT)).refused("message-not-waiting")
    gone.when(RecordFailure("returned", AT)).nothing_happens()


def test_a_delivered_message_does_not_fail_otherwise():
    delivered = spec(messages).given(QUEUED, COMPOSED, SENT, DELIVERED)
    delivered.when(RecordFailure("temporary-failure", AT)).refused("message-not-waiting")


def test_a_failure_that_may_pass_is_tried_again_when_its_schedule_says():
    again = AT + timedelta(minutes=5)
    spec(messages).given(EMAIL).when(RecordFailure("temporary-failure", AT)).then(
        failed_at("temporary-failure", again=again)
    )
    waiting = spec(messages).given(EMAIL, failed_at("temporary-failure", again=again))
    waiting.when(RecordSent(AT)).refused("message-not-yet-due")
    waiting.when(RecordSent(again)).then(MessageSent(ID, 2, again))


def test_each_attempt_of_a_letter_is_written_out_afresh_since_addresses_change():
    again = AT + timedelta(days=1)
    failed = spec(messages).given(QUEUED, COMPOSED, failed_at("technical-failure", again=again))
    failed.when(RecordSent(again)).refused("letter-not-composed")
    failed.when(ComposeLetter("ab", again)).then(LetterComposed(ID, 2, "ab", again))


@pytest.mark.parametrize(("channel", "attempts"), [("letter", 3), ("email", 5), ("sms", 4)])
def test_after_the_last_attempt_of_its_schedule_a_message_has_failed(channel, attempts):
    history, at = [replace(QUEUED, channel=channel)], AT
    while at is not None:
        (event,) = spec(messages).given(*history).when(RecordFailure("technical-failure", at)).events
        history.append(event)
        at = event.retry_at
    assert len(history) - 1 == history[-1].attempt == attempts


def test_notifys_daily_limit_ends_at_midnight_utc_which_is_one_oclock_of_a_summer_night():
    late = datetime(2026, 5, 7, 23, 30, tzinfo=UTC)
    (event,) = spec(messages).given(EMAIL).when(RecordFailure("daily-limit", late)).events
    assert event.retry_at == datetime(2026, 5, 8, 0, 0, tzinfo=UTC)


def test_waiting_for_a_limit_uses_up_no_attempt_of_the_schedule():
    history, at = [EMAIL], AT
    for _ in range(50):
        (event,) = spec(messages).given(*history).when(RecordFailure("rate-limit", at)).events
        history.append(event)
        at = event.retry_at
    (event,) = spec(messages).given(*history).when(RecordFailure("temporary-failure", at)).events
    assert event.retry_at == at + timedelta(minutes=5)


P1, P2 = MessageSent(ID, 1, AT, "p-1"), MessageSent(ID, 2, AT, "p-2")
ARRIVED = RecordReceipt("p-1", "delivered", AT)


def test_a_receipt_is_the_final_word_however_often_it_comes():
    spec(messages).given(EMAIL, P1).when(ARRIVED).then(DELIVERED)
    spec(messages).given(EMAIL, P1, DELIVERED).when(ARRIVED).nothing_happens()
    lost = failed_at("permanent-failure")
    spec(messages).given(EMAIL, P1).when(RecordReceipt("p-1", "permanent-failure", AT)).then(lost)
    spec(messages).given(EMAIL, P1, lost).when(ARRIVED).nothing_happens()
    spec(messages).given(EMAIL, P1, DELIVERED).when(RecordReceipt("p-1", "technical-failure", AT)).nothing_happens()


def test_a_receipt_that_is_faster_than_our_own_record_says_that_the_message_was_sent_too():
    spec(messages).given(EMAIL).when(ARRIVED).then(P1, DELIVERED)
    spec(messages).given(EMAIL, P1, DELIVERED).when(RecordSent(AT, "p-1")).nothing_happens()


def test_a_receipt_of_an_attempt_that_is_over_does_not_touch_the_next():
    again = failed_at("temporary-failure", again=AT)
    late = RecordReceipt("p-1", "temporary-failure", AT)
    spec(messages).given(EMAIL, P1, again).when(late).nothing_happens()
    spec(messages).given(EMAIL, P1, again, P2).when(late).nothing_happens()
    spec(messages).given(EMAIL, P1, again, P2).when(RecordReceipt("p-2", "delivered", AT)).then(
        MessageDelivered(ID, 2, AT)
    )


def test_a_returned_letter_is_heard_of_even_after_it_was_thought_to_have_arrived():
    posted = MessageSent(ID, 1, AT, "p-1")
    for history in ((QUEUED, COMPOSED, posted), (QUEUED, COMPOSED, posted, DELIVERED)):
        spec(messages).given(*history).when(RecordReceipt("p-1", "returned", AT)).then(failed_at("returned"))


def test_a_letter_may_be_written_out_and_handed_over_in_one_step():
    spec(messages).given(QUEUED).when(RecordSent(AT, "p-1", "ab")).then(COMPOSED, P1)
    spec(messages).given(EMAIL).when(RecordSent(AT, "p-1", "ab")).refused("not-a-letter")


def test_what_is_said_of_an_attempt_that_is_over_is_not_held_against_the_next():
    again = AT + timedelta(days=1)
    second = spec(messages).given(QUEUED, failed_at("technical-failure", again=again))
    second.when(RecordFailure("technical-failure", again, attempt=1)).refused("another-attempt")
    second.when(RecordFailure("permanent-failure", again, attempt=2)).then(
        failed_at("permanent-failure", attempt=2, at=again)
    )
    spec(messages).given(QUEUED).when(RecordDelivered(AT, attempt=2)).refused("another-attempt")


def test_an_attempt_that_was_given_up_and_goes_out_after_all_is_the_last():
    again = AT + timedelta(days=1)
    out = RecordSent(AT, "AB-000001", "ab", attempt=1)
    sent = MessageSent(ID, 1, AT, "AB-000001")
    spec(messages).given(QUEUED, failed_at("technical-failure", again=again)).when(out).then(sent)
    spec(messages).given(QUEUED, failed_at("permanent-failure")).when(out).then(sent)
    gone = spec(messages).given(QUEUED, failed_at("technical-failure", again=again), sent)
    gone.when(RecordSent(again, "CD-000001", "ab", attempt=2)).nothing_happens()
    gone.when(RecordReceipt("AB-000001", "returned", again)).then(failed_at("returned", at=again))


def test_a_message_that_still_waits_is_called_off_and_one_that_left_is_not():
    off = MessageCalledOff(ID, AT, "meeting cancelled")
    spec(messages).given(QUEUED).when(CallOff("meeting cancelled", AT)).then(off)
    spec(messages).given(QUEUED, COMPOSED).when(CallOff("meeting cancelled", AT)).then(off)
    spec(messages).given(QUEUED, COMPOSED, SENT).when(CallOff("meeting cancelled", AT)).nothing_happens()
    spec(messages).given(QUEUED, off).when(CallOff("meeting cancelled", AT)).nothing_happens()
    spec(messages).given(QUEUED, off).when(ComposeLetter("ab", AT)).refused("message-not-waiting")
    spec(messages).given(QUEUED, off).when(RecordFailure("technical-failure", AT)).nothing_happens()


def test_word_of_an_attempt_that_is_over_marks_no_other():
    again = AT + timedelta(days=1)
    second = spec(messages).given(QUEUED, COMPOSED, failed_at("technical-failure", again=again))
    second.when(RecordReceipt("job-1", "technical-failure", again, 1)).nothing_happens()
    second.when(RecordReceipt("job-1", "returned", again, 1)).nothing_happens()
    second.when(RecordReceipt("job-1", "delivered", again, 1)).then(
        MessageSent(ID, 1, again, "job-1"), MessageDelivered(ID, 1, again)
    )
    second.when(RecordReceipt("job-3", "delivered", again, 3)).nothing_happens()
    posted = spec(messages).given(
        QUEUED, COMPOSED, failed_at("technical-failure", again=again), LetterComposed(ID, 2, "cd", again),
        MessageSent(ID, 2, again, "job-2"),
    )  # fmt: skip
    posted.when(RecordReceipt("job-1", "technical-failure", again, 1)).nothing_happens()
    posted.when(RecordFailure("technical-failure", again, 1)).refused("another-attempt")
    posted.when(RecordSent(again, "job-1", attempt=1)).nothing_happens()

"""One print job, from the letters that are put together to the last that is accounted for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.notifications.print_jobs.decider import (
    AskReprint,
    FreezeJob,
    HandOver,
    RecordReprint,
    Report,
    Withdraw,
    print_jobs,
)
from shared.eventcore.testing.specs import spec
from shared.events.notifications import (
    PrintJobFrozen,
    PrintJobHandedOver,
    PrintJobReported,
    PrintJobReprintAsked,
    PrintJobReprinted,
    PrintJobWithdrawn,
)
from shared.events.values_notifications import MessageId, PrintedLetter, PrintJobId, PrintReportLine

AT = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
ID = PrintJobId(UUID(int=1))
LETTERS = tuple(
    PrintedLetter(seq, MessageId(UUID(int=10 + seq)), 1, "receipt", 1, date(2026, 5, 7), "ab") for seq in (1, 2, 3)
)
FROZEN, HANDED = PrintJobFrozen(ID, LETTERS, "cd", AT), PrintJobHandedOver(ID, AT)


def line(seq, outcome):
    return PrintReportLine(seq, LETTERS[seq - 1].message_id, 1, outcome)


def reported(*lines):
    return PrintJobReported(ID, lines, "ef", AT)


def test_a_job_is_frozen_once_and_handed_over_once():
    spec(print_jobs).when(FreezeJob(ID, LETTERS, "cd", AT)).then(FROZEN)
    spec(print_jobs).given(FROZEN).when(FreezeJob(ID, LETTERS, "cd", AT)).nothing_happens()
    spec(print_jobs).given(FROZEN).when(HandOver(AT)).then(HANDED)
    spec(print_jobs).given(FROZEN, HANDED).when(HandOver(AT)).nothing_happens()


def test_an_attempt_of_a_letter_is_in_one_job():
    tags = [claim.tag for claim in print_jobs.boundary(FROZEN)]
    assert len(set(tags)) == len(LETTERS)
    assert all(claim.rule.name == "letter-in-another-job" for claim in print_jobs.boundary(FROZEN))


def test_a_job_that_cannot_be_made_again_is_withdrawn_unless_it_was_handed_over():
    spec(print_jobs).given(FROZEN).when(Withdraw(AT)).then(PrintJobWithdrawn(ID, AT))
    spec(print_jobs).given(FROZEN, HANDED).when(Withdraw(AT)).nothing_happens()


def test_reports_add_up_and_may_repeat_themselves():
    first = reported(line(1, "posted"), line(2, "spoiled"))
    job = spec(print_jobs).given(FROZEN, HANDED)
    job.when(Report({1: "posted", 2: "spoiled"}, "ef", AT)).then(first)
    job = spec(print_jobs).given(FROZEN, HANDED, first)
    job.when(Report({1: "posted", 2: "spoiled"}, "ef", AT)).nothing_happens()
    job.when(Report({1: "returned", 3: "posted"}, "ef", AT)).then(reported(line(1, "returned"), line(3, "posted")))
    back = reported(line(1, "returned"))
    spec(print_jobs).given(FROZEN, HANDED, first, back).when(Report({1: "posted"}, "ef", AT)).nothing_happens()


@pytest.mark.parametrize(
    ("outcomes", "rule"),
    [({4: "posted"}, "no-such-letter-in-job"), ({1: "spoiled"}, "letter-reported-otherwise")],
)
def test_a_report_that_cannot_be_is_refused(outcomes, rule):
    job = spec(print_jobs).given(FROZEN, HANDED, reported(line(1, "posted")))
    job.when(Report(outcomes, "ef", AT)).refused(rule)


def test_nothing_is_reported_of_a_job_that_does_not_lie_with_the_print_house():
    spec(print_jobs).given(FROZEN).when(Report({1: "posted"}, "ef", AT)).refused("print-job-not-handed-over")
    spec(print_jobs).when(Report({1: "posted"}, "ef", AT)).refused("unknown-print-job")


def test_a_reprint_is_asked_for_once_at_a_time_and_says_what_changed():
    asked = PrintJobReprintAsked(ID, 1, AT)
    spec(print_jobs).given(FROZEN, HANDED).when(AskReprint(AT)).then(asked)
    spec(print_jobs).given(FROZEN, HANDED, asked).when(AskReprint(AT)).nothing_happens()
    done = PrintJobReprinted(ID, 1, (2,), AT)
    spec(print_jobs).given(FROZEN, HANDED, asked).when(RecordReprint(1, (2,), AT)).then(done)
    spec(print_jobs).given(FROZEN, HANDED, asked, done).when(RecordReprint(1, (), AT)).nothing_happens()
    spec(print_jobs).given(FROZEN, HANDED, asked, done).when(AskReprint(AT)).then(PrintJobReprintAsked(ID, 2, AT))

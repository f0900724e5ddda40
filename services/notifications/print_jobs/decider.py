"""One print job: letters frozen together, handed to the print house, and accounted for one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, assert_never

from shared.eventcore.deciding import Claim, Decider, Refused, Rule
from shared.events.notifications import (
    PrintJobEvent,
    PrintJobFrozen,
    PrintJobHandedOver,
    PrintJobReleased,
    PrintJobReported,
    PrintJobReprintAsked,
    PrintJobReprinted,
    PrintJobWithdrawn,
)
from shared.events.values_notifications import PrintedLetter, PrintJobId, PrintOutcome, PrintReportLine

# --------------------------------------------------------------------- rules

PROCEDURE: Final = "Council's procedure for bulk printing"
UNKNOWN_JOB = Rule(
    "unknown-print-job", "There is no such print job.", PROCEDURE, "Look it up in the list of print jobs."
)
IN_ANOTHER_JOB = Rule(
    "letter-in-another-job",
    "One of these letters is in a print job already.",
    PROCEDURE,
    "Put the job together afresh.",
)
NOT_HANDED_OVER = Rule(
    "print-job-not-handed-over",
    "This job does not lie with the print house: it is still being made, or was withdrawn.",
    PROCEDURE,
    "Wait until it is handed over.",
)
RELEASE_NEEDS_TWO = Rule(
    "print-release-needs-two",
    "Who asked for a batch of letters does not release it.",
    PROCEDURE,
    "Let another officer look at the job and release it.",
)
NOT_RELEASED = Rule(
    "print-job-not-released",
    "The letters of a batch go to the print house once a second officer has released them.",
    PROCEDURE,
    "Look at the batch and release it.",
)
NO_SUCH_LETTER = Rule(
    "no-such-letter-in-job",
    "The report speaks of letters that this job does not hold.",
    PROCEDURE,
    "Ask the print house for the report on this job.",
)
REPORTED_OTHERWISE = Rule(
    "letter-reported-otherwise",
    "The report says something else of a letter than an earlier one did.",
    PROCEDURE,
    "Ask the print house which is right; a spoiled letter has gone again with another job.",
)
MAY_FOLLOW: Final[frozenset[tuple[PrintOutcome | None, PrintOutcome]]] = frozenset(
    {(None, "posted"), (None, "spoiled"), (None, "returned"), ("posted", "returned")}
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class FreezeJob:
    job_id: PrintJobId
    letters: tuple[PrintedLetter, ...]
    sha256: str
    at: datetime
    batch: str = ""
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdraw:
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """`outcomes`: what is said of a letter, by its `seq`. Reports add up; what was said before may be said again."""

    outcomes: Mapping[int, PrintOutcome]
    report_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskReprint:
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordReprint:
    number: int
    changed: tuple[int, ...]
    at: datetime


Command = FreezeJob | Release | HandOver | Withdraw | Report | AskReprint | RecordReprint

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NoJob:
    pass


@dataclass(frozen=True, slots=True)
class Job:
    """`reprints`: how many were asked for; `reprinted`: how many of them are done."""

    frozen: PrintJobFrozen
    stage: Literal["frozen", "handed-over", "withdrawn"] = "frozen"
    outcomes: Mapping[int, PrintOutcome] = field(default_factory=dict)
    reprints: int = 0
    reprinted: int = 0
    released: bool = False

    @property
    def held(self) -> bool:
        """Whether a second officer has still to release it."""
        return self.stage == "frozen" and bool(self.frozen.batch) and not self.released


PrintJob = NoJob | Job


def decide(command: Command, job: PrintJob) -> Sequence[PrintJobEvent]:
    if isinstance(command, FreezeJob):
        if isinstance(job, Job):
            return []
        frozen = (command.job_id, command.letters, command.sha256, command.at, command.batch, command.asked_by)
        return [PrintJobFrozen(*frozen)]
    known = existing(job)
    identity = known.frozen.job_id
    match command:
        case Release(by, at):
            if not known.held:
                return []
            if by == known.frozen.asked_by:
                raise Refused(RELEASE_NEEDS_TWO)
            return [PrintJobReleased(identity, by, at)]
        case HandOver(at):
            if known.held:
                raise Refused(NOT_RELEASED)
            return [PrintJobHandedOver(identity, at)] if known.stage == "frozen" else []
        case Withdraw(at):
            return [PrintJobWithdrawn(identity, at)] if known.stage == "frozen" else []
        case Report(outcomes, report, at):
            lines = news(handed_over(known), outcomes)
            return [PrintJobReported(identity, lines, report, at)] if lines else []
        case AskReprint(at):
            waiting = handed_over(known).reprints > known.reprinted
            return [] if waiting else [PrintJobReprintAsked(identity, known.reprints + 1, at)]
        case RecordReprint(number, changed, at):
            return [PrintJobReprinted(identity, number, changed, at)] if number == known.reprinted + 1 else []
        case _:
            assert_never(command)


def existing(job: PrintJob) -> Job:
    match job:
        case Job():
            return job
        case NoJob():
            raise Refused(UNKNOWN_JOB)
        case _:
            assert_never(job)


def handed_over(job: Job) -> Job:
    if job.stage != "handed-over":
        raise Refused(NOT_HANDED_OVER)
    return job


def news(job: Job, outcomes: Mapping[int, PrintOutcome]) -> tuple[PrintReportLine, ...]:
    """What the report adds to what was known."""
    letters = {letter.seq: letter for letter in job.frozen.letters}
    if strangers := sorted(outcomes.keys() - letters.keys()):
        raise Refused(NO_SUCH_LETTER, f"It names seq {', '.join(map(str, strangers[:10]))}.")
    new = {seq: said for seq, said in sorted(outcomes.items()) if said not in known_of(job, seq)}
    if clashes := [seq for seq, outcome in new.items() if (job.outcomes.get(seq), outcome) not in MAY_FOLLOW]:
        raise Refused(REPORTED_OTHERWISE, f"It is about seq {', '.join(map(str, clashes[:10]))}.")
    return tuple(
        PrintReportLine(seq, letters[seq].message_id, letters[seq].attempt, outcome) for seq, outcome in new.items()
    )


def known_of(job: Job, seq: int) -> tuple[PrintOutcome, ...]:
    """What was said of a letter: one that came back was posted."""
    match job.outcomes.get(seq):
        case None:
            return ()
        case "returned":
            return ("posted", "returned")
        case said:
            return (said,)


def evolve(job: PrintJob, event: PrintJobEvent) -> PrintJob:
    match event:
        case PrintJobFrozen():
            return Job(event)
        case PrintJobReleased():
            return replace(existing(job), released=True)
        case PrintJobHandedOver():
            return replace(existing(job), stage="handed-over")
        case PrintJobWithdrawn():
            return replace(existing(job), stage="withdrawn")
        case PrintJobReported():
            known = existing(job)
            return replace(known, outcomes={**known.outcomes, **{line.seq: line.outcome for line in event.lines}})
        case PrintJobReprintAsked():
            return replace(existing(job), reprints=event.number)
        case PrintJobReprinted():
            return replace(existing(job), reprinted=event.number)
        case _:
            assert_never(event)


def boundary(event: PrintJobEvent) -> Iterable[Claim]:
    """Each attempt of a letter is in one job: two print runs at once cannot post it twice."""
    if isinstance(event, PrintJobFrozen):
        for letter in event.letters:
            yield Claim(f"printed:{letter.message_id}:{letter.attempt}", IN_ANOTHER_JOB)


print_jobs: Decider[Command, PrintJob, PrintJobEvent] = Decider("print-job", NoJob(), decide, evolve, boundary)

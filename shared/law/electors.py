"""The rules about an entry that is on the register: who may be there twice, what may be put right, what takes it off.

[RPA 1983 s.9, s.10ZE, s.13B; RPR 2001 r.31C-31F; EC guidance on running electoral registration]
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from shared.law.rules import Refused, Rule

ALREADY_ON_REGISTER: Final = Rule(
    "already-on-register",
    "This person is on the register at this address already.",
    "RPA 1983 s.9, s.10ZC",
    "Find the application a duplicate, or amend the entry there is.",
)
NUMBER_TAKEN: Final = Rule(
    "elector-number-taken",
    "Another entry of this register has this number; numbers are never used twice in one register.",
    "RPR 2001 r.40-41",
    "Take the next free number, or a suffix.",
)
NOT_ON_REGISTER: Final = Rule(
    "not-on-register", "There is no such entry on the register.", "RPA 1983 s.9", "Check the elector's number."
)
ANONYMOUS_NEVER_IN_OPEN_REGISTER: Final = Rule(
    "anonymous-never-in-open-register",
    "An anonymous elector is never in the open register.",
    "RPA 1983 s.9B; RPR 2001 r.93",
)
NOT_A_CLERICAL_ERROR: Final = Rule(
    "not-a-clerical-error",
    "Only the registration officer's own mistake in recording may be corrected without a notice.",
    "RPA 1983 s.13B(3B)-(3D)",
    "Take an application to alter the entry.",
)
TOO_LATE_TO_CORRECT: Final = Rule(
    "too-late-to-correct",
    "A clerical error may be corrected for this poll until 9pm on polling day.",
    "RPA 1983 s.13B(3B)-(3D)",
    "Correct it after the poll.",
)
TELL_THE_PRESIDING_OFFICER: Final = Rule(
    "tell-the-presiding-officer",
    "A correction on polling day counts only when the presiding officer is told.",
    "RPA 1983 s.13B(3D)",
    "Ring the polling station, then record the correction.",
)
NO_REVIEW: Final = Rule("no-review", "No review of this entry is open.", "RPR 2001 r.31D", "Open a review first.")
REVIEW_RUNNING: Final = Rule(
    "review-running",
    "The elector may still answer the review notice.",
    "RPR 2001 r.31D",
    "Wait for the answer or for the end of its time.",
)
EVIDENCE_REVIEW_LEADS_TO_NOTICE: Final = Rule(
    "evidence-review-leads-to-notice",
    "A request for evidence that goes unanswered leads to a notice of review (type A), never to removal.",
    "RPR 2001 r.31D",
    "Open a review of type A.",
)
REVIEW_HEARING_OUT_OF_TIME: Final = Rule(
    "hearing-out-of-time",
    "A hearing takes place from the third to the seventh working day after its notice.",
    "RPR 2001 r.31E",
    "Choose a working day in that window.",
    invalid=True,
)
HEARING_NOT_POSSIBLE: Final = Rule(
    "review-hearing-not-possible",
    "A hearing is asked for in answer to a notice of review of type A, until its last day, and once.",
    "RPR 2001 r.31D",
    "Look at the review; an officer who is unsure may call a hearing (type C).",
)
HEARING_NOT_ASKED: Final = Rule(
    "review-hearing-not-asked",
    "Nobody asked for a hearing of this review.",
    "RPR 2001 r.31D",
    "Record who asked for it.",
)
HEARING_TO_COME: Final = Rule(
    "review-hearing-to-come",
    "The elector asked for a hearing, and is heard before the entry goes.",
    "RPR 2001 r.31D-31F",
    "Call the hearing, and conclude the review on its day or after.",
)
REVIEW_NOT_CONCLUDED: Final = Rule(
    "review-not-concluded",
    "An entry is removed by review only once the review has found that the elector is not entitled.",
    "RPA 1983 s.10ZE; RPR 2001 r.31D-31F",
    "Conclude the review.",
)
TOO_FEW_SOURCES: Final = Rule(
    "too-few-sources",
    "Removal without review needs two different sources; replies to one mailing are one, silence is none.",
    "RPR 2001 r.31C(2)",
    "Keep the entry; look for a second source or open a review.",
)
SOURCES_CONTRADICT: Final = Rule(
    "sources-contradict",
    "One source says that the elector is still there.",
    "RPR 2001 r.31C-31D",
    "Open a review.",
)
REPORT_OF_DEATH_NOT_ENOUGH: Final = Rule(
    "report-of-death-not-enough",
    "Death is taken as shown by a canvass reply, close relative, care-home manager, or council records or services.",
    "RPR 2001 r.31C(2)",
    "Keep the report as one source; ask a relative, or check with the registrar.",
)
WRITTEN_NOTE_NEEDED: Final = Rule(
    "written-note-needed",
    "An oral report counts once it is written down.",
    "RPR 2001 r.31C; EC guidance",
    "Write the note, with who reported, when, and how they know.",
)
DOCUMENT_NEEDED: Final = Rule(
    "document-needed",
    "The document that this ground rests on is not among the sources.",
    "RPR 2001 r.31C(2)",
    "Add the certificate or the registrar's notice.",
)
NOT_ALLOWED_ELSEWHERE: Final = Rule(
    "not-allowed-elsewhere",
    "An old entry goes only when the application at the new address has been allowed.",
    "RPA 1983 s.10ZE; RPR 2001 r.31C(2)(a)",
    "Wait for the other registration officer's decision.",
)
NOT_EXPIRED: Final = Rule(
    "not-expired",
    "The time of this entry has not run out.",
    "RPA 1983 s.1D, s.7C, s.9C, s.15",
    "Wait for its last day.",
)
REASON_NEEDED: Final = Rule(
    "reason-needed",
    "An officer who removes a duplicate entry says how it came about.",
    "RPA 1983 s.9A; EC guidance on audit trails",
    "Give the reason in a sentence.",
    invalid=True,
)

NEVER_ON_REGISTER_HERE: Final = Rule(
    "nothing-to-reinstate",
    "There is no ended entry that could be in force again, or its person's data was erased.",
    "RPA 1983 s.9, s.56(4)",
    "Take a new application.",
)
NOT_ONE_PERSON: Final = Rule(
    "merge-with-itself",
    "A record is merged into another one that stands for itself.",
    "EC guidance on duplicates",
    "Choose the record that is to stay.",
    invalid=True,
)
MERGE_NEEDS_TWO: Final = Rule(
    "maker-is-checker",
    "Merging two records needs two officers: one finds that they are one person, another merges them.",
    "Moothall separation of duties: merge and erase",
    "Let another officer merge them.",
)
MERGED: Final = Rule(
    "elector-merged",
    "This record was merged into another.",
    "EC guidance on duplicates",
    "Go on with the record it was merged into, or undo the merge.",
)
NOT_MERGED: Final = Rule(
    "elector-not-merged", "This record was not merged into another.", "EC guidance on duplicates", "Check its number."
)

SHOW_DEATH: Final = frozenset(
    {"canvass-reply", "close-relative", "care-home-manager", "council-records", "council-service-provider"}
)
DOCUMENTS: Final = frozenset({"death-certificate", "registrar-notice"})
ALLOWED_ELSEWHERE: Final = frozenset({"ierds-allowed", "other-ero-allowed", "application-allowed"})
SILENCE: Final = "silence"


@dataclass(frozen=True, slots=True)
class Source:
    """What speaks for a removal: its kind, the mailing or case it came from, whether it is written down, whether it denies."""

    kind: str
    origin: str
    written: bool = True
    denies: bool = False


def check_two_sources(sources: Collection[Source]) -> None:
    """Raises `Refused` unless two sources of different kind and origin agree that the elector has gone."""
    _all_written_and_agreed(sources)
    speaking = [source for source in sources if source.kind != SILENCE]
    if min(len({s.kind for s in speaking}), len({s.origin for s in speaking})) < 2:
        raise Refused(TOO_FEW_SOURCES)


def check_report_of_death(sources: Collection[Source]) -> None:
    """Raises `Refused` unless somebody whose word the regulations accept reported the death, in writing."""
    _all_written_and_agreed(sources)
    if not any(source.kind in SHOW_DEATH for source in sources):
        raise Refused(REPORT_OF_DEATH_NOT_ENOUGH)


def check_document(kind: str, sources: Collection[Source]) -> None:
    """Raises `Refused` unless the death certificate or registrar's notice is there."""
    if kind not in DOCUMENTS or not any(source.kind == kind for source in sources):
        raise Refused(DOCUMENT_NEEDED)


def check_allowed_elsewhere(sources: Collection[Source]) -> None:
    """Raises `Refused` unless the application at the new address was allowed."""
    if not any(source.kind in ALLOWED_ELSEWHERE for source in sources):
        raise Refused(NOT_ALLOWED_ELSEWHERE)


def _all_written_and_agreed(sources: Collection[Source]) -> None:
    if any(source.denies for source in sources):
        raise Refused(SOURCES_CONTRADICT)
    if not all(source.written for source in sources):
        raise Refused(WRITTEN_NOTE_NEEDED)

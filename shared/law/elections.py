"""The rules of holding a poll: what an officer may not do, why, and what to do instead."""

from __future__ import annotations

from typing import Final

from shared.law.rules import Rule

NOT_CREATED: Final = Rule("unknown-election", "Nothing is known of this poll.", "RPA 1983 s.35-36", "Create it first.")
CANCELLED: Final = Rule(
    "election-cancelled", "This poll was cancelled.", "LPA Sch 2 r.55; RPA 1985 s.39", "Create another."
)
ALREADY_CREATED: Final = Rule(
    "election-already-created", "This poll exists with other contests.", "RPA 1983 s.36", "Open it."
)
CONTEST_NEEDED: Final = Rule(
    "contest-needed",
    "A poll has at least one contest, each in an area of its own.",
    "LGA 1972 s.6; RPA 1983 Sch 1",
    "Name the areas that poll, each once.",
    invalid=True,
)
AREA_NOT_IDENTIFIED: Final = Rule(
    "area-not-identified",
    "An area is known by its code, or by its polling districts: a name alone finds no electors.",
    "RPA 1983 s.18A, s.31; ONS register of geographic codes",
    "Give the GSS code, or list the polling districts.",
    invalid=True,
)
WRONG_SEATS: Final = Rule(
    "wrong-number-of-seats",
    "A contest of this kind does not fill that many seats.",
    "LGA 1972 s.6, s.16; RPA 1983 Sch 1; GLA Act 1999 s.2",
    "Give the number of vacancies; 0 where nobody is elected.",
    invalid=True,
)
QUESTION_NEEDED: Final = Rule(
    "question-needed",
    "A referendum or parish poll puts a question.",
    "SI 2012/323; SI 2012/444; SI 2012/2031; SI 1987/1",
    "Give the words of the ballot paper.",
    invalid=True,
)
TOO_LATE: Final = Rule(
    "too-late-for-its-notice",
    "The last day for its first notice has passed, so the poll cannot be held on that day.",
    "RPA 1983 Sch 1 r.1; SI 2006/3304 Sch 2 r.1; SI 2006/3305 Sch 2 r.1",
    "Choose a later polling day.",
    invalid=True,
)
ALREADY_POLLING: Final = Rule(
    "area-already-polls",
    "This area already has a poll of this kind on that day.",
    "RPA 1983 s.36",
    "Open that poll, or cancel it first.",
)
HOLIDAYS_UNKNOWN: Final = Rule(
    "holidays-unknown",
    "The bank holidays of that year are not known yet, and a guess would move a statutory day.",
    "Banking and Financial Dealings Act 1971 s.1",
    "Update the holiday data, then try again.",
    invalid=True,
)
LAW_UNKNOWN: Final = Rule(
    "no-law-on-record",
    "The law of that day is not on record here, and is not guessed.",
    "RPA 1983 and the rules of the poll, as they stood on that day",
    "Choose a day for which the law is on record, or have it added.",
    invalid=True,
)
HOURS_FIXED: Final = Rule(
    "nomination-hours-fixed",
    "At this poll the law itself sets the hours in which nomination papers are delivered.",
    "RPA 1983 Sch 1 r.1; SI 2012/1917 Sch 3; SI 2017/67 Sch 1 r.3",
    "Give those hours: 10:00 to 16:00.",
    invalid=True,
)
HOURS_REVERSED: Final = Rule(
    "nomination-hours-reversed",
    "The hours for nomination papers end after they begin, and no later than nominations close.",
    "SI 2006/3304 Sch 2 r.1",
    "Give the earlier time first; the last one is 16:00 at most.",
    invalid=True,
)
NO_TIMETABLE: Final = Rule(
    "no-timetable-in-general-law", "This poll's own Act sets its timetable.", "PPERA 2000 Part 7", invalid=True
)
ARRANGEMENTS_NEEDED: Final = Rule(
    "nomination-arrangements-needed",
    "A notice of election says where and when nomination papers are delivered.",
    "SI 2006/3304 Sch 2 r.3; RPA 1983 Sch 1 r.5",
    "Make the arrangements first.",
)
NO_NOMINATIONS: Final = Rule(
    "no-nominations",
    "Nobody is nominated at this poll.",
    "SI 1987/1; SI 2012/323; SI 2012/444; SI 2012/2031; LGA 2003 s.50",
    invalid=True,
)
ALREADY_PUBLISHED: Final = Rule(
    "notice-already-published",
    "This notice hangs with other words; a published notice does not change.",
    "SI 2006/3304 Sch 2 r.3",
    "Publish a corrected timetable, or take legal advice.",
)
PUBLISHED_TOO_LATE: Final = Rule(
    "notice-out-of-time",
    "The last moment for this notice has passed.",
    "RPA 1983 Sch 1 r.1; SI 2006/3304 Sch 2 r.1",
    "Take legal advice: the poll may have to be held on another day.",
)
NOTICE_HANGS: Final = Rule(
    "notice-of-election-hangs",
    "The notice of election states the place and the hours; they cannot change under it.",
    "SI 2006/3304 Sch 2 r.3",
)
NO_SUCH_STEP: Final = Rule(
    "no-such-step",
    "The timetable of this poll has no such step.",
    "RPA 1983 Sch 1 r.1; SI 2006/3304 Sch 2 r.1",
    invalid=True,
)
UNDATED_STEPS: Final = frozenset({"poll-cards"})
"""What is done as soon as practicable, without a day in the timetable. [LPA Sch 2 r.25; RPA 1983 Sch 1 r.28]"""

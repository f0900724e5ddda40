"""The papers of a poll: the notice of election and the timetable, made from the poll's own facts.

What is printed is what the stream says at that moment; once published, the text itself is kept in the event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final

from services.elections.papers.paper import Paper, Section, Span, Table, html, words
from services.elections.polls.decider import Underway, elections, underway
from shared.events.elections import NoticeKind, NoticePublished, TimetableStep
from shared.law.reckoning import LONDON

ELECTORS_DEADLINES: Final = (
    "registration",
    "postal-votes",
    "proxy-votes",
    "voter-authority-certificates",
    "emergency-proxies",
)
"""What a notice of election tells electors. [SI 2006/3304 Sch 2 r.3(2); RPA 1983 Sch 1 r.5(1A)]"""


def long_date(day: date) -> str:
    """`Thursday 7 May 2026`."""
    return f"{day:%A %-d %B %Y}"


def clock(at: time) -> str:
    """`4pm`, `9:30am`, `noon`: as GOV.UK writes times."""
    if at == time(12):
        return "noon"
    return f"{at:%-I}{f':{at:%M}' if at.minute else ''}{at:%p}".replace("AM", "am").replace("PM", "pm")


def last_moment(step: TimetableStep) -> str:
    """`4pm on Thursday 9 April 2026`; the midnight that ends a day as 11:59pm, which nobody takes for the one before."""
    return f"{clock(step.closes or time(23, 59))} on {long_date(step.day)}"


def opens(step: TimetableStep) -> str:
    """When something begins, in London; empty where it has no beginning of its own."""
    if step.opens_at is None:
        return ""
    local = step.opens_at.astimezone(LONDON)
    return long_date(local.date()) if local.time() == time() else f"{clock(local.time())} on {long_date(local.date())}"


def hours_of(step: TimetableStep) -> str:
    """`7am to 10pm`, of a step that opens and closes on one day."""
    begins = step.opens_at.astimezone(LONDON).time() if step.opens_at else time()
    return f"{clock(begins)} to {clock(step.closes or time(23, 59))}"


def explanation(step: TimetableStep) -> str:
    """Why it is that day: the rule, and the days that were skipped, in one sentence."""
    named = [f"{off.day:%-d %B} ({off.reason})" for off in step.skipped if off.day.weekday() < 5]
    weekends = ["weekends"] if len(named) < len(step.skipped) else []
    not_counted = weekends + named
    if not not_counted:
        return f"{step.rule[0].upper()}{step.rule[1:]}."
    listed = ", ".join(not_counted[:-1]) + (" and " if len(not_counted) > 1 else "") + not_counted[-1]
    return f"{step.rule[0].upper()}{step.rule[1:]}, not counting {listed}."


def notice_of_election(poll: Underway, published_on: date) -> Paper:
    """The notice of election: areas and seats, where and when papers are delivered, electors' deadlines.

    Raises ValueError when no arrangements for nominations are made."""
    created, made = poll.created, poll.arrangements
    if made is None:
        raise ValueError("a notice of election needs the arrangements for nominations")
    steps = {step.key: step for step in poll.steps}
    areas = tuple((words(contest.area.name), words(str(contest.seats))) for contest in created.contests)
    last = tuple((words(steps[key].title), words(until(steps[key]))) for key in ELECTORS_DEADLINES if key in steps)
    return Paper(
        f"Notice of election: {_subject(poll)}",
        "Notice of election",
        (
            Section(
                paragraphs=(words(Span(created.organisation.name, strong=True)), words(_poll(poll))),
                table=Table("Areas and vacancies", ("Electoral area", "Number to be elected"), areas),
            ),
            Section(
                "Nomination papers",
                (
                    words(f"Forms of nomination may be obtained from {made.forms_from}."),
                    words(
                        f"Completed papers must be delivered to the {created.officer} at {made.place}, on any working day after ",
                        on(published_on),
                        f", between {clock(made.nominations_from)} and {clock(made.nominations_to)}, and no later than ",
                        until(steps["nominations"], strong=True),
                        ".",
                    ),
                ),
            ),
            Section(
                "The poll",
                (
                    words(
                        "If any election is contested, the poll will be on ",
                        on(created.polling_day, strong=True),
                        f", from {hours_of(steps['poll'])}.",
                    ),
                ),
            ),
            Section("If you want to vote", (), Table("Last moments for electors", ("What", "No later than"), last)),
            Section(
                "Signed",
                (
                    words("Dated ", on(published_on)),
                    words(f"{made.officer_name}, {created.officer}"),
                    words(f"Printed and published by the {created.officer}, {made.place}."),
                ),
            ),
        ),
    )


def timetable(poll: Underway, published_on: date) -> Paper:
    """The whole timetable, each day with its reason."""
    created = poll.created
    counted = tuple(words(f"{holiday.name}: ", on(holiday.day)) for holiday in poll.holidays)
    rows = tuple(
        (
            words(f"{step.title} ({step.owner})"),
            words(f"From {begins} to " if (begins := opens(step)) else "", until(step)),
            words(" ".join(part for part in (explanation(step), step.note, f"[{step.source}]") if part)),
        )
        for step in poll.steps
    )
    introduced = Section(
        paragraphs=(
            words(Span(created.organisation.name, strong=True)),
            words(f"{_poll(poll)}, poll on ", on(created.polling_day)),
        )
    )
    steps = Table("Steps in order of time", ("Step", "No later than", "Why that day"), rows)
    holidays = (Section("Proclaimed holidays that are counted in", counted),) if counted else ()
    listed = Section("Steps", (words("Dated ", on(published_on)),), steps)
    return Paper(f"Timetable: {_subject(poll)}", "Timetable", (introduced, *holidays, listed))


def on(day: date, *, strong: bool = False) -> Span:
    return Span(long_date(day), day.isoformat(), strong)


def until(step: TimetableStep, *, strong: bool = False) -> Span:
    return Span(last_moment(step), step.closes_at.isoformat(), strong)


def _subject(poll: Underway) -> str:
    created = poll.created
    return f"{created.title}, {created.organisation.name}, {long_date(created.polling_day)}"


def _poll(poll: Underway) -> str:
    return f"{poll.created.title} (by-election)" if poll.created.by_election else poll.created.title


def paper_of(notice: NoticeKind, poll: Underway, at: datetime) -> Paper:
    """A notice as it would be published at that moment."""
    day = at.astimezone(LONDON).date()
    return notice_of_election(poll, day) if notice == "notice-of-election" else timetable(poll, day)


def render(notice: NoticeKind, poll: Underway, at: datetime) -> tuple[str, str]:
    """The HTML of a notice as it would be published at that moment, and its SHA-256."""
    content = html(paper_of(notice, poll, at))
    return content, hashlib.sha256(content.encode()).hexdigest()


def published(notice: NoticeKind, history: Iterable[Any]) -> Paper | None:
    """The notice that hangs, made again from the events up to its publication; of several the latest. None: none hangs."""
    paper, state = None, elections.initial
    for event in history:
        state = elections.evolve(state, event)
        if isinstance(event, NoticePublished) and event.notice == notice:
            paper = paper_of(notice, underway(state), event.published_at)
    return paper

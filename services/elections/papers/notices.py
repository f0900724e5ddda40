"""The papers of a poll as accessible HTML: the notice of election and the timetable, rendered from the poll's own facts.

What is printed is what the stream says at that moment; once published, the text itself is kept in the event.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.elections.polls.decider import Underway
from shared.events.elections import NoticeKind, TimetableStep
from shared.law.reckoning import LONDON

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
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


_TEMPLATES.filters.update(
    long_date=long_date, clock=clock, last_moment=last_moment, opens=opens, explanation=explanation
)


def notice_of_election(poll: Underway, published_on: date) -> str:
    """The notice of election: areas and seats, where and when papers are delivered, electors' deadlines. The poll has its
    arrangements."""
    steps = {step.key: step for step in poll.steps}
    return _TEMPLATES.get_template("notice_of_election.html").render(
        poll=poll.created,
        arrangements=poll.arrangements,
        nominations=steps["nominations"],
        hours=hours_of(steps["poll"]),
        deadlines=[steps[key] for key in ELECTORS_DEADLINES if key in steps],
        published_on=published_on,
    )


def timetable_page(poll: Underway, published_on: date) -> str:
    """The whole timetable, each day with its reason."""
    return _TEMPLATES.get_template("timetable.html").render(
        poll=poll.created, steps=poll.steps, holidays=poll.holidays, published_on=published_on
    )


def render(notice: NoticeKind, poll: Underway, at: datetime) -> tuple[str, str]:
    """The text of a notice as it would be published at that moment, and its SHA-256."""
    on = at.astimezone(LONDON).date()
    content = notice_of_election(poll, on) if notice == "notice-of-election" else timetable_page(poll, on)
    return content, hashlib.sha256(content.encode()).hexdigest()

"""What has to be done for a poll, by whom, by when, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from services.elections.views.electorate import ContestElectorate
from shared.law.reckoning import LONDON
from shared.law.working_days import Calendar

OFFICIAL = frozenset({"returning officer", "registration officer", "council", "parish council"})
"""Owners whose steps are ours to do, or to see done; all others are days that pass."""
State = Literal["done", "overdue", "blocked", "due", "passed", "coming"]
MET_BY = {"statement-without-objections": "statement-of-persons-nominated"}
"""Steps that another one meets: at a UK Parliamentary election one statement is published, by one day or the other."""
DUE_WITHIN = 5
"""Working days before its last moment in which a task counts as due rather than coming."""


class Clock(BaseModel):
    """How long there is. `working_days` after today up to the day itself; negative: it was so many ago."""

    closes_at: datetime
    working_days: int
    words: str


class Item(BaseModel):
    """One line of the checklist. `task`: officers do it; otherwise it is a day that passes."""

    step: str
    title: str
    owner: str
    task: bool
    state: State
    blockers: list[str]
    clock: Clock | None
    """None: as soon as practicable."""
    completed_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the checklist is made from. `steps` are rows of `polls.step`, `done` by step; `nominations_arranged`: where and
    when papers are delivered is decided; `others_without_notice`: titles of polls on the same day whose notice does not hang."""

    steps: Sequence[dict[str, Any]]
    done: dict[str, date]
    electorates: Sequence[ContestElectorate] = ()
    nominations_arranged: bool = False
    others_without_notice: Collection[str] = field(default_factory=tuple)


def checklist(situation: Situation, now: datetime, working: Calendar) -> list[Item]:
    """Every step with its owner, state, blockers and clock, in order of time; what has no day comes first."""
    return [*_undated(situation), *(_item(step, situation, now, working) for step in situation.steps)]


def blockers_of(step: str, situation: Situation) -> list[str]:
    """What has to happen before a step can be done, in the officer's words."""
    return list(_blockers(step, situation))


def _blockers(step: str, situation: Situation) -> Iterator[str]:
    steps = {row["key"] for row in situation.steps}

    def waits_for(other: str, words: str) -> Iterator[str]:
        if other in steps and other not in situation.done:
            yield words

    match step:
        case "notice-of-election":
            if not situation.nominations_arranged:
                yield "Where and when nomination papers are delivered is not arranged."
        case "statement-of-persons-nominated" | "statement-without-objections":
            yield from waits_for("notice-of-election", "The notice of election is not published.")
        case "notice-of-poll":
            yield from waits_for(
                "statement-of-persons-nominated", "The statement of persons nominated is not published."
            )
            yield from _areas_without_electors(situation)
        case "poll-cards":
            yield from waits_for("notice-of-election", "The notice of election is not published.")
            # A combined card goes out only after the notices of all polls of the day.
            for other in situation.others_without_notice:
                yield f"{other} is on the same day, and its notice is not published."
            yield from _areas_without_electors(situation)
        case _:
            return


def _areas_without_electors(situation: Situation) -> Iterator[str]:
    for contest in situation.electorates:
        if contest.register_used and not contest.electors:
            yield f"No elector is known in {contest.area}: are its properties allocated?"


def _undated(situation: Situation) -> Iterator[Item]:
    """Poll cards go out as soon as practicable after the notice. [SI 2006/3304 Sch 2 r.25; RPA 1983 Sch 1 r.28]"""
    if any(row["key"] == "notice-of-election" for row in situation.steps):
        completed, blockers = situation.done.get("poll-cards"), blockers_of("poll-cards", situation)
        state: State = "done" if completed else "blocked" if blockers else "due"
        yield Item(
            step="poll-cards", title="Poll cards sent, as soon as practicable", owner="returning officer", task=True,
            state=state, blockers=[] if completed else blockers, clock=None, completed_on=completed,
            source="SI 2006/3304 Sch 2 r.25; RPA 1983 Sch 1 r.28",
        )  # fmt: skip


def _item(step: dict[str, Any], situation: Situation, now: datetime, working: Calendar) -> Item:
    key, done = step["key"], situation.done
    task, completed = step["owner"] in OFFICIAL, done.get(key) or done.get(MET_BY.get(key, ""))
    blockers = blockers_of(key, situation) if task and not completed else []
    clock = clock_of(step["closes_at"], step["day"], now, working)
    return Item(
        step=key, title=step["title"], owner=step["owner"], task=task,
        state=_state(task, completed, blockers, now > step["closes_at"], clock),
        blockers=blockers, clock=clock, completed_on=completed, source=step["source"],
    )  # fmt: skip


def _state(task: bool, completed: date | None, blockers: list[str], late: bool, clock: Clock) -> State:
    if completed:
        return "done"
    if not task:
        return "passed" if late else "coming"
    if late:
        return "overdue"
    if blockers:
        return "blocked"
    return "due" if clock.working_days <= DUE_WITHIN else "coming"


def clock_of(closes_at: datetime, day: date, now: datetime, working: Calendar) -> Clock:
    """How long there is until a last moment, in working days on the London calendar."""
    today = now.astimezone(LONDON).date()
    days = working_days_between(today, day, working)
    if now > closes_at:
        words = "passed today" if day == today else f"passed {-days} working day{'s' if days != -1 else ''} ago"
    elif day == today:
        words = "today"
    else:
        words = f"in {days} working day{'s' if days != 1 else ''}"
    return Clock(closes_at=closes_at, working_days=days, words=words)


def working_days_between(start: date, end: date, working: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` comes first."""
    first, last = min(start, end), max(start, end)
    count = (last - first).days - sum(1 for day, _ in working.skipped(first, last) if day != first)
    return count if end >= start else -count

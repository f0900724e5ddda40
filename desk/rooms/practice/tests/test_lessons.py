"""A task counts as done by what the services recorded, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from desk.help import HELP
from desk.rooms.practice.lessons import LESSONS


def acts(released: int = 0, looked_at: dict[str, int] | None = None, **recorded: int) -> dict[str, Any]:
    events = {f"{name.replace('_', '-')}.v1": times for name, times in recorded.items()}
    return {"recorded": events, "looked_at": looked_at or {}, "released_by_others": released}


DOES = [
    acts(looked_at={"search": 1, "why": 1}),
    acts(application_allowed=1),
    acts(application_rejected=1),
    acts(postal_vote_granted=1),
    acts(postal_vote_refused=1),
    acts(looked_at={"absent votes": 2}),
    acts(supply_requested=1),
    acts(released=1),
]


def test_there_are_eight_tasks_each_with_a_law_that_is_told():
    assert len(LESSONS) == len(DOES) == 8
    assert [lesson.why for lesson in LESSONS if lesson.why not in HELP] == []


def test_nobody_has_done_anything_at_first():
    assert not any(lesson.done(acts()) for lesson in LESSONS)


@pytest.mark.parametrize("n", range(8))
def test_each_act_ticks_off_its_own_task_and_no_other(n: int):
    assert [lesson.done(DOES[n]) for lesson in LESSONS] == [m == n for m in range(8)]


def test_a_caller_is_somebody_else_than_whom_a_vote_was_granted():
    granted = acts(looked_at={"absent votes": 1}, postal_vote_granted=1)
    assert [lesson.title for lesson in LESSONS if lesson.done(granted)] == ["Grant a postal vote"]


def test_whose_page_was_opened_first_was_no_caller():
    opened = acts(looked_at={"search": 1, "why": 1, "absent votes": 1})
    assert [lesson.title for lesson in LESSONS if lesson.done(opened)] == [LESSONS[0].title]

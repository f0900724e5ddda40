"""The steps that close next."""

from __future__ import annotations

from typing import Any

from desk.rooms.election_home.pages import coming


def item(step: str, state: str, closes_at: str | None) -> dict[str, Any]:
    return {"step": step, "state": state, "clock": {"closes_at": closes_at} if closes_at else None}


def test_the_next_steps_are_those_that_are_neither_done_nor_past_soonest_first():
    checklist = [
        item("poll", "coming", "2026-05-07T22:00:00+01:00"), item("notice", "done", "2026-03-30T16:00:00+01:00"),
        item("nominations", "blocked", "2026-04-09T16:00:00+01:00"), item("cards", "due", None),
        item("clerk", "overdue", "2026-03-31T16:00:00+01:00"), item("agents", "due", "2026-04-09T12:00:00+01:00"),
    ]  # fmt: skip
    assert [each["step"] for each in coming(checklist)] == ["agents", "nominations", "poll"]

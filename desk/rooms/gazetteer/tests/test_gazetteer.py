"""How the report of a run reads."""

from __future__ import annotations

from typing import Any

import pytest

from desk.rooms.gazetteer.pages import counted, is_ready, title_of


def report(kind: str = "gazetteer-preview", state: str = "done", **counts: int) -> dict[str, Any]:
    return {"kind": kind, "state": state, "counts": counts}


def test_outcomes_stand_in_one_order_and_what_did_not_happen_is_left_out():
    found = counted(report(unchanged=1200, retired=0, split=2, added=3))
    assert found == [("added", "Added", 3), ("split", "Split", 2), ("unchanged", "Unchanged", 1200)]


@pytest.mark.parametrize(
    ("kind", "state", "ready"),
    [("gazetteer-preview", "done", True), ("gazetteer-preview", "running", False), ("gazetteer", "done", False)],
)
def test_only_a_preview_that_is_done_can_be_looked_through(kind: str, state: str, ready: bool):
    assert is_ready(report(kind, state)) is ready


def test_a_page_says_whether_something_would_change_or_has():
    assert title_of(report()) == "What the file would change"
    assert title_of(report(state="running")) == "Preview of a gazetteer file"
    assert title_of(report("gazetteer")) == "Gazetteer import"
    assert title_of(report("allocation")) == "Properties placed by boundaries"

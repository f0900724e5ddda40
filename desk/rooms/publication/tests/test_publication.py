"""What is prepared, what stops it, and what an amendment changes."""

from __future__ import annotations

from typing import Any

import pytest

from desk.forms import Form
from desk.rooms.publication.pages import differing, preparation, stopped


def printed(**changed: Any) -> dict[str, Any]:
    return {"name": "Ada Fern", "marker": "", "attains_on": None, "address": ["1 Sea Road"], **changed}


def test_a_monthly_notice_names_no_poll_even_where_one_was_typed():
    assert preparation(Form({"kind": "monthly", "polling_day": "7/5/2026"})) == {"kind": "monthly"}


def test_a_notice_before_a_poll_names_its_poll_and_its_districts():
    typed = Form({"kind": "final", "poll_type": "local", "polling_day": "7 May 2026", "areas": "aa, ab"})
    assert preparation(typed) == {
        "kind": "final", "poll": {"poll_type": "local", "polling_day": "2026-05-07"}, "areas": ["AA", "AB"],
    }  # fmt: skip
    assert typed.well


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"kind": "weekly"}, {"kind"}),
        ({"kind": "final"}, {"polling_day", "poll_type"}),
        ({"kind": "interim-1", "poll_type": "local", "polling_day": "7/5/2026", "areas": "A1"}, {"areas"}),
    ],
)
def test_what_is_missing_is_said_at_its_field(typed: dict[str, str], wrong: set[str]):
    form = Form(typed)
    preparation(form)
    assert set(form.errors) == wrong


def test_only_what_stops_a_publication_blocks_the_button():
    grave, slight = {"rule": "no-district", "stops": True}, {"rule": "open-application", "stops": False}
    assert stopped([slight, grave]) == [grave]
    assert stopped([slight]) == []


def test_an_amendment_shows_which_parts_read_differently():
    row = {"before": printed(), "after": printed(name="Ada Reed", marker="L")}
    assert differing(row) == {"name", "marker"}
    assert differing({"before": None, "after": printed()}) == frozenset()

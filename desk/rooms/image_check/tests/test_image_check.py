"""Which signature comes next, and that every reason of the service has words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desk.rooms.image_check.pages import FAULTS, PURPOSE, SOURCES, image_check, next_of

WAITING = ("a", "b", "c")


@pytest.mark.parametrize(
    ("after", "found"),
    [("", "a"), ("a", "b"), ("c", "a"), ("settled", "a")],
    ids=["from the start", "the one behind", "round again", "settled meanwhile"],
)
def test_the_next_signature_is_the_one_behind_and_after_the_last_the_first(after: str, found: str):
    assert next_of(WAITING, after) == found


def test_the_only_one_that_is_left_aside_has_nothing_behind_it():
    assert next_of(("a",), "a") == ""
    assert next_of((), "") == ""


def test_every_reason_and_source_of_the_service_reads_as_words():
    assert FAULTS.keys() == set(field("fresh-signature-requested", "fault")["enum"])
    assert SOURCES.keys() == set(field("identifiers-recorded", "source")["enum"])


def test_the_screen_is_for_who_checks_identifiers_alone_and_says_why_it_looks():
    assert image_check.roles == {"identifier-checker"}
    assert 0 < len(PURPOSE) <= 200


def field(event: str, name: str) -> dict[str, Any]:
    """What the published schema of an event says of a field."""
    file = Path(__file__).parents[4] / "shared" / "events" / "schemas" / f"moothall.registration.{event}.v1.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))["properties"][name]
    return found

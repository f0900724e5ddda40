"""Parked events as sequences: the one that failed, and how many wait behind it."""

from __future__ import annotations

from typing import Any

from desk.rooms.operations.pages import alike, sequences


def parked(stream: str, problem: str = "", consumer: str = "view:register", **more: Any) -> dict[str, Any]:
    return {
        "context": "registration", "consumer": consumer, "source": "registration", "stream_id": stream, "problem": problem,
        "attempts": 1, "asked_at": None, "parked_at": "2026-05-01T09:00:00Z", "type": "moothall.x.v1", **more,
    }  # fmt: skip


def test_a_sequence_is_its_first_event_and_counts_those_behind_it():
    (one,) = sequences([parked("a", "KeyError"), parked("a"), parked("a")])
    assert (one["problem"], one["behind"]) == ("KeyError", 2)


def test_two_readers_that_parked_one_stream_are_two_sequences():
    assert len(sequences([parked("a", "KeyError"), parked("a", "KeyError", "policy:add_elector")])) == 2


def test_what_one_reader_parked_for_one_reason_is_one_line():
    (many, one) = alike(sequences([
        parked("a", "KeyError", parked_at="2026-05-02T09:00:00Z", asked_at="2026-05-03T09:00:00Z"), parked("a"),
        parked("b", "KeyError", attempts=3), parked("c", "ValueError"),
    ]))  # fmt: skip
    assert (many["sequences"], many["behind"], many["attempts"], many["streams"]) == (2, 1, 3, ["a", "b"])
    assert (many["parked_at"], many["asked"]) == ("2026-05-01T09:00:00Z", False)
    assert (one["problem"], one["sequences"]) == ("ValueError", 1)

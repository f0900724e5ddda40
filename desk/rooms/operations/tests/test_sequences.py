"""Parked events as sequences: the one that failed, and how many wait behind it."""

from __future__ import annotations

from desk.rooms.operations.pages import sequences


def parked(stream: str, problem: str = "", consumer: str = "view:register") -> dict[str, str]:
    return {
        "context": "registration",
        "consumer": consumer,
        "source": "registration",
        "stream_id": stream,
        "problem": problem,
    }


def test_a_sequence_is_its_first_event_and_counts_those_behind_it():
    (one,) = sequences([parked("a", "KeyError"), parked("a"), parked("a")])
    assert (one["problem"], one["behind"]) == ("KeyError", 2)


def test_two_readers_that_parked_one_stream_are_two_sequences():
    assert len(sequences([parked("a", "KeyError"), parked("a", "KeyError", "policy:add_elector")])) == 2

"""What followed from what, across services."""

from __future__ import annotations

from desk.rooms.audit.pages import FOLLOWERS, Happened, shortened, trees


def happened(name: str, at: str, cause: str = "", context: str = "registration") -> Happened:
    return Happened(context, {"event_id": name, "recorded_at": at, "position": 1, "causation_id": cause, "what": name})


def told(roots: list[Happened]) -> list[object]:
    return [(root.line["event_id"], told(root.follows)) if root.follows else root.line["event_id"] for root in roots]


def test_an_event_stands_under_the_one_it_followed_from_whichever_service_recorded_it():
    received, added = happened("received", "09:00"), happened("added", "09:02", "allowed")
    allowed, letter = happened("allowed", "09:01", "received"), happened("letter", "09:03", "added", "notifications")
    assert told(trees([letter, added, allowed, received])) == [("received", [("allowed", [("added", ["letter"])])])]


def test_what_followed_from_something_unknown_is_a_root_and_roots_stand_in_order_of_time():
    assert told(trees([happened("later", "10:00", "elsewhere"), happened("sooner", "09:00")])) == ["sooner", "later"]


def test_an_event_that_names_itself_as_its_cause_is_shown_once():
    assert told(trees([happened("loop", "09:00", "loop")])) == ["loop"]


def test_of_thousands_that_followed_the_first_few_are_drawn_and_the_way_to_the_event_that_is_asked_for():
    imported = [happened("run", "09:00"), *(happened(f"row{n}", f"10:{n:04}", "run") for n in range(1000))]
    (run,), others = shortened(trees([*imported, happened("letter", "11:00", "row700")]), "letter")
    assert told(run.follows) == [*(f"row{n}" for n in range(FOLLOWERS)), ("row700", ["letter"])]
    assert (run.more, others) == (1000 - FOLLOWERS - 1, 0)

"""The tree of causes: everything that followed from one fact, whichever service it happened in."""

from __future__ import annotations

from cli.demo.story import Happened, branch, services_of


def happened(service: str, what: str, identity: str, cause: str = "", at: str = "2026-05-01T09:00:00Z") -> Happened:
    return Happened(service, "type", what, identity, identity.partition("@")[0], 1, 1, at, cause)


def test_a_tree_grows_from_its_root_across_services_in_order_of_time():
    events = [
        happened("notifications", "Letter", "l@1", "e@1", "2026-05-01T09:00:02Z"),
        happened("elections", "Count", "c@1", "e@1", "2026-05-01T09:00:01Z"),
        happened("registration", "Added", "e@1", "a@1"),
        happened("registration", "Received", "a@1"),
        happened("finance", "Scheme", "s@1"),
    ]
    tree = branch(events, "a@1")
    (added,) = tree["follows"]
    assert [leaf["what"] for leaf in added["follows"]] == ["Count", "Letter"]
    assert services_of(tree) == {"registration", "elections", "notifications"}


def test_what_followed_from_nothing_stands_in_no_tree():
    tree = branch([happened("registration", "Received", "a@1"), happened("finance", "Scheme", "s@1")], "a@1")
    assert tree == {"event_id": "a@1", "service": "registration", "what": "Received", "follows": []}

"""The whole system as a newcomer meets it: up with an invented council, the story of one person, and down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.demo.story import services_of
from deploy.topology import CONTEXTS, ROOT
from shared.eventcore.testing.infrastructure import passable_directory
from tests.ports import free_ports


class Moot:
    """The `moot` command on a state directory of this test's own."""

    def __init__(self, state: Path) -> None:
        self.state = state
        taken = {name for name in os.environ if name.startswith("MOOT_") and name != "MOOT_CACHE"}
        given = {name: value for name, value in os.environ.items() if name not in taken}
        self._environment = {**given, "MOOT_STATE": str(state), "MOOT_PORT_BASE": str(free_ports(27_000, 30_000).base)}

    def __call__(self, *words: str) -> str:
        answer = subprocess.run(
            [sys.executable, "-m", "cli", *words], cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, f"moot {' '.join(words)}: {answer.stderr[-3000:]}"
        return answer.stdout

    def data(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))


@pytest.fixture(scope="module")
def moot() -> Iterator[Moot]:
    with passable_directory() as state:
        command = Moot(state)
        command("up", "--detach", "--electors", "60", "--seed", "3")
        try:
            yield command
        finally:
            command("down")


@pytest.fixture(scope="module")
def story(moot: Moot) -> Any:
    return moot.data("demo")


def test_everything_runs_and_is_ready(moot: Moot):
    parts = moot.data("status")["parts"]
    assert {p["name"] for p in parts} >= {"registration", "elections", "committees", "finance", "notifications"}
    assert all(p["ready"] for p in parts)


def test_the_story_goes_from_application_to_erasure(story: Any):
    told = [event["type"].split(".")[2] for event in story["events"] if event["service"] == "registration"]
    # Every entry is, where the next publication is a revised register.
    told = [what for what in told if "renumber" not in what]
    told.remove("postal-vote-ended")  # by a policy, sooner or later than the next notice
    assert told == [
        "property-added", "property-allocated", "application-received", "application-listed",
        "identity-check-requested", "dwp-result-received", "identity-verified", "application-allowed", "elector-added",
        "postal-vote-granted", *told[10:11], "elector-removed", *told[12:13], "destruction-proposed",
        "destruction-confirmed", *told[15:],
    ]  # fmt: skip
    assert set(told[15:]) == {"subject-erased", "retention-run"}
    assert {told[10], told[12]} <= {"alteration-notice-published", "revised-register-published"}
    assert all({"service", "type", "stream", "position", "causation_id"} <= event.keys() for event in story["events"])


def test_one_application_is_followed_through_all_five_services(story: Any):
    tree = story["tree"]
    assert (tree["what"], tree["event_id"]) == ("Application received", story["root"])
    assert services_of(tree) == set(CONTEXTS)
    followed = [event for event in story["events"] if event["causation_id"] == story["root"]]
    assert {leaf["event_id"] for leaf in tree["follows"]} == {event["event_id"] for event in followed}


def test_the_by_elections_electorate_counts_her_and_her_postal_vote(story: Any):
    before, after = story["electorate"]
    assert (after["electors"], after["postal_voters"]) == (before["electors"] + 1, before["postal_voters"] + 1)


def test_the_chair_is_paid_and_everybody_has_a_letter_that_left(story: Any):
    assert story["allowance_pence"] > 0
    letters = {letter["template"]: letter["status"] for letter in story["letters"]}
    assert letters.keys() >= {"registration-confirmation", "postal-vote-confirmation", "summons", "pay-statement"}
    assert set(letters.values()) <= {"sent", "delivered"}


def test_she_is_on_the_register_from_the_notice_on_and_not_the_day_before(story: Any):
    assert list(story["register_as_at"].values()) == ["off", "on"]


def test_every_reason_names_an_event_and_the_law(story: Any):
    streams = {event["stream"] for event in story["events"]}
    assert len(story["why"]) >= 6
    for sentence in story["why"]:
        assert sentence["event_id"].split("@")[0] in streams
        assert sentence["source"]


def test_the_history_verifies_and_the_person_is_erased(story: Any):
    assert story["audit_verified"]
    assert story["erased"]


def test_no_read_model_lags_and_nothing_is_parked(moot: Moot, story: Any):
    views = moot.data("views", "list")["views"]
    assert {"register", "electors", "audit"} <= {view["view"] for view in views}
    assert all(view["lag"]["events"] == 0 for view in views)
    assert moot.data("parked", "list")["parked"] == []


def test_a_view_is_rebuilt_to_the_same_rows_while_all_runs(moot: Moot, story: Any):
    assert moot.data("views", "rebuild", "electors")["equal"]


def test_no_personal_word_of_the_story_stands_in_the_events_or_the_logs(moot: Moot, story: Any):
    personal = ("application-received", "elector-added", "member-took-office", "payee-proposed")
    about_people = {(e["service"], e["stream"]) for e in story["events"] if e["type"].split(".")[2] in personal}
    written = "".join(moot("streams", "show", stream, "--service", of, "--json") for of, stream in about_people)
    written += "".join(log.read_text() for log in (moot.state / "logs").iterdir())
    assert "application-received" in written
    for word in ("Hester", "hester@example.org", "1987-03-14", "Tellerby", "66374958"):
        assert word not in written

"""A proof that cannot fail proves nothing: each kind of damage is seen, and counted as what it is."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from deploy.faults.clerks import Acknowledged
from deploy.faults.proof import commands_amiss, consequences_amiss, streams_amiss, topic_amiss
from shared.eventcore.kafka import Stored
from shared.eventcore.recording import Metadata

NOW = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
HOME, FORM = UUID(int=1), UUID(int=2)
DECIDED = "moothall.registration.appeal-decided.v1"
ALLOWED, ADDED = "moothall.registration.application-allowed.v1", "moothall.registration.elector-added.v1"


def event(position: int, stream: UUID = HOME, version: int = 1, kind: str = "x", **metadata: str) -> Stored:
    made = Metadata(**{"actor": "a", "authority": "E07000999", "correlation_id": "", "origin": "api", **metadata})
    return Stored(
        "registration", position, 7, stream, "property", version, kind, "E07000999", "{}", made, NOW, NOW, b"#"
    )


def receipt(of: Stored, events: int = 1) -> Acknowledged:
    return Acknowledged("registration", of.stream_id, of.version, of.position, events, 0.0, 0.0, 1)


ADDED_HOME = event(1, version=1, command_id="api:1")
CHANGED_HOME = event(2, version=2, command_id="api:2")
STORED = [ADDED_HOME, CHANGED_HOME]
LOG = {"api:1": 1, "api:2": 1}
RECEIPTS = [receipt(ADDED_HOME), receipt(CHANGED_HOME)]


def test_receipts_that_the_store_bears_out_are_fine():
    assert commands_amiss(RECEIPTS, STORED, LOG) == (0, 0)


def test_a_receipt_without_its_event_is_a_loss():
    assert commands_amiss(RECEIPTS, STORED[:1], {"api:1": 1}) == (1, 0)


def test_a_receipt_whose_position_holds_another_streams_event_is_a_loss():
    assert commands_amiss(RECEIPTS, [ADDED_HOME, CHANGED_HOME._replace(stream_id=FORM)], LOG)[0] == 1


def test_a_command_with_half_of_its_events_is_a_loss():
    assert commands_amiss([receipt(ADDED_HOME, events=2)], [ADDED_HOME], {"api:1": 2}) == (1, 0)


def test_a_command_missing_from_the_command_log_is_a_loss():
    assert commands_amiss(RECEIPTS, STORED, {"api:1": 1}) == (1, 0)


def test_a_command_that_happened_twice_is_a_duplicate():
    again = event(3, version=3, command_id="api:2")
    assert commands_amiss(RECEIPTS, [*STORED, again], LOG) == (0, 1)


def test_two_receipts_for_one_command_are_a_duplicate():
    assert commands_amiss([*RECEIPTS, receipt(CHANGED_HOME)], STORED, LOG) == (0, 1)


def test_a_command_that_nobody_knows_of_is_a_duplicate():
    stray = event(3, version=3, command_id="api:3")
    assert commands_amiss(RECEIPTS, [*STORED, stray], {**LOG, "api:3": 1}) == (0, 1)


def test_an_appeal_allows_one_application_and_that_adds_one_elector():
    decided = event(1, kind=DECIDED)
    allowed = event(2, FORM, kind=ALLOWED, causation_id=decided.id)
    added = event(3, version=2, kind=ADDED, causation_id=allowed.id)
    assert consequences_amiss([decided, allowed, added]) == (0, 0)
    assert consequences_amiss([decided]) == (1, 0)
    assert consequences_amiss([decided, allowed]) == (1, 0)
    assert consequences_amiss([decided, allowed, added, added._replace(position=4)]) == (0, 1)
    assert consequences_amiss([allowed, added]) == (0, 1)


def test_versions_count_from_one_in_the_order_of_positions():
    assert streams_amiss(STORED, {HOME: 2}) == 0
    assert streams_amiss(STORED, {HOME: 3}) == 1
    assert streams_amiss([CHANGED_HOME, ADDED_HOME], {HOME: 2}) == 1


def test_a_topic_that_chains_the_stored_events_is_whole_however_often_they_come():
    first, second = ADDED_HOME._replace(previous=0), CHANGED_HOME._replace(previous=1)
    assert topic_amiss([first, second], STORED) == (0, 0, 0, 0)
    assert topic_amiss([first, first, second, first, second], STORED) == (0, 0, 0, 3)


def test_a_record_that_is_missing_or_comes_late_or_was_changed_is_seen():
    first, second = ADDED_HOME._replace(previous=0), CHANGED_HOME._replace(previous=1)
    assert topic_amiss([first], STORED) == (1, 0, 0, 0)
    missing, misplaced, _, _ = topic_amiss([second, first], STORED)
    assert (missing, misplaced) == (1, 2)
    assert topic_amiss([first, second._replace(payload='{"a": 1}')], STORED) == (0, 0, 1, 0)
    assert topic_amiss([first, second._replace(content_hash=b"?")], STORED) == (0, 0, 1, 0)

"""What a database administrator could do to history, and at which position the auditor names it. No database here."""

import gzip
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eventcore.hashing import hash_of_texts
from shared.eventcore.seals import Leaf, Seal, pack_leaves, public_key, seal_range
from shared.eventcore.verify import FORMAT, HASHED, NotABundle, verify

ROOT = Path(__file__).parents[3]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
FORGER = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))
OURS = [public_key(KEY)]
NOW = datetime(2026, 5, 7, 21, tzinfo=UTC)
POSITIONS = (1, 2, 3, 5, 6, 8, 9, 10, 11, 14)  # 4, 7, 12 and 13 were drawn by transactions that rolled back
RANGES = (5, 9, 12)  # one event is not sealed yet


def event(position: int, **changed: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "position": position,
        "type": "moothall.test.ballots-counted.v1",
        "stream_id": str(UUID(int=position % 3)),
        "version": position,
        "shard": position % 3,
        "authority": "E07000999",
        "occurred_at": "2026-05-07T21:00:00.000000+00:00",
        "recorded_at": "2026-05-07T21:00:00.000000+00:00",
        "payload": json.dumps({"ballots": position}),
        "metadata": "{}",
    } | changed
    return {"hash": hash_of_texts(*(facts[name] for name in HASHED)).hex()} | facts


def sealed(events: list[Any], ranges: Sequence[int] = RANGES, key: Ed25519PrivateKey = KEY) -> Any:
    seals: list[Seal] = []
    leaves: list[list[Leaf]] = []
    for to in ranges:
        after = seals[-1].to if seals else 0
        leaves.append([(e["position"], bytes.fromhex(e["hash"])) for e in events if after < e["position"] <= to])
        seals.append(seal_range(leaves[-1], "test", seals[-1] if seals else None, to, NOW, key))
    return seals, leaves


EVENTS = [event(position) for position in POSITIONS]
SEALS, LEAVES = sealed(EVENTS)
HEAD = SEALS[-1].head


def written(path, events, seals=SEALS, leaves=LEAVES):
    """A bundle as the exporter writes it: events by position, each seal after the last event of its range."""
    rest = sorted(events, key=lambda e: e["position"])
    lines = [{"bundle": FORMAT, "store": "test"}]
    for seal, under in zip(seals, leaves, strict=True):
        lines += [{"event": e} for e in rest if e["position"] <= seal.to]
        lines.append({"seal": seal.to_json(), "leaves": b64encode(pack_leaves(under)).decode()})
        rest = [e for e in rest if e["position"] > seal.to]
    lines += [{"event": e} for e in rest]
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    return path


def found(path, keys=OURS, witnesses=()):
    finding = verify(path, keys, witnesses).finding
    return (finding.position, finding.problem) if finding else None


@pytest.fixture
def bundle(tmp_path):
    return tmp_path / "test.jsonl.gz"


def with_one(position, **changed):
    return [event(position, **changed) if e["position"] == position else e for e in EVENTS]


def without(*positions):
    return [e for e in EVENTS if e["position"] not in positions]


def test_an_untouched_history_is_verified(bundle):
    verdict = verify(written(bundle, EVENTS), OURS, [HEAD])
    assert verdict.verified
    assert (verdict.events, verdict.sealed_to, verdict.unsealed, verdict.seals) == (10, 12, 1, 3)
    assert verdict.head == HEAD


def test_a_changed_payload_is_named_by_its_position(bundle):
    changed = [e | {"payload": '{"ballots": 99}'} if e["position"] == 6 else e for e in EVENTS]
    assert found(written(bundle, changed)) == (6, "changed-event")


def test_a_changed_payload_with_its_hash_made_anew_is_named_by_its_position(bundle):
    assert found(written(bundle, with_one(6, payload='{"ballots": 99}'))) == (6, "changed-event")


@pytest.mark.parametrize(
    "name", ["type", "stream_id", "authority", "occurred_at", "recorded_at", "metadata", "version", "shard"]
)
def test_no_column_of_an_event_can_be_changed(bundle, name):
    other = 99 if name in ("version", "shard") else "another"
    assert found(written(bundle, with_one(8, **{name: other}))) == (8, "changed-event")


def test_a_changed_hash_column_is_named(bundle):
    changed = [e | {"hash": "00" * 32} if e["position"] == 3 else e for e in EVENTS]
    assert found(written(bundle, changed)) == (3, "changed-hash")


@pytest.mark.parametrize("position", [1, 5, 8, 11])
def test_a_removed_event_is_named_by_its_position(bundle, position):
    assert found(written(bundle, without(position))) == (position, "removed-event")


def test_an_event_inserted_into_a_hole_is_named(bundle):
    assert found(written(bundle, [*EVENTS, event(7)])) == (7, "inserted-event")


def test_an_event_inserted_before_all_others_is_named(bundle):
    assert found(written(bundle, [*EVENTS, event(0)])) == (0, "inserted-event")


def test_two_events_that_changed_places_are_named_at_the_first(bundle):
    swapped = [{**e, "position": {2: 3, 3: 2}.get(e["position"], e["position"])} for e in EVENTS]
    assert found(written(bundle, swapped)) == (2, "moved-event")


def test_an_event_moved_to_a_later_hole_is_named_where_it_stood(bundle):
    moved = [{**e, "position": 4 if e["position"] == 3 else e["position"]} for e in EVENTS]
    assert found(written(bundle, moved)) == (3, "removed-event")


def test_a_tail_cut_off_within_a_seal_is_named(bundle):
    assert found(written(bundle, without(9, 10, 11, 14))) == (9, "removed-event")


def test_a_tail_cut_off_with_its_seals_is_seen_by_whoever_witnessed_them(bundle):
    written(bundle, without(6, 8, 9, 10, 11, 14), SEALS[:1], LEAVES[:1])
    assert found(bundle) is None
    assert found(bundle, witnesses=[HEAD]) == (6, "missing-seal")


def test_a_history_without_any_seal_is_seen_by_whoever_witnessed_one(bundle):
    assert found(written(bundle, EVENTS, [], []), witnesses=[SEALS[0].head]) == (1, "missing-seal")


def test_seals_signed_anew_with_another_key_are_named(bundle):
    forged = with_one(6, payload="{}")
    seals, leaves = sealed(forged, key=FORGER)
    assert found(written(bundle, forged, seals, leaves)) == (1, "unknown-key")


def test_a_seal_in_the_middle_signed_with_another_key_is_named_without_knowing_any(bundle):
    seals = [*SEALS[:1], *sealed(EVENTS, key=FORGER)[0][1:]]
    assert found(written(bundle, EVENTS, seals), keys=()) == (6, "unknown-key")


def test_seals_signed_anew_with_the_stores_own_key_are_seen_by_whoever_witnessed_them(bundle):
    forged = with_one(6, payload="{}")
    seals, leaves = sealed(forged)
    written(bundle, forged, seals, leaves)
    assert found(bundle) is None
    assert found(bundle, witnesses=[SEALS[0].head, HEAD]) == (6, "forked-seal-chain")
    assert found(bundle, witnesses=[HEAD]) == (1, "forked-seal-chain")


def test_evidence_changed_together_with_the_event_narrows_it_to_the_range(bundle):
    forged = with_one(8, payload="{}")
    leaves = sealed(forged)[1]
    assert found(written(bundle, forged, SEALS, leaves)) == (6, "changed-range")


def test_lost_evidence_does_no_harm_to_a_true_history(bundle):
    assert found(written(bundle, EVENTS, SEALS, [[], [], []])) is None


def test_a_change_in_the_unsealed_tail_is_named_when_its_hash_was_left(bundle):
    changed = [e | {"payload": "{}"} if e["position"] == 14 else e for e in EVENTS]
    assert found(written(bundle, changed)) == (14, "changed-event")


def test_a_verdict_says_what_it_rests_on(bundle):
    said = " ".join(verify(written(bundle, EVENTS)).sentences())
    assert "The last 1 events are not sealed yet" in said
    assert "The seal key came with the bundle itself" in said
    assert "No witness was given" in said
    assert HEAD in said


DAMAGE = st.sampled_from(["change", "change and rehash", "remove", "insert", "swap"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    positions=st.sets(st.integers(1, 60), min_size=2, max_size=30).map(sorted),
    width=st.integers(1, 12),
    damage=DAMAGE,
    data=st.data(),
)
def test_whatever_is_done_to_one_sealed_event_the_first_bad_position_is_named(bundle, positions, width, damage, data):
    events = [event(position) for position in positions]
    seals, leaves = sealed(events, [*positions[width - 1 :: width][: (len(positions) - 1) // width], positions[-1]])
    assert verify(written(bundle, events, seals, leaves), OURS).verified
    victim = data.draw(st.sampled_from(events))
    others = [e for e in events if e is not victim]
    expected = victim["position"]
    match damage:
        case "change":
            damaged = [*others, victim | {"payload": "{}"}]
        case "change and rehash":
            damaged = [*others, event(expected, payload="{}")]
        case "remove":
            damaged = others
        case "insert":
            expected = data.draw(st.sampled_from([p for p in range(positions[-1]) if p not in positions]))
            damaged = [*events, event(expected)]
        case "swap":
            other = data.draw(st.sampled_from(others))
            rest = [e for e in others if e is not other]
            damaged = [*rest, victim | {"position": other["position"]}, other | {"position": victim["position"]}]
            expected = min(victim["position"], other["position"])
    finding = verify(written(bundle, damaged, seals, leaves), OURS).finding
    assert finding is not None
    assert finding.position == expected


# ------------------------------------------------------------ unreadable input


def test_a_truncated_file_is_no_bundle(bundle):
    content = written(bundle, EVENTS).read_bytes()
    bundle.write_bytes(content[: len(content) // 2])
    with pytest.raises(NotABundle, match="EOFError"):
        verify(bundle)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "line 1: the header must say"),
        (b"{}\n", "line 1: the header must say"),
        (b"[1]\n", "line 1: ValueError"),
        (b"\xff\xfe\n", "line 1: "),
        (b'{"bundle":"moothall-audit-v1"}\n{"event":{}}\n', "line 2: KeyError"),
        (b'{"bundle":"moothall-audit-v1"}\n{"event":7}\n', "line 2: TypeError"),
        (b'{"bundle":"moothall-audit-v1"}\n{"seal":"{}","leaves":""}\n', "line 2: ValueError"),
        (b'{"bundle":"moothall-audit-v1"}\n' + b"[" * 100_000, "line 2: RecursionError"),
        (b"\x1f\x8bnot gzip", "line 1: "),
    ],
)
def test_what_is_no_bundle_is_refused_by_line(bundle, content, sentence):
    bundle.write_bytes(content)
    with pytest.raises(NotABundle, match=sentence):
        verify(bundle)


def test_a_missing_file_is_no_bundle(bundle):
    with pytest.raises(NotABundle, match="FileNotFoundError"):
        verify(bundle)


def test_a_witness_must_read_like_one(bundle):
    with pytest.raises(ValueError, match="a witness reads"):
        verify(written(bundle, EVENTS), OURS, ["twelve"])


# ------------------------------------------------------------- stand-alone use


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "shared.eventcore.verify", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_outsider_verifies_from_the_command_line(bundle):
    written(bundle, EVENTS)
    good = run(bundle, "--key", OURS[0], "--witness", HEAD, "--json")
    assert (good.returncode, json.loads(good.stdout)["verified"]) == (0, True)
    bad = run(written(bundle, without(6)), "--key", OURS[0])
    assert bad.returncode == 1
    assert "First bad position 6: an event that was sealed here is missing" in bad.stdout
    bundle.write_bytes(b"")
    assert run(bundle).returncode == 2


def test_the_verifier_needs_nothing_but_python_and_cryptography():
    program = (
        "import sys, shared.eventcore.verify; print(*(m for m, at in sys.modules.items() if hasattr(at, '__file__')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {name for name in loaded.split() if name.startswith("shared.")} == {
        "shared.eventcore", "shared.eventcore.hashing", "shared.eventcore.seals", "shared.eventcore.verify",
    }  # fmt: skip
    assert not {"pydantic", "orjson", "asyncpg", "aiokafka"} & set(loaded.split())

"""Content hashes, the Merkle tree and the chain of seals."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.eventcore.hashing import content_hash, inclusion_proof, leaf, root, sha256, verify_inclusion
from shared.eventcore.seals import Seal, pack_leaves, public_key, seal_range, unpack_leaves, verify_chain

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))
NOW = datetime(2026, 5, 7, 21, tzinfo=UTC)
FACTS = {
    "wire": "moothall.test.ballots-counted.v1",
    "stream_id": UUID(int=7),
    "version": 3,
    "shard": 12,
    "authority": "E07000999",
    "occurred_at": NOW,
    "recorded_at": NOW + timedelta(microseconds=1),
    "payload": '{"ward":"Llanfair–Sul"}',
    "metadata": '{"actor":"officer-1"}',
}


def chain(lengths, key=KEY):
    seals, position = [], 0
    for length in lengths:
        leaves = [(position + i, sha256(b"%d" % (position + i))) for i in range(1, length + 1)]
        position += length
        seals.append(seal_range(leaves, "test", seals[-1] if seals else None, position, NOW, key))
    return seals


def test_the_content_hash_is_what_its_description_says():
    texts = [
        "moothall-event-v1", "moothall.test.ballots-counted.v1", "00000000-0000-0000-0000-000000000007", "3", "12",
        "E07000999", "2026-05-07T21:00:00.000000+00:00", "2026-05-07T21:00:00.000001+00:00",
        '{"ward":"Llanfair–Sul"}', '{"actor":"officer-1"}',
    ]  # fmt: skip
    spelled = b"".join(len(text.encode()).to_bytes(8, "big") + text.encode() for text in texts)
    assert content_hash(**FACTS) == hashlib.sha256(spelled).digest()


@pytest.mark.parametrize(
    "change",
    [
        {"wire": "moothall.test.ballots-counted.v2"},
        {"stream_id": UUID(int=8)},
        {"version": 4},
        {"shard": 13},
        {"authority": "E07000998"},
        {"occurred_at": NOW + timedelta(microseconds=1)},
        {"recorded_at": NOW},
        {"payload": '{"ward": "Llanfair–Sul"}'},
        {"metadata": '{"actor":"officer-2"}'},
        {"payload": f"{FACTS['payload']}{FACTS['metadata']}", "metadata": ""},
        {"version": 31, "shard": 2},
    ],
    ids=lambda change: " and ".join(change),
)
def test_every_stored_value_counts_in_the_content_hash(change):
    assert content_hash(**FACTS | change) != content_hash(**FACTS)


def test_the_same_instant_hashes_alike_in_any_time_zone():
    summer = NOW.astimezone(timezone(timedelta(hours=1)))
    assert content_hash(**FACTS | {"occurred_at": summer}) == content_hash(**FACTS)


def test_the_merkle_tree_is_that_of_rfc_6962():
    """The seven inputs and roots of the certificate-transparency reference tests."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [sha256(b"\x00" + bytes.fromhex(text)) for text in inputs]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    assert {count: root(leaves[:count]).hex() for count in roots} == roots


@given(st.integers(1, 70), st.data())
def test_every_event_of_a_range_can_be_proven_to_stand_in_it(count, data):
    leaves = [leaf(i, sha256(b"%d" % i)) for i in range(count)]
    index = data.draw(st.integers(0, count - 1))
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, count, proof, root(leaves))
    assert not verify_inclusion(leaf(index, bytes(32)), index, count, proof, root(leaves))
    assert not verify_inclusion(leaves[index], index, count, [*proof, bytes(32)], root(leaves))
    assert not verify_inclusion(leaves[index], count, count, proof, root(leaves))
    if proof:
        assert not verify_inclusion(leaves[index], index, count, proof[:-1], root(leaves))
        assert not verify_inclusion(leaves[index], index ^ 1, count, proof, root(leaves))


def test_no_proof_exists_for_an_event_outside_the_range():
    with pytest.raises(IndexError):
        inclusion_proof([bytes(32)], 1)


def test_a_leaf_binds_the_position():
    assert leaf(1, bytes(32)) != leaf(2, bytes(32))


def test_a_chain_of_seals_verifies_under_its_key():
    assert verify_chain(chain([3, 1, 5]), {public_key(KEY)}) is None


def test_a_seal_survives_its_json():
    (seal,) = chain([3])
    assert Seal.from_json(seal.to_json()) == seal
    for text in ("{}", "[]", "null", "{", seal.to_json().replace('"count":3', '"count":"3"')):
        with pytest.raises(ValueError):  # noqa: PT011
            Seal.from_json(text)


@pytest.mark.parametrize(
    "change",
    [
        {"store": "other"}, {"number": 9}, {"after": 0}, {"to": 99}, {"count": 2}, {"root": "00" * 32},
        {"previous": "00" * 32}, {"sealed_at": "2026-05-08T00:00:00.000000+00:00"}, {"signature": "00" * 64}, {"signature": "zz"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_seal_altered_after_signing_is_found(change):
    seals = chain([3, 1, 5])
    seals[1] = replace(seals[1], **change)
    assert verify_chain(seals, {public_key(KEY)}) == (seals[1], "changed-seal")


def test_a_chain_signed_with_another_key_is_found():
    seals = chain([3, 1], OTHER)
    assert verify_chain(seals, {public_key(KEY)}) == (seals[0], "unknown-key")


def test_a_seal_left_out_or_moved_breaks_the_chain():
    seals = chain([3, 1, 5])
    assert verify_chain([seals[0], seals[2]], {public_key(KEY)}) == (seals[2], "broken-seal-chain")
    assert verify_chain(seals[1:], {public_key(KEY)}) == (seals[1], "broken-seal-chain")


def test_a_seal_of_another_store_breaks_the_chain():
    first, second = chain([3, 1])
    foreign = replace(second, store="other", signature="")
    foreign = replace(foreign, signature=KEY.sign(foreign.signed_bytes).hex())
    assert verify_chain([first, foreign], {public_key(KEY)}) == (foreign, "broken-seal-chain")


@pytest.mark.parametrize("positions", [[], [2, 1], [1, 1], [0], [1, 9]])
def test_only_ascending_positions_of_the_range_are_sealed(positions):
    with pytest.raises(ValueError, match="ascending order within"):
        seal_range([(position, bytes(32)) for position in positions], "test", None, 8, NOW, KEY)


def test_packed_leaves_unpack():
    leaves = [(1, bytes(32)), (7, sha256(b""))]
    assert unpack_leaves(pack_leaves(leaves)) == leaves

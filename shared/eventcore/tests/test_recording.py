"""The shard of a stream is fixed for ever: these vectors must never change."""

from uuid import UUID

from shared.eventcore.recording import SHARDS, Receipt, shard_of


def test_known_streams_stay_in_their_shards():
    known = {
        "00000000-0000-0000-0000-000000000000": 21,
        "11111111-2222-3333-4444-555555555555": 6,
        "ffffffff-ffff-ffff-ffff-ffffffffffff": 26,
    }
    assert {text: shard_of(UUID(text)) for text in known} == known


def test_every_shard_is_used():
    assert {shard_of(UUID(int=i)) for i in range(2000)} == set(range(SHARDS))


def test_a_receipt_names_its_place():
    assert Receipt(UUID(int=1), 1, 12, 3456).token == "12:3456"

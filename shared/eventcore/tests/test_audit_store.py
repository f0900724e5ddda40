"""Sealing and exporting a real store, and a database administrator who gets past the triggers."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from shared.eventcore import schema
from shared.eventcore.audit import export_bundle
from shared.eventcore.hashing import content_hash
from shared.eventcore.keys import Keyring
from shared.eventcore.sealer import seal_closed
from shared.eventcore.seals import Seal, public_key, verify_chain
from shared.eventcore.verify import verify

NOW = datetime(2026, 5, 7, 21, 0, 0, 123456, tzinfo=UTC)
STREAM = UUID(int=7)


class Topic:
    """Stands where Kafka stands: keeps what was published, fails when told to."""

    def __init__(self):
        self.seals: list[Seal] = []
        self.down = False

    async def __call__(self, seal):
        if self.down:
            raise ConnectionError
        self.seals.append(seal)


@pytest_asyncio.fixture
async def conn(database):
    connection = await asyncpg.connect(database)
    for statement in schema.statements():
        await connection.execute(statement)
    yield connection
    await connection.close()


@pytest.fixture
def key(tmp_path):
    return Keyring.create(tmp_path / "keys").seal


@pytest.fixture
def topic():
    return Topic()


async def happen(conn, *positions):
    """Events at these positions, spelled as PostgreSQL and not as Python would spell them."""
    for position in positions:
        payload = f'{{ "ballots": {position}, "ward": "Llanfair–Sul", "share": 1.0 }}'
        facts = (
            "moothall.test.ballots-counted.v1",
            STREAM,
            position,
            3,
            "E07000999",
            NOW,
            NOW + timedelta(days=position),
        )
        await conn.execute(
            """INSERT INTO event (type, stream_id, version, shard, authority, occurred_at, recorded_at, payload, metadata,
                                  content_hash, position)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json, '{"actor": "officer-1"}', $9, $10)""",
            *facts,
            payload,
            content_hash(*facts, payload, '{"actor": "officer-1"}'),
            position,
        )


async def audit(conn, tmp_path, key, **expected):
    bundle = tmp_path / "test.jsonl.gz"
    await export_bundle(conn, bundle, "test", NOW)
    return verify(bundle, [public_key(key)], **expected)


async def as_administrator(conn, *statements):
    await conn.execute("ALTER TABLE event DISABLE TRIGGER USER; ALTER TABLE seal DISABLE TRIGGER USER")
    for statement in statements:
        await conn.execute(statement)
    await conn.execute("ALTER TABLE event ENABLE TRIGGER USER; ALTER TABLE seal ENABLE TRIGGER USER")


async def test_a_sealed_store_verifies_offline(conn, tmp_path, key, topic):
    await happen(conn, 1, 2, 4, 5, 7)
    await seal_closed(conn, key, "test", 5, NOW, topic)
    verdict = await audit(conn, tmp_path, key, witnesses=[topic.seals[-1].head])
    assert verdict.verified
    assert (verdict.store, verdict.events, verdict.sealed_to, verdict.unsealed) == ("test", 5, 5, 1)
    assert not (tmp_path / "test.jsonl.gz.part").exists()


async def test_only_what_is_closed_is_sealed_and_only_once(conn, key, topic):
    await happen(conn, 1, 2, 3)
    (first,) = await seal_closed(conn, key, "test", 2, NOW, topic)
    assert (first.after, first.to, first.count) == (0, 2, 2)
    assert await seal_closed(conn, key, "test", 2, NOW, topic) == []
    (second,) = await seal_closed(conn, key, "test", 9, NOW, topic)
    assert (second.after, second.to, second.count) == (2, 9, 1)
    assert topic.seals == [first, second]
    assert verify_chain(topic.seals, {public_key(key)}) is None


async def test_a_long_history_is_sealed_in_ranges_of_bounded_size(conn, tmp_path, key, topic):
    await happen(conn, *range(1, 12))
    sealed = await seal_closed(conn, key, "test", 20, NOW, topic, at_once=4)
    assert [(s.after, s.to, s.count) for s in sealed] == [(0, 4, 4), (4, 8, 4), (8, 20, 3)]
    assert (await audit(conn, tmp_path, key)).verified


async def test_two_sealers_at_once_make_one_chain(database, conn, key, topic):
    await happen(conn, *range(1, 40))
    others = [await asyncpg.connect(database) for _ in range(4)]
    await asyncio.gather(*(seal_closed(other, key, "test", 39, NOW, topic, at_once=3) for other in others))
    for other in others:
        await other.close()
    await seal_closed(conn, key, "test", 39, NOW, topic)
    chain = [Seal.from_json(row["seal"]) for row in await conn.fetch("SELECT seal FROM seal ORDER BY number")]
    assert verify_chain(chain, {public_key(key)}) is None
    assert chain[-1].to == 39
    assert sum(seal.count for seal in chain) == 39
    assert {seal.number for seal in topic.seals} == {seal.number for seal in chain}


async def test_a_seal_that_could_not_be_published_is_published_later_in_order(conn, key, topic):
    await happen(conn, 1, 2)
    topic.down = True
    with pytest.raises(ConnectionError):
        await seal_closed(conn, key, "test", 1, NOW, topic)
    topic.down = False
    await seal_closed(conn, key, "test", 2, NOW, topic)
    assert [seal.number for seal in topic.seals] == [1, 2]


@pytest.mark.parametrize(
    "change", ["UPDATE seal SET seal = ''", "UPDATE seal SET leaves = ''", "DELETE FROM seal", "TRUNCATE seal"]
)
async def test_seals_are_never_changed_or_removed(conn, key, topic, change):
    await happen(conn, 1)
    await seal_closed(conn, key, "test", 1, NOW, topic)
    with pytest.raises(asyncpg.PostgresError, match="seals are never changed"):
        await conn.execute(change)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE event SET payload = '{\"ballots\": 99}' WHERE position = 5"], (5, "changed-event")),
        (["UPDATE event SET recorded_at = recorded_at - interval '1 microsecond' WHERE position = 2"], (2, "changed-event")),
        (["UPDATE event SET authority = 'E07000998' WHERE position = 4"], (4, "changed-event")),
        (["UPDATE event SET content_hash = '\\x00' WHERE position = 4"], (4, "changed-hash")),
        (["DELETE FROM event WHERE position = 4"], (4, "removed-event")),
        (["DELETE FROM event WHERE position >= 5"], (5, "removed-event")),
        (["UPDATE event SET position = 3 WHERE position = 2"], (2, "removed-event")),
        (
            [f"UPDATE event SET position = {to} WHERE position = {at}" for at, to in ((2, 99), (4, 2), (99, 4))],
            (2, "moved-event"),
        ),
        (
            ["INSERT INTO event SELECT 3, shard, stream_id, 99, type, authority, payload, metadata, occurred_at, recorded_at,"
             " content_hash FROM event WHERE position = 2"],
            (3, "inserted-event"),
        ),
        (["UPDATE seal SET leaves = '' WHERE number = 2", "DELETE FROM event WHERE position = 5"], (5, "changed-range")),
        (["DELETE FROM seal WHERE number = 1"], (1, "broken-seal-chain")),
        (["DELETE FROM seal WHERE number = 2", "DELETE FROM event WHERE position > 4"], (5, "missing-seal")),
    ],
    ids=[
        "payload", "time", "authority", "hash", "removed", "tail cut off", "moved to a hole", "two swapped", "inserted",
        "evidence too", "seal removed", "tail and its seal cut off",
    ],
)  # fmt: skip
async def test_an_administrator_who_gets_past_the_triggers_is_found(conn, tmp_path, key, topic, statements, expected):
    await happen(conn, 1, 2, 4, 5, 7)
    await seal_closed(conn, key, "test", 4, NOW, topic)
    await seal_closed(conn, key, "test", 7, NOW, topic)
    await as_administrator(conn, *statements)
    verdict = await audit(conn, tmp_path, key, witnesses=[topic.seals[-1].head])
    assert (verdict.finding.position, verdict.finding.problem) == expected


async def test_an_export_that_fails_leaves_no_file(conn, tmp_path, key):
    await happen(conn, 1)
    await conn.execute("DROP TABLE seal")
    with pytest.raises(asyncpg.UndefinedTableError):
        await export_bundle(conn, tmp_path / "test.jsonl.gz", "test", NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]

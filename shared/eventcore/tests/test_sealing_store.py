"""The table of subject keys, on a real PostgreSQL: creation, erasure, legal hold, rotation."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.eventcore import schema
from shared.eventcore.keys import Keyring
from shared.eventcore.sealing import CACHE_SECONDS, CACHE_SIZE, DataKey, SubjectKeys
from shared.eventcore.testing.infrastructure import as_api
from shared.events.definition import Erased
from shared.law.rules import Refused

HERE, ELSEWHERE = "E07000999", "E07000998"
NOW = datetime(2026, 5, 7, 21, tzinfo=UTC)
WIRE, FIELD = "moothall.test.person-named.v1", "name"


class Ticks:
    """A monotonic clock that a test moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest_asyncio.fixture
async def conn(database):
    connection = await asyncpg.connect(database)
    for statement in schema.statements():
        await connection.execute(statement)
    yield connection
    await connection.close()


@pytest.fixture
def keyring(tmp_path):
    return Keyring.create(tmp_path / "keys")


@pytest.fixture
def keys(keyring):
    return SubjectKeys(keyring)


async def _key(keys, conn, person, authority=HERE):
    return (await keys.load_or_create(conn, [person], authority, NOW))[person]


async def test_a_persons_key_is_made_once_and_shared_by_all_processes(conn, keyring):
    person = uuid4()
    token = (await _key(SubjectKeys(keyring), conn, person)).seal(b"1", WIRE, FIELD)
    assert (await _key(SubjectKeys(keyring), conn, person)).open(token, WIRE, FIELD).strip() == b"1"


async def test_two_processes_that_meet_a_person_at_once_agree_on_one_key(database, conn, keyring):
    people = [uuid4() for _ in range(50)]
    other = await asyncpg.connect(database)
    ours, theirs = await asyncio.gather(
        SubjectKeys(keyring).load_or_create(conn, people, HERE, NOW),
        SubjectKeys(keyring).load_or_create(other, reversed(people), HERE, NOW),
    )
    await other.close()
    for person in people:
        assert theirs[person].open(ours[person].seal(b"1", WIRE, FIELD), WIRE, FIELD).strip() == b"1"


async def test_the_wrapped_key_is_all_that_the_table_holds(conn, keys):
    person = uuid4()
    await _key(keys, conn, person)
    row = await conn.fetchrow("SELECT * FROM subject_key")
    assert (row["subject_id"], row["authority"], row["master"], len(row["wrapped"])) == (person, HERE, 1, 12 + 32 + 16)


async def test_a_person_of_another_authority_looks_unknown(conn, keys, keyring):
    person = uuid4()
    await _key(keys, conn, person)
    for instance in (keys, SubjectKeys(keyring)):  # from the cache, and from the table
        with pytest.raises(Refused, match="unknown-subject"):
            await _key(instance, conn, person, ELSEWHERE)
        with pytest.raises(Refused, match="unknown-subject"):
            await instance.erase(conn, person, ELSEWHERE, NOW)


async def test_an_erased_person_has_no_key_ever_again(conn, keys, keyring):
    person = uuid4()
    await _key(keys, conn, person)
    assert await keys.erase(conn, person, HERE, NOW)
    assert await keys.load(conn, [person]) == {person: Erased()}
    assert await SubjectKeys(keyring).load_or_create(conn, [person], HERE, NOW) == {person: Erased()}
    assert await conn.fetchval("SELECT wrapped FROM subject_key") is None
    assert not await keys.erase(conn, person, HERE, NOW)


async def test_another_process_forgets_an_erased_persons_key_within_the_stated_time(conn, keys, keyring):
    person, ticks = uuid4(), Ticks()
    other = SubjectKeys(keyring, ticks)
    await _key(other, conn, person)
    await keys.erase(conn, person, HERE, NOW)
    ticks.now = CACHE_SECONDS - 0.001
    assert isinstance((await other.load(conn, [person]))[person], DataKey)
    ticks.now = CACHE_SECONDS
    assert await other.load(conn, [person]) == {person: Erased()}


async def test_a_key_whose_transaction_rolled_back_is_not_remembered(conn, keys):
    person = uuid4()
    transaction = conn.transaction()
    await transaction.start()
    async with conn.transaction():  # a savepoint, as an append inside a larger piece of work has
        lost = await _key(keys, conn, person)
        await keys.load(conn, [person])
    await transaction.rollback()
    kept = await _key(keys, conn, person)
    with pytest.raises(Exception, match="not authentic"):
        kept.open(lost.seal(b"1", WIRE, FIELD), WIRE, FIELD)
    assert await conn.fetchval("SELECT count(*) FROM subject_key") == 1


async def test_a_committed_key_is_remembered(conn, keys):
    person = uuid4()
    await _key(keys, conn, person)
    async with conn.transaction():
        kept = (await keys.load(conn, [person]))[person]
    assert (await keys.load(conn, [person]))[person] is kept


async def test_the_cache_is_bounded(conn, keys):
    people = [uuid4() for _ in range(CACHE_SIZE + 10)]
    await keys.load_or_create(conn, people, HERE, NOW)
    assert len(await keys.load(conn, people)) == len(people)
    assert len(keys._cache) <= CACHE_SIZE


async def test_a_legal_hold_blocks_erasure_until_it_is_lifted(conn, keys):
    person = uuid4()
    await _key(keys, conn, person)
    await keys.place_hold(conn, person, HERE, reason="election petition", by="officer-1", now=NOW)
    with pytest.raises(Refused, match="legal-hold"):
        await keys.erase(conn, person, HERE, NOW)
    assert isinstance((await keys.load(conn, [person]))[person], DataKey)
    assert await keys.lift_hold(conn, person, HERE)
    assert not await keys.lift_hold(conn, person, HERE)
    assert await keys.erase(conn, person, HERE, NOW)


async def test_a_second_hold_is_refused_so_that_lifting_one_never_ends_another(conn, keys):
    person = uuid4()
    await _key(keys, conn, person)
    await keys.place_hold(conn, person, HERE, reason="petition", by="officer-1", now=NOW)
    with pytest.raises(Refused, match="already-held"):
        await keys.place_hold(conn, person, HERE, reason="police request", by="officer-2", now=NOW)


async def test_nobody_is_held_who_is_erased_or_unknown(conn, keys):
    person = uuid4()
    with pytest.raises(Refused, match="unknown-subject"):
        await keys.place_hold(conn, person, HERE, reason="petition", by="officer-1", now=NOW)
    await _key(keys, conn, person)
    await keys.erase(conn, person, HERE, NOW)
    with pytest.raises(Refused, match="subject-erased"):
        await keys.place_hold(conn, person, HERE, reason="petition", by="officer-1", now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE subject_key SET wrapped = '\\x00', erased_at = NULL",
        "UPDATE subject_key SET wrapped = '\\x00'",
        "DELETE FROM subject_key",
        "TRUNCATE subject_key",
    ],
)
async def test_no_statement_brings_an_erased_person_back(conn, keys, change):
    person = uuid4()
    await _key(keys, conn, person)
    await keys.erase(conn, person, HERE, NOW)
    with pytest.raises(asyncpg.PostgresError):
        await conn.execute(change)
    assert await keys.load(conn, [person]) == {person: Erased()}


async def test_rotation_moves_every_key_and_opens_what_was_sealed_before(conn, keys, keyring, tmp_path):
    people = [uuid4() for _ in range(7)]
    made = await keys.load_or_create(conn, people, HERE, NOW)
    tokens = {person: made[person].seal(b"1", WIRE, FIELD) for person in people}
    await keys.erase(conn, people[0], HERE, NOW)
    Keyring.rotate_master(tmp_path / "keys")
    rotated = SubjectKeys(Keyring.load(tmp_path / "keys"))
    assert await rotated.rewrap(conn, batch=2) == 6
    assert await rotated.rewrap(conn) == 0
    (tmp_path / "keys" / "master.key").unlink()
    fresh = await SubjectKeys(Keyring.load(tmp_path / "keys")).load(conn, people)
    assert fresh[people[0]] == Erased()
    for person in people[1:]:
        assert fresh[person].open(tokens[person], WIRE, FIELD).strip() == b"1"


async def test_the_api_role_erases_and_holds_within_its_own_authorities_only(database, conn, keys):
    mine, theirs = uuid4(), uuid4()
    await _key(keys, conn, theirs, ELSEWHERE)
    api = await asyncpg.connect(as_api(database))
    try:
        assert isinstance(await _key(keys, api, mine), DataKey)
        await api.execute("SELECT set_config('moot.authorities', $1, false)", HERE)
        await keys.place_hold(api, mine, HERE, reason="petition", by="officer-1", now=NOW)
        await keys.lift_hold(api, mine, HERE)
        assert await keys.erase(api, mine, HERE, NOW)
        with pytest.raises(Refused, match="unknown-subject"):
            await keys.erase(api, theirs, ELSEWHERE, NOW)
        for forbidden in ("DELETE FROM subject_key", "INSERT INTO subject_key (subject_id) VALUES (gen_random_uuid())"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await api.execute(forbidden)
    finally:
        await api.close()

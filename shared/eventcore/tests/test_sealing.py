"""What a sealed value withstands, and what the key directory asks for."""

import os
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.eventcore.keys import BlindIndex, KeyFault, Keyring, MasterKeys
from shared.eventcore.sealing import DataKey, SubjectKeys, Tampered

ADA, BOB = UUID(int=1), UUID(int=2)
WIRE, FIELD = "moothall.test.person-named.v1", "name"
SECRET = bytes(range(32))
KEY = DataKey(ADA, SECRET)


def test_a_sealed_value_opens_where_it_was_sealed():
    assert KEY.open(KEY.seal(b'"Ada"', WIRE, FIELD), WIRE, FIELD).strip() == b'"Ada"'


def test_sealing_the_same_value_twice_gives_two_tokens():
    assert KEY.seal(b'"Ada"', WIRE, FIELD) != KEY.seal(b'"Ada"', WIRE, FIELD)


def test_the_length_of_a_token_hides_short_values():
    assert len(KEY.seal(b"true", WIRE, FIELD)) == len(KEY.seal(b'"Wolfeschlegelstein"', WIRE, FIELD))


@pytest.mark.parametrize(
    ("key", "wire", "field"),
    [
        (KEY, WIRE, "address"),
        (KEY, "moothall.test.person-named.v2", FIELD),
        (DataKey(BOB, SECRET), WIRE, FIELD),
        (DataKey(ADA, bytes(32)), WIRE, FIELD),
    ],
    ids=["another field", "another type", "another subject", "another key"],
)
def test_a_sealed_value_does_not_open_anywhere_else(key, wire, field):
    with pytest.raises(Tampered):
        key.open(KEY.seal(b'"Ada"', WIRE, FIELD), wire, field)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=63))
def test_a_token_with_any_character_changed_does_not_open(where, shift):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = KEY.seal(b'"Ada"', WIRE, FIELD, nonce=bytes(12))
    at = 3 + where % (len(token) - 3)
    other = alphabet[(alphabet.index(token[at]) + shift) % 64]
    with pytest.raises(Tampered):
        KEY.open(token[:at] + other + token[at + 1 :], WIRE, FIELD)


def test_a_reason_opens_for_its_service_and_council_alone(tmp_path):
    here, elsewhere = (SubjectKeys(Keyring.create(tmp_path / name)) for name in ("here", "elsewhere"))
    told = here.seal_reason("She  moved – see her letter ", "E07000999")
    assert here.open_reason(told, "E07000999") == "She  moved – see her letter"
    assert here.open_reason(told, "E07000998") == elsewhere.open_reason(told, "E07000999") == told
    assert here.open_reason("told before reasons were sealed", "E07000999") == "told before reasons were sealed"


@pytest.mark.parametrize("token", ["", "v1.", "v1.é", "v2.AAAA", "v1.A", "v1.AAAA.AAAA", "clear text"])
def test_what_is_no_token_is_refused_without_showing_it(token):
    with pytest.raises(Tampered) as refused:
        KEY.open(token, WIRE, FIELD)
    assert str(refused.value) == f"{WIRE} {FIELD}: the sealed value is not authentic"


def test_a_wrapped_key_opens_for_its_own_person_only():
    masters = MasterKeys({1: SECRET})
    wrapped = masters.wrap(bytes(32), ADA.bytes)
    assert masters.unwrap(wrapped, 1, ADA.bytes) == bytes(32)
    with pytest.raises(KeyFault):
        masters.unwrap(wrapped, 1, BOB.bytes)


def test_the_newest_master_wraps_and_the_old_one_still_unwraps():
    old = MasterKeys({1: SECRET})
    both = MasterKeys({1: SECRET, 2: bytes(32)})
    wrapped = old.wrap(SECRET, ADA.bytes)
    assert both.current == 2
    assert both.unwrap(wrapped, 1, ADA.bytes) == SECRET
    with pytest.raises(KeyFault, match="does not open under master key version 2"):
        both.unwrap(wrapped, 2, ADA.bytes)
    with pytest.raises(KeyFault, match="version 3, which is not in the key directory"):
        both.unwrap(wrapped, 3, ADA.bytes)


def test_a_blind_index_finds_the_same_value_of_the_same_kind_in_the_same_authority_only():
    index = BlindIndex(SECRET)
    found = index.of("nino", "QQ123456C", "E07000999")
    assert found == index.of("nino", "QQ123456C", "E07000999")
    others = {
        index.of("nino", "QQ123456D", "E07000999"),
        index.of("name", "QQ123456C", "E07000999"),
        index.of("nino", "QQ123456C", "E07000998"),
        index.of("ninoE07000999", "QQ123456C", ""),
        BlindIndex(bytes(32)).of("nino", "QQ123456C", "E07000999"),
    }
    assert len(others) == 5
    assert found not in others


def test_a_created_key_directory_loads_and_keeps_its_keys(tmp_path):
    created = Keyring.create(tmp_path / "keys")
    loaded = Keyring.load(tmp_path / "keys")
    assert loaded.seal.private_bytes_raw() == created.seal.private_bytes_raw()
    assert loaded.blind.of("a", "b", "c") == created.blind.of("a", "b", "c")
    assert loaded.masters.unwrap(created.masters.wrap(SECRET, b""), 1, b"") == SECRET
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_keys_are_never_overwritten(tmp_path):
    Keyring.create(tmp_path / "keys")
    with pytest.raises(KeyFault, match="never overwritten"):
        Keyring.create(tmp_path / "keys")


def test_a_new_master_key_is_the_next_version(tmp_path):
    old = Keyring.create(tmp_path / "keys")
    wrapped = old.masters.wrap(SECRET, b"")
    assert Keyring.rotate_master(tmp_path / "keys") == 2
    rotated = Keyring.load(tmp_path / "keys")
    assert rotated.masters.current == 2
    assert rotated.masters.unwrap(wrapped, 1, b"") == SECRET


def test_a_keyring_shows_no_secret(tmp_path):
    assert repr(Keyring.create(tmp_path / "keys")) == "Keyring()"


def _shorten(directory):
    os.truncate(directory / "master.key", 31)


def _open_to_all(directory):
    (directory / "blind.key").chmod(0o644)


def _wrong_kind(directory):
    other = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (directory / "seal.key").write_bytes(other)


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda directory: (directory / "master.key").unlink(), "There is no master.key in"),
        (lambda directory: (directory / "blind.key").unlink(), "There is no blind.key in"),
        (lambda directory: (directory / "seal.key").unlink(), "There is no seal.key in"),
        (_shorten, "must hold exactly 32 bytes and holds 31"),
        (_open_to_all, "is open to other users .mode 644.: run `chmod 600"),
        (lambda directory: (directory / "seal.key").write_bytes(b"no key"), "is not an unencrypted PEM private key"),
        (_wrong_kind, "must be an Ed25519 key"),
    ],
    ids=["no master", "no blind", "no seal", "short", "readable by all", "not a key", "another kind of key"],
)
def test_a_bad_key_directory_gets_a_sentence(tmp_path, break_it, sentence):
    Keyring.create(tmp_path / "keys")
    break_it(tmp_path / "keys")
    with pytest.raises(KeyFault, match=sentence):
        Keyring.load(tmp_path / "keys")


def test_a_missing_key_directory_gets_a_sentence(tmp_path):
    with pytest.raises(KeyFault, match="set MOOT_KEYS, or run `moot up`"):
        Keyring.load(tmp_path / "none")


def test_a_further_ring_has_keys_of_its_own_beside_the_service_s(tmp_path):
    Keyring.create(tmp_path / "keys", "closed")
    own, closed = Keyring.load(tmp_path / "keys"), Keyring.load(tmp_path / "keys", "closed")
    wrapped = closed.masters.wrap(b"k" * 32, b"person")
    assert closed.masters.unwrap(wrapped, 1, b"person") == b"k" * 32
    with pytest.raises(KeyFault):
        own.masters.unwrap(wrapped, 1, b"person")


def test_a_ring_is_added_once(tmp_path):
    Keyring.create(tmp_path / "keys")
    with pytest.raises(KeyFault, match=r"no closed-master\.key"):
        Keyring.load(tmp_path / "keys", "closed")
    Keyring.add(tmp_path / "keys", "closed")
    with pytest.raises(KeyFault, match="already holds"):
        Keyring.add(tmp_path / "keys", "closed")

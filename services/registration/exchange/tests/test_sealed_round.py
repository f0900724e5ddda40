"""A round sealed for a device."""

from datetime import UTC, datetime

import pytest

from services.registration.exchange import sealed_round
from services.registration.exchange.sealed_round import NotOpened, opened, seal

UNTIL = datetime(2026, 8, 19, 9, tzinfo=UTC)
CONTENT = {"visits": [{"address": "10 Gorse Lane", "electors": ["Ada Marsh"]}]}


@pytest.fixture
def sealed(monkeypatch):
    monkeypatch.setattr(sealed_round, "ITERATIONS", 1000)  # slow by intention, and nothing else here depends on it
    return seal(CONTENT, "round-1", UNTIL, "a long passphrase")


def test_whoever_has_the_passphrase_reads_it_and_nobody_else(sealed):
    assert opened(sealed, "a long passphrase") == CONTENT
    assert "Marsh" not in sealed.model_dump_json()
    with pytest.raises(NotOpened):
        opened(sealed, "another passphrase")


@pytest.mark.parametrize("changed", [{"expires_at": "2036-08-19T09:00:00+00:00"}, {"round_id": "round-2"}])
def test_neither_round_nor_expiry_can_be_changed(sealed, changed):
    with pytest.raises(NotOpened):
        opened(sealed.model_copy(update=changed), "a long passphrase")


def test_a_round_is_sealed_otherwise_each_time(sealed):
    again = seal(CONTENT, "round-1", UNTIL, "a long passphrase")
    assert again.salt != sealed.salt
    assert again.nonce != sealed.nonce
    assert again.sealed != sealed.sealed

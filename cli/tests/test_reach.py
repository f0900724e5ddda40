"""How commands find a service, and what they say when they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import reach
from cli.tests.conftest import Parish, moot
from deploy.local.process import CannotRun, free_port
from deploy.local.state import State
from deploy.topology import CONTEXTS
from shared.eventcore import applying


async def test_a_database_that_is_away_is_told_without_its_password(parish: Parish, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOOT_TOYS_DATABASE_URL", f"postgresql://owner:hush@127.0.0.1:{free_port()}/toys")
    told = await moot("parked", "list", "--service", "toys")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("The database of toys cannot be reached: start it with ./moot up")
    assert "hush" not in told.err


async def test_a_database_that_was_not_migrated_is_told(parish: Parish):
    await parish.core.pool.execute("DROP TABLE parked")
    assert "is not prepared: run ./moot up" in (await moot("parked", "list", "--service", "toys")).err


async def test_an_unknown_service_is_told_the_known_ones():
    told = await moot("relay", "status", "--service", "bogus")
    assert told.code == 1
    assert "name one of registration, elections" in told.err


async def test_what_nobody_foresaw_shows_no_value(parish: Parish, monkeypatch: pytest.MonkeyPatch):
    async def broken(conn: object, consumer: object) -> None:
        raise ValueError("Jane Doe, 1 Abbey Lane")

    monkeypatch.setattr(applying, "parked", broken)
    told = await moot("parked", "list", "--service", "toys")
    assert told.code == 1
    assert "ValueError at cli.tests.test_reach" in told.err
    assert "Jane" not in told.out + told.err


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """A state directory as `./moot up` leaves it."""
    for variable in ("MOOT_KEYS", "MOOT_KAFKA", "MOOT_POSTGRES_URL", "MOOT_PORT_BASE"):
        monkeypatch.delenv(variable, raising=False)
    state = State(tmp_path / "moot")
    state.make()
    for context in CONTEXTS:
        (state.keys / context).mkdir()
    state.passwords()
    monkeypatch.setattr(reach, "STATE", state.root)
    return state


def test_the_local_installation_is_used_where_the_environment_is_silent(installation: State):
    settings = reach.settings_of("elections")
    assert settings.key_directory == installation.keys / "elections"
    assert settings.owner_url.endswith("@127.0.0.1:8432/moothall_elections")
    assert settings.kafka == "127.0.0.1:8492"
    assert reach.contexts(None) == list(CONTEXTS)


def test_the_environment_comes_first(installation: State, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOOT_ELECTIONS_DATABASE_URL", "postgresql://elsewhere/elections")
    monkeypatch.setenv("MOOT_KAFKA", "broker:9092")
    assert reach.settings_of("elections").owner_url == "postgresql://elsewhere/elections"
    assert reach.settings_of("elections").kafka == "broker:9092"
    assert reach.settings_of("finance").owner_url.endswith("@127.0.0.1:8432/moothall_finance")


def test_looking_for_an_installation_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reach, "STATE", tmp_path / "moot")
    with pytest.raises(CannotRun, match="start the system"):
        reach.contexts(None)
    assert not (tmp_path / "moot").exists()

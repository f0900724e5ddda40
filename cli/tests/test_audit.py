"""`moot audit verify|export`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.tests.conftest import Parish, moot
from shared.eventcore import kafka
from shared.eventcore.seals import public_key


async def three_notices(parish: Parish) -> None:
    for place in ("gate", "pump", "well"):
        await parish.core.pin(place)
        await parish.seal()


async def test_an_untouched_history_verifies_range_by_range(parish: Parish):
    await three_notices(parish)
    await parish.core.pin("not sealed yet")
    told = await moot("audit", "verify", "--service", "toys", "--json")
    assert (told.code, told.data["verified"]) == (0, True)
    (store,) = told.data["stores"]
    assert [(r["after"], r["to"], r["verdict"]) for r in store["ranges"]] == [
        (0, 1, "verified"), (1, 2, "verified"), (2, 3, "verified"), (3, None, "unsealed"),
    ]  # fmt: skip
    assert store["key"] == public_key(parish.core.keyring.seal)
    assert (store["key_given"], store["witnessed"]) == (True, False)
    assert "Kafka cannot be reached" in told.err


async def test_a_tampered_event_is_named_by_its_position_and_the_exit_code_is_1(parish: Parish):
    await three_notices(parish)
    await parish.as_administrator('UPDATE event SET payload = \'{"place": "forged"}\' WHERE position = 2')
    told = await moot("audit", "verify", "--service", "toys")
    assert told.code == 1
    assert "NOT verified. First bad position 2" in told.out
    as_data = (await moot("audit", "verify", "--service", "toys", "--json")).data
    assert as_data["verified"] is False
    assert as_data["stores"][0]["finding"]["position"] == 2
    assert [r["verdict"] for r in as_data["stores"][0]["ranges"]] == ["verified", "changed-event at position 2"]


async def test_seals_on_kafka_witness_a_history_that_was_cut_short(
    parish: Parish, kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MOOT_KAFKA", kafka_bootstrap)
    await kafka.ensure_topics(kafka_bootstrap, ["toys"])
    await parish.core.pin("gate")
    seals = await parish.seal()
    await parish.core.pin("pump")
    seals += await parish.seal()
    producer = kafka.producer(kafka_bootstrap, "sealer")
    await producer.start()
    for seal in [*seals, *seals]:  # at least once
        await producer.send_and_wait("toys.seals.v1", seal.to_json().encode(), key=f"toys:{seal.number}".encode())
    await producer.stop()
    verified = await moot("audit", "verify", "--service", "toys", "--json")
    assert (verified.code, verified.data["stores"][0]["witnessed"]) == (0, True)
    await parish.as_administrator("DELETE FROM event WHERE position = 2")
    await parish.as_administrator("DELETE FROM seal WHERE number = 2")
    cut = await moot("audit", "verify", "--service", "toys", "--json")
    assert cut.code == 1
    assert cut.data["stores"][0]["finding"]["problem"] == "missing-seal"


async def test_an_exported_bundle_is_verified_without_any_system(
    parish: Parish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    await three_notices(parish)
    bundle = tmp_path / "toys.jsonl.gz"
    exported = await moot("audit", "export", bundle, "--service", "toys", "--json")
    key = public_key(parish.core.keyring.seal)
    assert exported.data == {"service": "toys", "file": str(bundle), "events": 3, "key": key}
    for name in ("MOOT_TOYS_DATABASE_URL", "MOOT_KEYS", "MOOT_KAFKA"):
        monkeypatch.delenv(name)
    assert (await moot("audit", "verify", "--bundle", bundle, "--key", key)).code == 0
    stranger = await moot("audit", "verify", "--bundle", bundle, "--key", "00" * 32, "--json")
    assert (stranger.code, stranger.data["stores"][0]["finding"]["problem"]) == (1, "unknown-key")
    later = await moot("audit", "verify", "--bundle", bundle, "--key", key, "--witness", f"4:{'0' * 64}")
    assert (later.code, "witnessed to go on" in later.out) == (1, True)


async def test_a_file_that_is_no_bundle_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("Dear auditor")
    told = await moot("audit", "verify", "--bundle", tmp_path / "letter.txt")
    assert (told.code, told.out) == (1, "")
    assert "cannot be verified: line 1" in told.err


async def test_an_export_into_no_folder_says_what_to_do(parish: Parish, tmp_path: Path):
    told = await moot("audit", "export", tmp_path / "nowhere" / "toys.jsonl.gz", "--service", "toys")
    assert told.code == 1
    assert "There is no folder" in told.err

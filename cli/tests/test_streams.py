"""`moot streams show`."""

from __future__ import annotations

from uuid import uuid4

from cli.tests.conftest import Parish, moot
from shared.eventcore.clock import london_date

KEYS = {
    "service", "position", "shard", "stream", "kind", "version", "type", "authority", "occurred_at", "recorded_at",
    "actor", "reason", "origin", "correlation_id", "causation_id", "payload",
}  # fmt: skip


async def test_a_stream_is_shown_in_order_with_its_personal_values_sealed(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    await parish.core.initial(stream)
    shown = await moot("streams", "show", stream, "--service", "toys", "--json")
    assert shown.code == 0
    assert set(shown.data) == {"service", "stream", "kind", "authority", "version", "events"}
    assert (shown.data["kind"], shown.data["version"]) == ("notice", 2)
    first, second = shown.data["events"]
    assert set(first) == KEYS
    assert (first["type"], second["position"]) == ("moothall.toys.notice-pinned.v1", 2)
    assert first["payload"]["words"]["$sealed"].startswith("v1.")
    assert "Lost: one cat" not in shown.out


async def test_people_get_a_table_that_says_sealed(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    shown = await moot("streams", "show", stream, "--service", "toys")
    assert "notice-pinned.v1" in shown.out
    assert "officer-1" in shown.out
    assert '"words":"(sealed)"' in shown.out


async def test_a_stream_as_at_a_day_ends_with_that_day(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    day = london_date(parish.core.clock())
    await parish.a_day_passes()
    await parish.core.initial(stream)
    shown = await moot("streams", "show", stream, "--service", "toys", "--as-at", day, "--json")
    assert [e["version"] for e in shown.data["events"]] == [1]
    instant = parish.core.clock().isoformat()
    assert (await moot("streams", "show", stream, "--service", "toys", "--as-at", instant, "--json")).data[
        "version"
    ] == 2


async def test_opening_for_a_purpose_shows_the_values_and_writes_the_read_down(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    shown = await moot("streams", "show", stream, "--service", "toys", "--open", "--purpose", "complaint 12", "--json")
    assert shown.data["events"][0]["payload"]["words"] == "Lost: one cat"
    (read,) = await parish.core.pool.fetch("SELECT * FROM read_log")
    assert (read["kind"], read["record"], read["purpose"]) == ("stream", str(stream), "complaint 12")
    assert read["actor"].startswith("operator:")
    assert read["authority"] == "E07000999"


async def test_what_cannot_be_written_down_is_not_opened(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    await parish.core.pool.execute("DROP TABLE read_log")
    shown = await moot("streams", "show", stream, "--service", "toys", "--open", "--purpose", "complaint 12")
    assert shown.code == 1
    assert "Lost: one cat" not in shown.out + shown.err


async def test_opening_without_a_purpose_is_refused(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    shown = await moot("streams", "show", stream, "--service", "toys", "--open")
    assert shown.code == 2
    assert "--purpose" in shown.err
    assert await parish.core.pool.fetchval("SELECT count(*) FROM read_log") == 0


async def test_opening_without_keys_says_which_directory_is_missing(parish: Parish, monkeypatch):
    stream = (await parish.core.pin("gate")).stream_id
    monkeypatch.delenv("MOOT_KEYS")
    assert (await moot("streams", "show", stream, "--service", "toys")).code == 0
    shown = await moot("streams", "show", stream, "--service", "toys", "--open", "--purpose", "complaint 12")
    assert (shown.code, shown.out) == (1, "")
    assert "MOOT_KEYS" in shown.err


async def test_an_unknown_stream_is_told_in_one_sentence(parish: Parish):
    shown = await moot("streams", "show", uuid4(), "--service", "toys", "--json")
    assert (shown.code, shown.out) == (1, "")
    assert shown.err.startswith("toys holds no such stream")

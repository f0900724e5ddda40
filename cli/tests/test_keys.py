"""`moot keys rotate|rewrap`."""

from __future__ import annotations

from cli.tests.conftest import Parish, moot


async def test_a_new_master_key_takes_over_and_everything_still_opens(parish: Parish):
    stream = (await parish.core.pin("gate")).stream_id
    assert (await moot("keys", "rotate", "--service", "toys", "--json")).data == {
        "service": "toys",
        "master": 2,
        "rings": {},
    }
    moved = await moot("keys", "rewrap", "--service", "toys", "--json")
    assert moved.data == {"service": "toys", "master": 2, "moved": 1, "rings": {}}
    (parish.keys / "master.key").unlink()
    shown = await moot("streams", "show", stream, "--service", "toys", "--open", "--purpose", "test", "--json")
    assert shown.data["events"][0]["payload"]["words"] == "Lost: one cat"


async def test_rotating_says_what_to_do_next(parish: Parish):
    told = await moot("keys", "rotate", "--service", "toys")
    assert "Restart all roles of toys now" in told.out


async def test_nothing_is_added_to_a_key_directory_that_is_not_whole(parish: Parish):
    (parish.keys / "blind.key").unlink()
    told = await moot("keys", "rotate", "--service", "toys")
    assert told.code == 1
    assert "blind.key" in told.err
    assert not (parish.keys / "master.2.key").exists()

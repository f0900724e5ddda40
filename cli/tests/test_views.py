"""`moot views list|wait|rebuild|rollback`."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from cli.tests.conftest import BOARD, Parish, moot


async def test_views_are_listed_with_their_lag_and_rows(parish: Parish):
    await parish.core.pin("gate")
    await parish.core.catch_up(BOARD)
    for place in ("pump", "well"):
        await parish.core.pin(place)
    listed = await moot("views", "list", "--service", "toys", "--json")
    (view,) = listed.data["views"]
    assert set(view) == {
        "service", "view", "version", "declared", "previous", "built_at", "lag", "unreachable", "rows",
    }  # fmt: skip
    assert (view["service"], view["view"], view["version"], view["previous"]) == ("toys", "board", 1, None)
    assert view["rows"] == {"notice": 1, "place_count": 1}
    assert view["lag"]["events"] == 2
    assert view["lag"]["age_seconds"] >= 0
    (first_unapplied,) = [e.recorded_at.isoformat() for e in await parish.events() if e.position == 2]
    assert view["lag"]["oldest"] == first_unapplied


async def test_the_lag_counts_only_what_the_view_has_not_passed(parish: Parish):
    for place in ("gate", "pump", "well"):
        await parish.core.pin(place)
    await parish.core.catch_up(BOARD)
    lag = (await moot("views", "list", "--service", "toys", "--json")).data["views"][0]["lag"]
    assert lag == {"events": 0, "oldest": None, "age_seconds": None}
    assert "board" in (await moot("views", "list", "--service", "toys")).out


async def test_a_source_out_of_reach_leaves_its_share_of_the_lag_open(parish: Parish, monkeypatch):
    abroad = replace(BOARD, sources=frozenset({"toys", "elsewhere"}))
    service = sys.modules["services.toys.main"].service
    monkeypatch.setattr(sys.modules["services.toys.main"], "service", replace(service, views=[abroad]))
    await parish.core.pin("gate")
    (view,) = (await moot("views", "list", "--service", "toys", "--json")).data["views"]
    assert (view["unreachable"], view["lag"]["events"]) == (["elsewhere"], 1)


async def test_one_waits_until_what_was_stored_is_applied(parish: Parish):
    for place in ("pump", "well"):
        await parish.core.pin(place)
    waiting = asyncio.create_task(moot("views", "wait", "--service", "toys", "--json"))
    await asyncio.sleep(1)
    assert not waiting.done()
    await parish.core.catch_up(BOARD)
    done = (await waiting).data
    assert (done["views"], done["events"]) == (1, 2)
    assert done["seconds"] >= 1


async def test_one_waits_for_no_view_that_stands_still(parish: Parish):
    await parish.core.pin("gate")
    refused = await moot("views", "wait", "--service", "toys", "--patience", "1")
    assert refused.code == 1
    assert "stood 1 events behind: `moot views list` says which" in " ".join(refused.err.split())


async def test_a_rebuild_shows_its_progress_and_prints_equality(parish: Parish):
    for n in range(20):
        await parish.core.pin(f"place {n}")
    await parish.core.catch_up(BOARD)
    done = await moot("views", "rebuild", "board", "--service", "toys")
    assert done.code == 0
    assert "equal to the live one, row by row" in done.out
    assert "20/20" in done.err
    as_data = (await moot("views", "rebuild", "board", "--service", "toys", "--json")).data
    assert as_data == {
        "service": "toys", "view": "board", "version": 1, "events": 20, "equal": True, "differences": {},
    }  # fmt: skip


async def test_a_rebuild_of_other_rows_waits_for_the_operators_word(parish: Parish):
    await parish.core.pin("gate")
    await parish.core.catch_up(BOARD)
    await parish.core.pool.execute("UPDATE board.notice SET place = 'elsewhere'")
    refused = await moot("views", "rebuild", "board", "--service", "toys")
    assert refused.code == 1
    assert "--accept-difference" in refused.err
    assert await parish.core.pool.fetchval("SELECT place FROM board.notice") == "elsewhere"
    accepted = await moot("views", "rebuild", "board", "--service", "toys", "--accept-difference", "--json")
    assert (accepted.code, accepted.data["differences"]) == (0, {"notice": 2})
    assert await parish.core.pool.fetchval("SELECT place FROM board.notice") == "gate"


async def test_a_rebuild_stops_at_the_event_that_it_cannot_apply_and_names_it(parish: Parish):
    await parish.poisoned()
    stopped = await moot("views", "rebuild", "board", "--service", "toys")
    assert (stopped.code, stopped.out) == (1, "")
    assert "notice-initialled.v1 at position 2" in stopped.err
    assert "the live view is untouched" in stopped.err


async def test_a_rollback_brings_the_tables_before_the_rebuild_back(parish: Parish):
    await parish.core.pin("gate")
    await parish.core.catch_up(BOARD)
    await parish.core.pool.execute("UPDATE board.notice SET place = 'elsewhere'")
    await moot("views", "rebuild", "board", "--service", "toys", "--accept-difference")
    back = await moot("views", "rollback", "board", "--service", "toys", "--json")
    assert back.data == {"service": "toys", "view": "board", "version": 1, "declared": 1}
    assert await parish.core.pool.fetchval("SELECT place FROM board.notice") == "elsewhere"


async def test_a_view_that_was_never_rebuilt_has_nothing_to_go_back_to(parish: Parish):
    back = await moot("views", "rollback", "board", "--service", "toys")
    assert back.code == 1
    assert "no previous tables" in back.err


async def test_an_unknown_view_is_told_in_one_sentence(parish: Parish):
    assert "There is no view bored" in (await moot("views", "rebuild", "bored", "--service", "toys")).err

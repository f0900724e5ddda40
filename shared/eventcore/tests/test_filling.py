"""The new tables of a rebuild: filled by tasks or by processes to the same rows, and by nobody if one of them fails."""

from __future__ import annotations

import errno
import signal
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from shared.eventcore import filling
from shared.eventcore.filling import Crew, RebuildStopped
from shared.eventcore.keys import Keyring
from shared.eventcore.projection import View
from shared.eventcore.rebuild import rebuild
from shared.eventcore.testing.core import Core, event_core
from shared.eventcore.testing.toys import TOYS, Board, BoardRow, NoticeInitialled, toy_opener

BOARD: View = Board.view  # type: ignore[attr-defined]


@pytest_asyncio.fixture
async def core(database: str, tmp_path: Path) -> AsyncIterator[Core]:
    """Thirty notices, half of them initialled and some taken down, all applied."""
    async with event_core(database, keyring=Keyring.create(tmp_path / "keys")) as opened:
        await opened.set_up_views(BOARD)
        for i in range(30):
            receipt = await opened.pin(f"place {i}")
            for _ in range(i % 2):
                await opened.initial(receipt.stream_id)
            if i % 5 == 0:
                await opened.take_down(receipt.stream_id)
        await opened.catch_up(BOARD)
        yield opened


async def test_a_rebuild_by_several_processes_equals_one(core: Core, tmp_path: Path):
    crew = Crew(2, core.url, partial(toy_opener, tmp_path / "keys"))
    told: list[tuple[int, int]] = []
    done = await rebuild(
        core.pool, "toys", BOARD, core.opener, core.clock, crew=crew, progress=lambda d, t: told.append((d, t))
    )
    assert (done.equal, done.events, told[-1]) == (True, 51, (51, 51))


async def test_a_process_that_is_killed_stops_the_rebuild_and_leaves_the_live_view(core: Core):
    before = await core.rows("board.notice")
    crew = Crew(2, core.url, partial(signal.raise_signal, signal.SIGKILL))  # type: ignore[arg-type]
    with pytest.raises(RebuildStopped, match="board: one of the processes that filled it was ended from outside"):
        await rebuild(core.pool, "toys", BOARD, core.opener, core.clock, crew=crew)
    assert await core.rows("board.notice") == before
    assert (await rebuild(core.pool, "toys", BOARD, core.opener, core.clock)).equal, "and nothing stands in the way"


async def test_a_process_names_the_event_that_it_cannot_apply(core: Core, tmp_path: Path):
    bad = await core.pin("bad")
    await core.initial(bad.stream_id, "poison")
    crew = Crew(2, core.url, partial(toy_opener, tmp_path / "keys"))
    with pytest.raises(RebuildStopped, match=rf"initialled\.v1 at position \d+ of stream {bad.stream_id}: ValueError"):
        await rebuild(core.pool, "toys", BOARD, core.opener, core.clock, crew=crew)


async def test_a_file_that_a_handler_misses_is_the_events_fault_and_named(core: Core):
    """It used to count as an outage, as every OSError does, and said nothing of where."""

    def misses(tx, e):
        raise FileNotFoundError(errno.ENOENT, "no template")

    again = dict(BOARD.handlers) | {TOYS.by_class[NoticeInitialled].wire: misses}
    with pytest.raises(RebuildStopped, match=r"initialled\.v1 at position \d+ of stream .*: FileNotFoundError"):
        await rebuild(
            core.pool, "toys", View(BOARD.name, 2, BOARD.tables, again, BOARD.sources), core.opener, core.clock
        )


async def test_a_row_that_is_written_whole_again_is_found_and_replaced(core: Core, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(filling, "BATCH", 4)
    again = dict(BOARD.handlers) | {
        TOYS.by_class[NoticeInitialled].wire: lambda tx, e: tx.put(
            BoardRow, authority=e.authority, stream_id=e.stream_id, place="written again", words=None, author=None
        )
    }
    second = View(BOARD.name, 2, BOARD.tables, again, BOARD.sources)
    await rebuild(core.pool, "toys", second, core.opener, core.clock)
    assert sum(row["place"] == "written again" for row in await core.rows("board.notice")) == 12
    assert (await core.rows("board.place_count"))[0]["pinned"] == 24


async def test_what_arrives_after_a_rebuild_is_applied_from_where_it_ended(core: Core):
    await rebuild(core.pool, "toys", BOARD, core.opener, core.clock)
    await core.pin("gate")
    assert await core.catch_up(BOARD) == 1
    assert "gate" in {row["place"] for row in await core.rows("board.notice")}

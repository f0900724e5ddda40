"""Read models: applied once and in order, poison parked, rebuilt beside the live tables, rolled back."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.applying import apply, parked, retry_parked, skip_parked
from shared.eventcore.filling import RebuildStopped
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.rebuild import ViewsDiffer, rebuild, rollback
from shared.eventcore.recording import Recorded
from shared.eventcore.testing.core import Core, by, event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.eventcore.testing.toys import TOYS, Board, BoardRow, NoticeInitialled, NoticePinned, notices
from shared.eventcore.views import ViewReader, create_tables

BOARD: View = Board.view  # type: ignore[attr-defined]


@pytest_asyncio.fixture
async def core(database: str) -> AsyncIterator[Core]:
    async with event_core(database) as opened:
        await opened.set_up_views(BOARD)
        yield opened


async def board(core: Core, schema: str = "board") -> dict[str, tuple[str | None, int]]:
    return {r["place"]: (r["words"], r["initials"]) for r in await core.rows(f"{schema}.notice")}


async def test_a_batch_gives_the_same_rows_as_its_events_one_by_one(core: Core):
    for i in range(30):
        receipt = await core.pin(f"place {i}")
        for _ in range(i % 4):
            await core.initial(receipt.stream_id)
        if i % 5 == 0:
            await core.take_down(receipt.stream_id)
    await core.catch_up(BOARD, batch=7)
    in_sevens = await board(core), await core.rows("board.place_count")
    await rebuild(core.pool, "toys", BOARD, core.opener, core.clock, workers=1)
    assert (await board(core), await core.rows("board.place_count")) == in_sevens
    assert in_sevens[0]["place 3"] == ("Lost: one cat", 3)
    assert in_sevens[1] == [{"authority": by().authority, "pinned": 24}]


async def test_events_delivered_again_change_nothing(core: Core):
    receipt = await core.pin("pump")
    await core.initial(receipt.stream_id)
    events = await core.store.read(after=0)
    async with core.pool.acquire() as conn:
        first = await apply(conn, ViewReader(BOARD), "toys", events, core.opener, core.clock)
        again = await apply(conn, ViewReader(BOARD), "toys", [*events, *events], core.opener, core.clock)
    assert (first.events, again.events) == (2, 0)
    assert await board(core) == {"pump": ("Lost: one cat", 1)}


async def test_a_crash_between_rows_and_position_keeps_neither(core: Core):
    await core.pin("pump")
    events = await core.store.read(after=0)

    class Crash(BaseException):
        pass

    async def apply_and_crash() -> None:
        async with core.pool.acquire() as conn, conn.transaction():
            await apply(conn, ViewReader(BOARD), "toys", events, core.opener, core.clock)
            raise Crash

    with pytest.raises(Crash):
        await apply_and_crash()
    assert await board(core) == {}
    assert await core.catch_up(BOARD) == 1


async def test_two_workers_with_the_same_batch_apply_it_once(core: Core):
    for i in range(20):
        await core.pin(f"place {i}")
    events = await core.store.read(after=0)

    async def work() -> None:
        async with core.pool.acquire() as conn:
            await apply(conn, ViewReader(BOARD), "toys", events, core.opener, core.clock)

    await asyncio.gather(work(), work(), work())
    assert (await core.rows("board.place_count"))[0]["pinned"] == 20


async def test_poison_parks_its_stream_and_the_others_go_on(core: Core):
    bad, good = await core.pin("bad"), await core.pin("good")
    await core.initial(bad.stream_id, "poison")
    await core.initial(bad.stream_id)
    await core.initial(good.stream_id)
    await core.catch_up(BOARD)
    assert await board(core) == {"bad": ("Lost: one cat", 0), "good": ("Lost: one cat", 1)}
    async with core.pool.acquire() as conn:
        first, behind = await parked(conn)
    assert first["problem"].startswith("ValueError at shared.eventcore.testing.toys:")
    assert behind["problem"] == ""


async def test_later_events_of_a_parked_stream_wait_behind_it(core: Core):
    bad = await core.pin("bad")
    await core.initial(bad.stream_id, "poison")
    await core.catch_up(BOARD)
    await core.initial(bad.stream_id)
    await core.catch_up(BOARD)
    assert (await board(core))["bad"][1] == 0
    async with core.pool.acquire() as conn:
        assert len(await parked(conn)) == 2


async def test_a_mended_handler_takes_the_parked_events_up_in_order(core: Core, monkeypatch: pytest.MonkeyPatch):
    bad = await core.pin("bad")
    await core.initial(bad.stream_id, "poison")
    await core.initial(bad.stream_id)
    await core.catch_up(BOARD)
    wire = TOYS.by_class[NoticeInitialled].wire
    mended = dict(BOARD.handlers) | {
        wire: lambda tx, e: tx.increment(BoardRow, stream_id=e.stream_id, authority=e.authority, place="", initials=1)
    }
    reader = ViewReader(View(BOARD.name, BOARD.version, BOARD.tables, mended, BOARD.sources))
    async with core.pool.acquire() as conn:
        assert (await retry_parked(conn, ViewReader(BOARD), "toys", bad.stream_id, core.opener))[0] == 0
        assert await retry_parked(conn, reader, "toys", bad.stream_id, core.opener) == (2, "")
        assert await parked(conn) == []
    assert (await board(core))["bad"][1] == 2


async def test_a_skipped_event_lets_those_behind_it_through(core: Core):
    bad = await core.pin("bad")
    await core.initial(bad.stream_id, "poison")
    await core.initial(bad.stream_id)
    await core.catch_up(BOARD)
    async with core.pool.acquire() as conn:
        give_up = partial(skip_parked, by="operator-1", reason="entered twice", now=core.clock())
        assert await give_up(conn, "view:board", "toys", bad.stream_id)
        assert await retry_parked(conn, ViewReader(BOARD), "toys", bad.stream_id, core.opener) == (1, "")
        assert not await give_up(conn, "view:board", "toys", bad.stream_id)
    assert (await board(core))["bad"][1] == 1
    (kept,) = await core.rows("skipped")
    assert (kept["position"], kept["actor"], kept["reason"]) == (2, "operator-1", "entered twice")


async def test_a_rebuild_equals_the_live_view_and_says_so(core: Core):
    for i in range(50):
        await core.pin(f"place {i}")
    await core.catch_up(BOARD)
    told: list[tuple[int, int]] = []
    done = await rebuild(core.pool, "toys", BOARD, core.opener, core.clock, progress=lambda d, t: told.append((d, t)))
    assert (done.events, done.equal) == (50, True)
    assert told[-1] == (50, 50)
    assert len(await board(core)) == 50


async def test_a_rebuild_of_other_rows_is_not_swapped_in_unless_accepted(core: Core):
    await core.pin("pump")
    await core.catch_up(BOARD)
    await core.pool.execute("UPDATE board.notice SET words = 'changed by hand'")
    with pytest.raises(ViewsDiffer, match="notice: 2 rows differ"):
        await rebuild(core.pool, "toys", BOARD, core.opener, core.clock)
    assert (await board(core))["pump"][0] == "changed by hand"
    await rebuild(core.pool, "toys", BOARD, core.opener, core.clock, accept_difference=True)
    assert (await board(core))["pump"][0] == "Lost: one cat"


async def test_a_rebuild_never_skips_what_live_has_parked(core: Core):
    bad = await core.pin("bad")
    await core.initial(bad.stream_id, "poison")
    await core.catch_up(BOARD)
    with pytest.raises(RebuildStopped, match=r"notice-initialled\.v1 at position 2"):
        await rebuild(core.pool, "toys", BOARD, core.opener, core.clock)
    assert len(await board(core)) == 1


async def test_a_new_version_is_built_beside_the_old_and_rolled_back_at_once(core: Core):
    await core.pin("pump")
    await core.catch_up(BOARD)
    shouting = dict(BOARD.handlers) | {
        TOYS.by_class[NoticePinned].wire: lambda tx, e: tx.put(
            BoardRow,
            authority=e.authority,
            stream_id=e.stream_id,
            place=e.data.place,
            words="LOUD",
            author=e.data.author,
        )
    }
    second = View(BOARD.name, 2, BOARD.tables, shouting, BOARD.sources)
    assert await core.set_up_views(second) == [second]
    await rebuild(core.pool, "toys", second, core.opener, core.clock)
    assert (await board(core))["pump"][0] == "LOUD"
    assert await rollback(core.pool, "board") == 1
    assert (await board(core))["pump"][0] == "Lost: one cat"
    await core.pin("gate")
    await core.catch_up(BOARD)  # goes on from the position that the old tables had
    assert (await board(core))["gate"][0] == "Lost: one cat"


async def test_a_rebuild_while_events_arrive_loses_and_doubles_nothing(core: Core):
    for i in range(100):
        await core.pin(f"place {i}")
    await core.catch_up(BOARD)

    async def arrive() -> None:
        for i in range(100, 200):
            await core.pin(f"place {i}")
            await core.catch_up(BOARD)

    _, done = await asyncio.gather(arrive(), rebuild(core.pool, "toys", BOARD, core.opener, core.clock))
    await core.catch_up(BOARD)
    assert done.equal
    assert (await core.rows("board.place_count"))[0]["pinned"] == 200


async def test_an_erased_person_leaves_the_read_model_and_a_rebuild_agrees(core: Core):
    author = uuid4()
    await core.pin("pump", words="secret", author=author)
    await core.catch_up(BOARD)
    await core.execute.erase(author, legal_basis="x", asked_by="y", by=by())
    await core.catch_up(BOARD)
    assert (await board(core))["pump"][0] is None
    assert (await rebuild(core.pool, "toys", BOARD, core.opener, core.clock)).equal


async def test_the_api_role_reads_rows_of_its_authorities_only_and_writes_none(core: Core):
    await core.pin("pump")
    await core.catch_up(BOARD)
    api = await asyncpg.connect(as_api(core.url))
    try:
        assert await api.fetch("SELECT * FROM board.notice") == []
        await api.execute("SELECT set_config('moot.authorities', 'E07000001', false)")
        assert await api.fetch("SELECT * FROM board.notice") == []
        assert await api.fetch("SELECT * FROM event") == []
        await api.execute("SELECT set_config('moot.authorities', 'E07000001,E07000999', false)")
        assert len(await api.fetch("SELECT * FROM board.notice")) == 1
        for forbidden in (
            "DELETE FROM board.notice",
            "INSERT INTO event SELECT * FROM event",
            "SELECT nextval('event_position')",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await api.execute(forbidden)
    finally:
        await api.close()


async def test_a_view_that_lags_behind_an_erasure_writes_no_name(core: Core):
    """The erasure reaches the view first (another shard), the notice only then, from a process that knew the key."""
    author = uuid4()
    receipt = await core.pin("pump", words="secret", author=author)
    await core.execute.state(notices, receipt.stream_id, by().authority)  # the key is in this process's cache
    await core.execute.erase(author, legal_basis="x", asked_by="y", by=by())
    pinned, erased = await core.store.read(after=0)
    async with core.pool.acquire() as conn:
        await apply(conn, ViewReader(BOARD), "toys", [erased], core.opener, core.clock)
        await apply(conn, ViewReader(BOARD), "toys", [pinned], core.opener, core.clock)
    rows = await board(core)
    assert all(words is None for words, _ in rows.values())


class Card(ViewTable):
    __tablename__ = "card"
    holder: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[str] = mapped_column(Text)


@projection("cards", version=1, tables=[Card], registry=TOYS)
class Cards:
    @on(NoticePinned)
    async def issue(self, tx: ViewTransaction, e: Recorded[NoticePinned]) -> None:
        holder, _, colour = e.data.place.partition(" ")
        issued = await tx.select(Card, holder=holder)
        tx.put(Card, authority=e.authority, holder=holder, number=len(issued) + 1, colour=colour)


CARDS: View = Cards.view  # type: ignore[attr-defined]


async def test_a_handler_finds_what_its_batch_wrote_and_what_it_cannot_find_is_not_written_for_it(core: Core):
    async with core.pool.acquire() as conn:
        await create_tables(conn, CARDS, "cards")
        tx = ViewTransaction(conn, CARDS, "cards", set())
        tx.put(Card, authority="E07000999", holder="Ada", number=1, colour="green")
        tx.put(Card, authority="E07000999", holder="Ada", number=2, colour="blue")
        assert await tx.select(Card, holder="Bo") == []
        assert await core.rows("cards.card") == [], "a look at Bo's cards wrote Ada's"
        tx.change(Card, holder="Ada", number=1, colour="red")
        assert [row["colour"] for row in await tx.select(Card, colour="red")] == ["red"], (
            "not by the key: all is written first"
        )
        tx.remove(Card, holder="Ada", number=2)
        assert [row["colour"] for row in await tx.select(Card, holder="Ada")] == ["red"]
        tx.put(Card, authority="E07000999", holder="Bo", number=1, colour="green")
        assert (await tx.get(Card, holder="Bo", number=1) or {})["colour"] == "green"


async def test_a_view_that_looks_gives_the_same_rows_in_any_batches(core: Core):
    await core.set_up_views(CARDS)
    for i in range(20):
        await core.pin(f"{('Ada', 'Bo', 'Cy')[i % 3]} shade-{i}")
    await core.catch_up(CARDS, batch=20)
    in_one = await core.rows("cards.card")
    assert len(in_one) == 20
    await rebuild(core.pool, "toys", CARDS, core.opener, core.clock, workers=1)
    assert await core.rows("cards.card") == in_one

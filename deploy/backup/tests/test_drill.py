"""The drill: saved while it is in use, restored elsewhere, proven equal, and going on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from deploy.backup.cut import Reached, ahead_of_their_sources
from deploy.backup.manifest import MANIFEST, Manifest
from deploy.backup.restoring import STRETCH, Restored, Target, refuse_existing, restore_backup
from deploy.backup.taking import Source, copy_keys, take_backup
from deploy.local.broker import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.process import CannotRun, free_port
from deploy.preparation import prepare_databases
from deploy.topology import API_ROLE, CONTEXTS, DESK, database
from services.registration.anonymous.commands import TakeApplication
from services.registration.anonymous.decider import cases
from services.registration.anonymous.store import closed_store, desk, statements
from shared.eventcore.keys import Keyring
from shared.eventcore.projection import View
from shared.eventcore.sealer import seal_closed
from shared.eventcore.seals import Seal
from shared.eventcore.tailing import from_kafka
from shared.eventcore.testing.core import AUTHORITY, TODAY, Core, event_core
from shared.eventcore.testing.infrastructure import passable_directory
from shared.eventcore.testing.toys import Board

BOARD: View = Board.view  # type: ignore[attr-defined]
SAVED = ("registration", "elections")
PASSWORDS = dict.fromkeys((API_ROLE, *map(database, (*CONTEXTS, DESK))), "drill")


@dataclass(frozen=True)
class Place:
    """An installation: a server with empty databases, and keys."""

    server: LocalPostgres
    keys: Path

    def url(self, context: str) -> str:
        return f"postgresql://{database(context)}:drill@127.0.0.1:{self.server.port}/{database(context)}"

    @property
    def sources(self) -> dict[str, Source]:
        return {context: Source(self.url(context), self.keys / context) for context in SAVED}

    @asynccontextmanager
    async def core(self, context: str) -> AsyncIterator[Core]:
        async with event_core(self.url(context), context, keyring=Keyring.load(self.keys / context)) as opened:
            await opened.set_up_views(BOARD)
            yield opened


@asynccontextmanager
async def place(directory: Path, keys: Path | None = None) -> AsyncIterator[Place]:
    server = LocalPostgres(directory / "postgres", free_port(), durable=False)
    await asyncio.to_thread(server.start)
    try:
        if keys is not None:
            for context in SAVED:
                copy_keys(keys / context, directory / "keys" / context)
        await prepare_databases(server.url(), PASSWORDS, directory / "keys")
        yield Place(server, directory / "keys")
    finally:
        await asyncio.to_thread(server.stop)


async def working(core: Core, commands: int, street: str = "High Street") -> None:
    """Events, their view, and all but the last few under a seal."""
    for i in range(commands):
        await core.pin(f"{i} {street}")
        if i == commands - 3:
            async with core.pool.acquire() as conn:
                horizon = await conn.fetchval("SELECT event_horizon()")
                await seal_closed(conn, core.keyring.seal, core.context, horizon, TODAY, _unpublished)
    await core.catch_up(BOARD)


async def _unpublished(_: Seal) -> None: ...


async def an_anonymous_case(core: Core, keys: Path) -> None:
    """The store that registration keeps apart, with a sealed event."""
    async with core.pool.acquire() as conn, conn.transaction():
        for text in statements():
            await conn.execute(text)
    form = {"fn": "A", "ln": "Sample", "regproperty": "1", "regstreet": "High Street", "regpostcode": "ZZ1 1AA"}
    async with closed_store(core.url, keys, core.clock) as closed:
        case, person = closed.case_of("P-1", AUTHORITY)
        taken = TakeApplication(person, "P-1", "paper", "ordinary", date(2026, 3, 2), form)
        await closed.execute(cases, case, taken, by=desk(AUTHORITY))
        await closed.seal()


async def restored_into(there: Place, backup: Path, bootstrap: str) -> list[Restored]:
    target = Target({context: there.url(context) for context in SAVED}, bootstrap, there.keys)
    return await restore_backup(backup, Manifest.read(backup), target)


async def test_a_restored_system_has_equal_heads_and_projections_and_goes_on(own_kafka: LocalKafka):
    with passable_directory() as folder:
        async with place(folder / "here") as here, here.core("registration") as core, here.core("elections") as other:
            await working(core, 40)
            await working(other, 5)
            await an_anonymous_case(core, here.keys / "registration")
            busy = asyncio.create_task(working(core, 200, "Mill Lane"))  # nobody stops for a backup
            manifest = await take_backup(here.sources, folder / "backup", TODAY, keys_into=folder / "safe")
            await busy
        saved = manifest.contexts["registration"].standing
        assert saved.events >= 40
        async with place(folder / "there", keys=folder / "safe") as there:
            restored = await restored_into(there, folder / "backup", own_kafka.bootstrap)
            assert [(one.equal, one.differences, one.audit) for one in restored] == [(True, (), "")] * 2
            assert [(one.events, one.published) for one in restored] == [(saved.events, saved.events), (5, 5)]
            assert restored[0].head == restored[0].published_head == saved.head
            async with there.core("registration") as core:
                async with closed_store(core.url, there.keys / "registration", core.clock) as closed:
                    assert len(await closed.all_cases(AUTHORITY)) == 1, "the closed store came along, and opens"
                receipt = await core.pin("after the restore")
                assert receipt.position > STRETCH, "no position that was ever given is given again"
                await core.catch_up(BOARD)
                assert await core.pool.fetchval("SELECT count(*) FROM board.notice") == saved.events + 1
            topic = from_kafka(own_kafka.bootstrap, "registration", from_start=True)
            on_topic = {(await anext(topic)).position for _ in range(saved.events)}
            await topic.aclose()
            assert max(on_topic) == saved.last_position
            with pytest.raises(CannotRun, match="moothall_registration already"):
                await refuse_existing(there.server.url(), {"registration": None})


async def test_what_is_not_as_it_was_saved_is_told_and_wrong_files_and_keys_are_refused(own_kafka: LocalKafka):
    with passable_directory() as folder:
        async with place(folder / "here") as here, here.core("registration") as core, here.core("elections") as other:
            await working(core, 10)
            await working(other, 3)
            manifest = await take_backup(here.sources, folder / "backup", TODAY)
            assert not list(folder.glob("backup/**/*.key"))
            manifest.contexts["registration"].standing.projections["board"] = "another hash"
            manifest.write(folder / "backup")
            with pytest.raises(CannotRun, match="never written over"):
                await take_backup(here.sources, folder / "backup", TODAY)
            with pytest.raises(CannotRun, match="Keep the keys apart"):
                await take_backup(here.sources, folder / "next", TODAY, keys_into=folder / "next" / "keys")
        keys = folder / "here" / "keys"
        async with place(folder / "there", keys=keys) as there:
            first, second = await restored_into(there, folder / "backup", own_kafka.bootstrap)
            assert first.differences == ("board",)
            assert not first.equal
            assert second.equal
        shutil.copy(keys / "elections" / "master.key", keys / "registration" / "master.key")
        with pytest.raises(CannotRun, match=r"master\.key in .* not the key"):
            manifest.check_keys(keys)
        with (folder / "backup" / "registration.dump").open("ab") as archive:
            archive.write(b"!")
        with pytest.raises(CannotRun, match="not the file that was saved"):
            manifest.check_files(folder / "backup")
        (folder / "backup" / MANIFEST).unlink()
        with pytest.raises(CannotRun, match="is no backup"):
            Manifest.read(folder / "backup")


def test_no_reader_in_a_cut_knows_an_event_of_which_its_source_has_not_the_store():
    stored = Reached({3: 17, 4: 9})
    reader = {"registration": {3: 17, 4: 8}}
    assert ahead_of_their_sources({"registration": stored, "elections": Reached({}, reader)}) == []
    reader["registration"][4] = 10
    assert ahead_of_their_sources({"registration": stored, "elections": Reached({}, reader)}) == ["elections"]

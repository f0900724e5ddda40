"""What an operator sees of the readers and seals through the API, and has tried again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from shared.eventcore.applying import apply
from shared.eventcore.keys import Keyring
from shared.eventcore.policy import policy
from shared.eventcore.projection import View
from shared.eventcore.retrying import Retrying
from shared.eventcore.sealer import seal_closed
from shared.eventcore.testing.core import AUTHORITY, Core, event_core
from shared.eventcore.testing.infrastructure import as_api
from shared.eventcore.testing.toys import TOYS, Board, NoticePinned
from shared.eventcore.views import ViewReader
from shared.service.app import create_app
from shared.service.operations import router
from shared.service.runtime import open_core, workers_of
from shared.service.service import Service
from shared.service.settings import Role
from shared.service.tests.provider import OTHER_COUNCIL, Provider, client_of, provider, settings_for

BOARD: View = Board.view  # type: ignore[attr-defined]
SERVICE = Service("toys", "Toys", Path(), views=(BOARD,), registry=TOYS)
NO_PONDS = "ALTER TABLE board.notice ADD CONSTRAINT hampered CHECK (place <> 'pond')"
PONDS = "ALTER TABLE board.notice DROP CONSTRAINT hampered"


@dataclass
class Office:
    """The API as an officer reaches it, the toys behind it, and the provider that signs who asks."""

    api: httpx.AsyncClient
    toys: Core
    idp: Provider

    async def ask(
        self, method: str, path: str, *, role: str = "operator", authority: str = AUTHORITY, **more: Any
    ) -> httpx.Response:
        signed = self.idp.bearer(roles=[role], authorities=[authority])
        return await self.api.request(method, f"/operations/{path}", headers=signed, **more)

    async def apply_all(self) -> None:
        events = await self.toys.store.read(after=0)
        async with self.toys.pool.acquire() as conn:
            await apply(conn, ViewReader(BOARD), "toys", events, self.toys.opener, self.toys.clock)

    def retrying(self) -> Retrying:
        return Retrying([ViewReader(BOARD)], self.toys.pool, self.toys.opener, self.toys.clock)


@pytest_asyncio.fixture
async def office(database: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with provider() as idp, event_core(database) as toys:
        await toys.set_up_views(BOARD)
        Keyring.create(tmp_path / "keys")
        settings = settings_for(idp.issuer, tmp_path / "keys", context="toys")
        async with open_core(SERVICE, settings, as_api(database)) as core:
            app = create_app("Toys", [router], settings, parts=[core.attach])
            async with client_of(app) as client:
                yield Office(client, toys, idp)


@pytest_asyncio.fixture
async def parked(office: Office) -> dict[str, Any]:
    """Two events of one stream that the board could not take in, since ponds are forbidden; one of another that it could."""
    await office.toys.pool.execute(NO_PONDS)
    pond = await office.toys.pin("pond")
    await office.toys.initial(pond.stream_id)
    await office.toys.pin("pump")
    await office.apply_all()
    return {"consumer": "view:board", "source": "toys", "stream_id": str(pond.stream_id)}


async def test_who_is_behind_is_told_by_reader_and_shard(office: Office):
    receipts = [await office.toys.pin(f"place {n}") for n in range(3)]
    standing = {each["reader"]: each for each in (await office.ask("GET", "readers")).json()}
    assert {reader: each["behind"] for reader, each in standing.items()} == {"relay": 3, "view:board": 3}
    assert {shard["shard"] for shard in standing["relay"]["shards"]} == {receipt.shard for receipt in receipts}
    await office.apply_all()
    standing = {each["reader"]: each for each in (await office.ask("GET", "readers")).json()}
    assert standing["view:board"]["behind"] == 0
    assert standing["view:board"]["oldest"] is None
    assert standing["relay"]["behind"] == 3
    assert standing["relay"]["oldest"] is not None


async def test_what_is_parked_is_listed_with_its_problem_and_what_waits_behind_it(
    office: Office, parked: dict[str, Any]
):
    failed, waiting = (await office.ask("GET", "parked")).json()
    assert failed["stream_id"] == waiting["stream_id"] == parked["stream_id"]
    assert "CheckViolation" in failed["problem"]
    assert not waiting["problem"]
    assert "pond" not in str(failed), "an operator sees no content"


async def test_a_sequence_that_an_operator_has_tried_again_is_applied_in_order(office: Office, parked: dict[str, Any]):
    await office.toys.pool.execute(PONDS)
    assert (await office.ask("PUT", "parked/retries", json=parked)).status_code == 202
    assert (await office.ask("PUT", "parked/retries", json=parked)).status_code == 202, "asked twice is asked once"
    assert all(event["asked_at"] for event in (await office.ask("GET", "parked")).json())
    retrying = office.retrying()
    await retrying.look()
    assert retrying.retried == 1
    assert (await office.ask("GET", "parked")).json() == []
    assert await office.toys.pool.fetchval("SELECT initials FROM board.notice WHERE place = 'pond'") == 1


async def test_what_fails_again_stays_parked_and_may_be_asked_for_again(office: Office, parked: dict[str, Any]):
    await office.ask("PUT", "parked/retries", json=parked)
    await office.retrying().look()
    failed, waiting = (await office.ask("GET", "parked")).json()
    assert (failed["attempts"], failed["asked_at"], waiting["attempts"]) == (2, None, 1)


async def test_another_councils_parked_events_are_neither_seen_nor_tried(office: Office, parked: dict[str, Any]):
    assert (await office.ask("GET", "parked", authority=OTHER_COUNCIL)).json() == []
    assert (await office.ask("PUT", "parked/retries", authority=OTHER_COUNCIL, json=parked)).status_code == 404
    assert await office.toys.pool.fetchval("SELECT count(*) FROM parked_retry") == 0


async def test_only_an_operator_has_something_tried_again(office: Office, parked: dict[str, Any]):
    answers = [await office.ask("PUT", "parked/retries", role="registration-officer", json=parked)]
    answers += [await office.ask("GET", path, role="registration-officer") for path in ("readers", "parked", "seals")]
    assert {answer.status_code for answer in answers} == {404}


async def test_the_chain_of_seals_is_checked_link_by_link(office: Office):
    async def publish(seal: Any) -> None: ...

    for place in ("pump", "gate", "well"):
        await office.toys.pin(place)
        horizon = await office.toys.pool.fetchval("SELECT event_horizon()")
        async with office.toys.pool.acquire() as conn:
            await seal_closed(conn, office.toys.keyring.seal, "toys", horizon, office.toys.clock(), publish)
    await office.toys.pin("unsealed")
    chain = (await office.ask("GET", "seals", role="auditor")).json()
    assert (chain["verified"], chain["checked"], chain["unsealed"]) == (True, 3, 1)
    assert [seal["number"] for seal in chain["seals"]] == [3, 2, 1]

    await office.toys.pool.execute("ALTER TABLE seal DISABLE TRIGGER ALL")
    await office.toys.pool.execute(
        "UPDATE seal SET seal = replace(seal, '\"count\":1', '\"count\":2') WHERE number = 2"
    )
    forged = (await office.ask("GET", "seals")).json()
    assert not forged["verified"]
    assert {seal["number"]: seal["fault"] for seal in forged["seals"]} == {
        1: "", 2: "changed-seal", 3: "broken-seal-chain",
    }  # fmt: skip


@policy("when_notice_pinned_then_the_board_is_looked_at", on=[NoticePinned], registry=TOYS)
def looked_at(event: Any) -> Any:
    return []


async def test_a_policy_that_looks_at_a_view_finds_its_tables_although_the_views_role_has_not_begun(
    database: str, tmp_path: Path
):
    Keyring.create(tmp_path / "keys")
    settings = settings_for("https://issuer.example", tmp_path / "keys", context="toys")
    service = Service("toys", "Toys", Path(), views=(BOARD,), policies=(looked_at,), registry=TOYS)
    stop = asyncio.Event()
    stop.set()
    async with event_core(database) as toys, open_core(service, settings, database) as core:
        await workers_of(core, [Role.POLICIES])["policies"].run(stop)
        assert await toys.rows("board.notice") == []

"""Absent votes follow the entry off the register and back, on a real store, by the policy that carries both out."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.registration.absent_votes.commands import AppointProxy, GrantPostalVote, Proxy
from services.registration.absent_votes.decider import absent_votes
from services.registration.electors.commands import MergeElector, UndoMerge
from services.registration.tests.conftest import Desk
from shared.eventcore.testing.core import AUTHORITY
from shared.events.registration import ProxyRefused
from shared.events.values import AddressLines, ElectorId, PersonId, PersonName, absent_votes_id

APPLIED, ON = datetime(2026, 3, 2, 12, tzinfo=UTC), date(2026, 3, 2)
BEN = Proxy(PersonId(UUID(int=3)), PersonName("Ben", "Fern"), AddressLines("2", "Sea Road", postcode="MT9 9ZZ"))


async def elector_numbered(desk: Desk, number: int) -> tuple[ElectorId, PersonId]:
    return await desk.office.add(await desk.office.property(), number)


async def appoint_ben(desk: Desk, elector: ElectorId, person: PersonId) -> None:
    command = AppointProxy(elector, person, "indefinite", BEN, APPLIED, ON, ground="registered-blind")
    await desk.office.do(absent_votes, absent_votes_id(elector), command)


async def merged(desk: Desk, elector: ElectorId, into: ElectorId) -> None:
    await desk.office.change(elector, MergeElector(into, ON, "one", "another"))


async def arrangements(desk: Desk, elector: ElectorId):
    return (await desk.office.core.execute.state(absent_votes, absent_votes_id(elector), AUTHORITY)).state


async def test_an_undone_merge_gives_the_elector_the_postal_vote_back(desk: Desk):
    stays, _ = await elector_numbered(desk, 1)
    goes, person = await elector_numbered(desk, 2)
    by_post = GrantPostalVote(goes, person, "maximum", APPLIED, ON)
    await desk.office.do(absent_votes, absent_votes_id(goes), by_post)
    await merged(desk, goes, stays)
    await desk.follow()
    assert not (await arrangements(desk, goes)).grants
    await desk.office.change(goes, UndoMerge(date(2026, 5, 11)))
    await desk.follow()
    [grant] = (await arrangements(desk, goes)).grants
    assert (grant.restored, grant.valid_until) == (True, date(2029, 1, 31))
    await desk.office.a_rebuild_is_equal("absent_voters")
    counted = [row for row in await desk.office.core.rows("counted.fact") if row["figure"] == "absent-votes-granted"]
    assert len(counted) == 1, "nobody applied anew"


async def test_policies_that_were_down_find_the_end_and_the_restoring_in_their_order(desk: Desk):
    stays, _ = await elector_numbered(desk, 1)
    goes, person = await elector_numbered(desk, 2)
    await appoint_ben(desk, goes, person)
    await merged(desk, goes, stays)
    await desk.office.change(goes, UndoMerge(date(2026, 5, 11)))
    await desk.follow()
    [ben] = (await arrangements(desk, goes)).proxies
    assert ben.appointed.restored


async def test_a_proxy_who_took_on_others_meanwhile_is_not_restored_and_the_elector_is_told(desk: Desk):
    stays, _ = await elector_numbered(desk, 1)
    goes, person = await elector_numbered(desk, 2)
    await appoint_ben(desk, goes, person)
    await merged(desk, goes, stays)
    await desk.follow()
    for number in (3, 4):  # two domestic electors: as many as the law leaves one proxy
        await appoint_ben(desk, *await elector_numbered(desk, number))
    await desk.office.change(goes, UndoMerge(date(2026, 5, 11)))
    await desk.follow()
    assert not (await arrangements(desk, goes)).proxies
    core = desk.office.core
    async with core.pool.acquire() as conn:
        history = await core.opener.open(conn, await core.store.stream(absent_votes_id(goes), AUTHORITY))
    assert isinstance(history[-1].data, ProxyRefused)
    assert history[-1].data.reasons == ("proxy-limits",)

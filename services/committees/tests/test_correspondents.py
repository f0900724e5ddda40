"""How committees tells another service where to write to a member."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from services.committees.members.decider import ChangeContact, LeaveOffice, members
from services.committees.tests.sentences import person
from shared.eventcore.testing.core import by
from shared.events.values_committees import MemberId, OfficeContact

HOPPER = MemberId(uuid4())


@pytest.fixture
async def ask(office, client):
    await office.elect(HOPPER, "Grace", "Hopper")

    async def asking(member=HOPPER, **claims):
        headers = client.idp.bearer(**{"roles": ["correspondence"], **claims})
        return await client.get(f"/correspondents/member/{member}", headers=headers)

    return asking


async def test_a_member_is_written_to_with_title_at_the_town_hall(ask):
    assert (await ask()).json() == {
        "name": "Councillor Grace Hopper", "lines": ["Town Hall", "Gavelford", "ZZ1 1AA"],
        "email": "grace@mootshire.example", "phone": "01632 960001", "facts": {},
    }  # fmt: skip


async def test_the_latest_contact_counts_also_after_the_term(ask, office):
    now = OfficeContact("new@mootshire.example", "", ("1 Quay",))
    await office.do(members, HOPPER, ChangeContact(now), LeaveOffice(date(2026, 9, 1), "resigned"))
    answer = (await ask()).json()
    assert (answer["lines"], answer["email"], answer["phone"]) == (["1 Quay"], "new@mootshire.example", "")


async def test_an_erased_member_is_gone(ask, office):
    await office.core.execute.erase(person(HOPPER), legal_basis="UK GDPR art.17", asked_by="them", by=by())
    office.core.keys._cache.clear()
    answer = await ask()
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:moothall:problem:person-erased")


async def test_a_stranger_another_council_and_another_role_find_nobody(ask):
    assert (await ask(uuid4())).status_code == 404
    assert (await ask(authorities=["E07000041"])).status_code == 404
    assert (await ask(roles=["dem-services", "finance-clerk"])).status_code == 404


async def test_that_it_was_read_is_on_record(ask, client):
    await ask()
    (read,) = (await client.get(f"/reads?record={HOPPER}", headers=client.idp.bearer(roles=["dpo"]))).json()
    assert read["kind"] == "correspondent"

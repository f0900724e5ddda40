"""An officer sees what they have done themselves, in numbers, and nothing of others."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from services.registration.properties.decider import RetireProperty, properties
from shared.eventcore.testing.core import by

LATER = "2100-01-01T00:00:00Z"


@pytest.fixture
def as_officer(client):
    def named(subject: str) -> dict[str, str]:
        return client.idp.bearer(sub=subject, roles=["registration-officer"])

    return named


async def test_own_acts_are_counted_by_type_and_reads_by_record(office, client, as_officer):
    home = await office.property()
    identity, _ = await office.apply(home=home)
    await office.catch_up()
    mine, others = as_officer("officer-1"), as_officer("officer-2")
    await client.get(
        f"/applications/{uuid4()}", headers=mine
    )  # every look is written down, also one that finds nothing
    me = await office.core.pool.fetchval("SELECT actor FROM read_log")
    await office.core.execute(properties, home, RetireProperty(home, "Pulled down"), by=by(actor=me))
    for _ in range(2):
        assert (await client.get(f"/applications/{identity}", headers=others)).status_code == 200
    await office.catch_up()

    async def acts(who, **params):
        before = office.core.clock()
        found = (await client.get("/own-acts", headers=who, params=params)).json()
        assert before <= datetime.fromisoformat(found.pop("as_of")) <= office.core.clock()
        return found

    assert await acts(mine) == {
        "recorded": {"property-retired.v1": 1},
        "looked_at": {"application": 1},
        "released_by_others": 0,
    }
    assert await acts(others) == {"recorded": {}, "looked_at": {"application": 1}, "released_by_others": 0}
    assert (await acts(mine, since=LATER))["recorded"] == {}


async def test_who_does_not_work_with_the_register_has_no_acts_there(client):
    assert (await client.get("/own-acts", headers=client.idp.bearer(roles=["member"]))).status_code == 404

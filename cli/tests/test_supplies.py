"""`moot supplies verify` against the registration API on a socket: every file of the ledger made again."""

from __future__ import annotations

from cli.tests.conftest import moot
from cli.tests.test_figures import office
from services.registration.supply.tests.test_supplies import PARTY, released
from services.registration.tests.conftest import Desk, desk
from shared.eventcore.execute import subject_stream

__all__ = ["desk", "office"]


async def test_every_copy_is_made_again_and_an_erasure_is_named_and_no_fault(office: Desk):
    _, person = await office.office.add(await office.office.property(), 1)
    await office.follow()
    copies = [await released(office, PARTY), await released(office, PARTY, form="print")]
    proven = await moot("supplies", "verify", "--json")
    assert (proven.code, proven.data) == (0, {"files": 2, "equal": 2, "erased": [], "differing": []})
    await office.office.erase(person)
    await office.follow()
    changed = await moot("supplies", "verify", "--json")
    assert (changed.code, changed.data["equal"], changed.data["differing"]) == (0, 0, [])
    assert {each["supply_id"] for each in changed.data["erased"]} == set(copies)
    one = await moot("supplies", "verify", "--supply", copies[0])
    assert one.code == 0
    assert "Made again: 1. Equal: 0. Equal but for persons erased: 1. Differing: 0." in one.out
    assert f"{copies[0]}: 1 erased by {subject_stream(person)}@" in one.out


async def test_a_copy_that_nobody_made_is_told_in_a_sentence(office: Desk):
    told = await moot("supplies", "verify", "--supply", "00000000-0000-4000-8000-000000000000")
    assert told.code == 1
    assert told.err + told.out

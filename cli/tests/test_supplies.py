"""`moot supplies verify` against the registration API on a socket: every file of the ledger made again."""

from __future__ import annotations

from cli.tests.conftest import moot
from cli.tests.test_figures import office
from services.registration.supply.tests.test_supplies import PARTY, released
from services.registration.tests.conftest import Desk, desk

__all__ = ["desk", "office"]


async def test_every_copy_is_made_again_and_one_whose_person_was_erased_is_named(office: Desk):
    _, person = await office.office.add(await office.office.property(), 1)
    await office.follow()
    copies = [await released(office, PARTY), await released(office, PARTY, form="print")]
    proven = await moot("supplies", "verify", "--json")
    assert (proven.code, proven.data) == (0, {"files": 2, "equal": 2, "differing": []})
    await office.office.erase(person)
    await office.follow()
    changed = await moot("supplies", "verify", "--json")
    assert changed.code == 1
    assert {each["supply_id"] for each in changed.data["differing"]} == set(copies)
    one = await moot("supplies", "verify", "--supply", copies[0])
    assert one.code == 1
    assert "Made again: 1. Equal: 0. Differing: 1." in one.out


async def test_a_copy_that_nobody_made_is_told_in_a_sentence(office: Desk):
    told = await moot("supplies", "verify", "--supply", "00000000-0000-4000-8000-000000000000")
    assert told.code == 1
    assert told.err + told.out

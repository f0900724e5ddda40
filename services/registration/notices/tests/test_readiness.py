"""What stands in the way of a publication, and what does not."""

from __future__ import annotations

from services.registration.anonymous.tests.office import applied
from services.registration.tests.conftest import Desk


async def test_an_anonymous_entry_has_no_address_to_print_and_keeps_no_register_from_being_published(desk: Desk):
    await (await applied(desk)).granted()
    found = (await desk.get("/notices/blockers?kind=revised-register&on=2026-05-02")).json()
    assert "entry-without-an-address" not in [blocker["rule"] for blocker in found]
